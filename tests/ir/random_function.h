// A random well-formed program, from a seed: nested scopes and loops, integers of both widths, memory accesses around constants and
// arguments, a shadow stack pointer in global 0, calls of the function before.
#pragma once
#include <random>

#include "ir/program.h"

namespace rustg::ir::testing {

Program random_program(std::mt19937& random);
// Arguments that are near where things change: 0, the end of memory, the end of 32 bits.
uint64_t random_argument(std::mt19937& random);

}  // namespace rustg::ir::testing
