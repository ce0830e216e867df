// For every integer value the largest it can be, read as unsigned: from masks, narrow loads, shifts, comparisons. One walk in block
// order; nothing is known of parameters.
#pragma once
#include "ir/function.h"

namespace rustg::ir {

std::vector<uint64_t> upper_bounds(const Function& f);

}  // namespace rustg::ir
