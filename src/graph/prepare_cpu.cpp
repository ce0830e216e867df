#include "device/cpu/queue.h"
#include "graph/prepare.pass.h"

namespace rustg::graph {
RUSTG_PREPARE_FOR(, device::cpu::Queue)
}
