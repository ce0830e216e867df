// Checks every rule of function.h, program.h and op.def: shapes of the columns, indices in range, scopes and the
// branches they allow, types of operands, edges and calls, definitions that dominate their uses. All errors are
// collected, as far as one does not rest on another: a function whose shape is broken is looked at no further.
#pragma once
#include <string>
#include <vector>

#include "ir/program.h"

namespace rustg::ir {

// One line an error, naming function, block and instruction. Empty: the program is well-formed.
std::vector<std::string> verify(const Program& program);

}  // namespace rustg::ir
