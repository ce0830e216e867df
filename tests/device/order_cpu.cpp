#include "device/cpu/queue.h"
#include "device/order.pass.h"

namespace rustg::device {

template void compaction_keeps_order(cpu::Queue&);
template void runs_are_reduced(cpu::Queue&);
template void pairs_are_sorted(cpu::Queue&);
template void long_keys_are_sorted(cpu::Queue&);
template void only_some_bits_are_sorted(cpu::Queue&);
template void sorts_read_their_length_on_the_device(cpu::Queue&);

}  // namespace rustg::device
