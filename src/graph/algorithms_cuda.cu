#include "device/cuda/queue.cuh"
#include "graph/algorithms.pass.h"

namespace rustg::graph {
RUSTG_GRAPH_FOR(, device::cuda::Queue)
}
