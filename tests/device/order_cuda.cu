#include "device/cuda/queue.cuh"
#include "device/order.pass.h"

namespace rustg::device {

template void compaction_keeps_order(cuda::Queue&);
template void runs_are_reduced(cuda::Queue&);
template void pairs_are_sorted(cuda::Queue&);
template void long_keys_are_sorted(cuda::Queue&);
template void only_some_bits_are_sorted(cuda::Queue&);
template void sorts_read_their_length_on_the_device(cuda::Queue&);

}  // namespace rustg::device
