#include "device/cuda/queue.cuh"
#include "graph/communities.pass.h"
namespace rustg::graph {
RUSTG_COMMUNITIES_FOR(, device::cuda::Queue)
}
