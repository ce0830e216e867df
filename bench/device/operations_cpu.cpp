#include "device/cpu/queue.h"
#include "operations.pass.h"

template std::vector<rustg::bench::Measurement> rustg::bench::measure(rustg::device::cpu::Queue&, uint32_t);
