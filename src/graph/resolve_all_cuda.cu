#include "device/cuda/queue.cuh"
#include "graph/resolve_all.pass.h"

namespace rustg::graph {
RUSTG_RESOLVE_ALL_FOR(, device::cuda::Queue)
}
