// The value of a pure integer operation on constants.
#pragma once
#include <optional>

#include "ir/function.h"

namespace rustg::ir {

// `type` is the result's, `operand` the operands'. Constants are zero-extended to 64 bits, and so is the result. Nothing where the
// operation would trap or is not of integers.
std::optional<uint64_t> fold_constant(Op op, Type type, Type operand, uint64_t a, uint64_t b);

}  // namespace rustg::ir
