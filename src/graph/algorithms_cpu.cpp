#include "device/cpu/queue.h"
#include "graph/algorithms.pass.h"

namespace rustg::graph {
RUSTG_GRAPH_FOR(, device::cpu::Queue)
}
