#include "device/cuda/queue.cuh"
#include "parse/views.pass.h"

namespace rustg::parse::test {

template void look_at_views(device::cuda::Queue&, const TreeRef&, device::Count, uint8_t*, uint32_t*);

}  // namespace rustg::parse::test
