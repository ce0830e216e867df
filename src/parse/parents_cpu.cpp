#include "parse/parents.pass.h"

namespace rustg::parse {

template void parents(device::cpu::Queue&, const TreeRef&, device::Count, uint32_t*);

}  // namespace rustg::parse
