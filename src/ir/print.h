// The printed form of the IR; docs/ir.md shows it. It is complete: `parse` gives back an equal program.
#pragma once
#include <string>

#include "ir/program.h"

namespace rustg::ir {

std::string print(const Program& program);
// One function, as it stands in its program's printed form.
std::string print(const Program& program, FunctionId function);
// One instruction, without its line end; for messages.
std::string print_instruction(const Function& function, uint32_t instruction);

}  // namespace rustg::ir
