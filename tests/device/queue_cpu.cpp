#include "device/cpu/queue.h"
#include "device/queue.pass.h"

namespace rustg::device {

template void for_each_reaches_every_item_once(cpu::Queue&);
template void chunks_cover_all_items(cpu::Queue&);
template void memory_is_reused(cpu::Queue&);
template void scratch_is_divided(cpu::Queue&);
template void copies_arrive(cpu::Queue&);
template void counts_above_the_bound_are_clamped(cpu::Queue&);
template void a_captured_pipeline_replays(cpu::Queue&);
template void a_pipeline_does_not_wait(cpu::Queue&);

}  // namespace rustg::device
