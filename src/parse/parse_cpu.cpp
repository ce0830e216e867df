#include "parse/parse.pass.h"

namespace rustg::parse {

template class Tree<device::cpu::Queue>;
template void parse(device::cpu::Queue&, const source::Sources&, const lex::Tokens<device::cpu::Queue>&,
                    Tree<device::cpu::Queue>&);
template void parse_reserved(device::cpu::Queue&, const source::Sources&, const lex::Tokens<device::cpu::Queue>&,
                    Tree<device::cpu::Queue>&);

}  // namespace rustg::parse
