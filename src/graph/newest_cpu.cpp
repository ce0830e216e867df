#include "device/cpu/queue.h"
#include "graph/newest.pass.h"

namespace rustg::graph {
RUSTG_NEWEST_FOR(, device::cpu::Queue)
}
