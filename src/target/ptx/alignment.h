// Which values are multiples of which power of two. PTX loads fault on unaligned addresses, and a check that need not be made is
// the cheapest one. Above all this proves the shadow stack's pointer aligned: a global that starts out a multiple of 16 and is
// only ever set to itself plus or minus multiples of 16.
#pragma once
#include "target/ptx/facts.h"

namespace rustg::ptx {

// Per value of `function`, given the program-wide facts: log2 of its alignment.
std::vector<uint8_t> value_alignment(const ir::Program& program, ir::FunctionId function, const Facts& facts);

// Fill in the program-wide alignments of `facts`: the greatest fixpoint, from "everything is aligned" down.
void infer_alignment(const ir::Program& program, Facts& facts, std::span<const ir::FunctionId> entries);

}  // namespace rustg::ptx
