#include "device/cuda/queue.cuh"
#include "graph/prepare.pass.h"

namespace rustg::graph {
RUSTG_PREPARE_FOR(, device::cuda::Queue)
}
