#include "device/cuda/queue.cuh"
#include "device/scan.pass.h"

namespace rustg::device {

template void sums_are_scanned(cuda::Queue&);
template void maps_are_scanned_in_order(cuda::Queue&);
template void automata_are_scanned(cuda::Queue&);
template void chunks_are_scanned(cuda::Queue&);
template void segments_are_scanned(cuda::Queue&);
template void scans_read_their_length_on_the_device(cuda::Queue&);
template void reductions_keep_order(cuda::Queue&);

}  // namespace rustg::device
