#include "device/cuda/queue.cuh"
#include "operations.pass.h"

template std::vector<rustg::bench::Measurement> rustg::bench::measure(rustg::device::cuda::Queue&, uint32_t);
