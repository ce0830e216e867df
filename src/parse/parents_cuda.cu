#include "device/cuda/queue.cuh"
#include "parse/parents.pass.h"

namespace rustg::parse {

template void parents(device::cuda::Queue&, const TreeRef&, device::Count, uint32_t*);

}  // namespace rustg::parse
