#include "device/cpu/queue.h"
#include "graph/resolve_all.pass.h"

namespace rustg::graph {
RUSTG_RESOLVE_ALL_FOR(, device::cpu::Queue)
}
