#include "device/cuda/queue.cuh"
#include "device/queue.pass.h"

namespace rustg::device {

template void for_each_reaches_every_item_once(cuda::Queue&);
template void chunks_cover_all_items(cuda::Queue&);
template void memory_is_reused(cuda::Queue&);
template void scratch_is_divided(cuda::Queue&);
template void copies_arrive(cuda::Queue&);
template void counts_above_the_bound_are_clamped(cuda::Queue&);
template void a_captured_pipeline_replays(cuda::Queue&);
template void a_pipeline_does_not_wait(cuda::Queue&);

}  // namespace rustg::device
