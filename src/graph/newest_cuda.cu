#include "device/cuda/queue.cuh"
#include "graph/newest.pass.h"

namespace rustg::graph {
RUSTG_NEWEST_FOR(, device::cuda::Queue)
}
