#include "lex/lex.pass.h"

namespace rustg::lex {
RUSTG_LEX_FOR(, device::cpu::Queue)
}  // namespace rustg::lex
