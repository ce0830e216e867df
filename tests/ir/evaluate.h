// Runs one function of the IR as op.def says, written to be obviously right. It stands apart from all that it tests: integers,
// branches, loads, stores, guards and calls of functions of the same kind.
#pragma once
#include "ir/program.h"

namespace rustg::ir::testing {

struct Run {
  enum class End : uint8_t { returned, trapped, out_of_steps, unsound } end = End::returned;
  Trap trap = Trap::none;
  std::vector<uint64_t> results;
  std::vector<uint8_t> memory;
  std::vector<uint64_t> globals;
  uint64_t checks = 0;  // accesses and guards that compared an address with the size
};

// `unsound`: an unchecked access was out of bounds.
Run evaluate(const Program& program, FunctionId function, const std::vector<uint64_t>& args, uint64_t max_steps);

}  // namespace rustg::ir::testing
