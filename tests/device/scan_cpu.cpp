#include "device/cpu/queue.h"
#include "device/scan.pass.h"

namespace rustg::device {

template void sums_are_scanned(cpu::Queue&);
template void maps_are_scanned_in_order(cpu::Queue&);
template void automata_are_scanned(cpu::Queue&);
template void chunks_are_scanned(cpu::Queue&);
template void segments_are_scanned(cpu::Queue&);
template void scans_read_their_length_on_the_device(cpu::Queue&);
template void reductions_keep_order(cpu::Queue&);

}  // namespace rustg::device
