#include "lex/lex.pass.h"

namespace rustg::lex {

template class Tokens<device::cpu::Queue>;
template void lex(device::cpu::Queue&, const source::Sources&, Tokens<device::cpu::Queue>&);
template void lex_reserved(device::cpu::Queue&, const source::Sources&, Tokens<device::cpu::Queue>&);

}  // namespace rustg::lex
