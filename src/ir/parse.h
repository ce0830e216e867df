// Reads the printed form of a program (print.h, docs/ir.md). Comments run from `;` to the end of the line.
#pragma once
#include <string_view>

#include "base/result.h"
#include "ir/program.h"

namespace rustg::ir {

// The error says "line:column: what is wrong". What parses need not be well-formed: that is `verify`'s to say.
// Values may carry any numbers; in the function they are the instructions' indices.
Result<Program> parse(std::string_view text);

}  // namespace rustg::ir
