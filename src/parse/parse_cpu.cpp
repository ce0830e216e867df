#include "parse/parse.pass.h"

namespace rustg::parse {

RUSTG_PARSE_FOR(, device::cpu::Queue)

}  // namespace rustg::parse
