#include "device/cuda/queue.cuh"
#include "lex/lex.pass.h"

namespace rustg::lex {
RUSTG_LEX_FOR(, device::cuda::Queue)
}  // namespace rustg::lex
