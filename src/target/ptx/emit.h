// ir → PTX: a program as relocatable units, to be assembled on their own and linked with the runtime's. docs/ptx.md says how
// the code looks and why.
//
// Every function n of the program becomes
//     .visible .func (.param .align 8 .b8 ret[]) f_<n>(.param .b64 instance, .param .b32 depth, .param <type> p0, …)
// ret: a status (u32) at 0, then the results, each at its natural alignment. status 0: returned. Otherwise the low 8 bits are
// the ir::Trap and the rest is the number of the function that ended, which its caller records. `depth`: how many calls may
// still be nested. The runtime's entrance is
//     .visible .func (.param .b32 trap) rustg_invoke(.param .b64 instance, .param .b32 function, .param .b64 slots)
// which calls one of Options::entries with its arguments in value slots, leaves the results there, returns the ir::Trap and has
// recorded the frames in instance.outcome (not outcome.trap and exit_code). The instance, its memories (16-byte aligned), tables
// and globals lie in global memory; slots may be anywhere.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "ir/program.h"

namespace rustg::ptx {

// Units of about this much text keep 16 cores busy on a program of 1 MB, and a unit's fixed cost (0.02 s) small beside its own.
constexpr size_t kUnitBytes = 64u << 10;

struct Options {
  uint32_t sm = 90;       // compute capability × 10
  uint32_t version = 90;  // PTX ISA × 10
  std::span<const ir::FunctionId> entries;
  // The source's compiler promises that an access without the hint `unaligned` is aligned, as LLVM does of Rust and C: then one that
  // is not ends the instance with Trap::unaligned_access, which saves a fifth of the code. Otherwise it takes a slow path.
  bool trust_alignment = false;
  // Where nobody looks at memory after a trap, the checks of several accesses may be made together before the first of them.
  bool imprecise = false;
  size_t unit_bytes = kUnitBytes;  // of text, about
};

struct Unit {
  std::string name;  // of the unit, for messages
  std::string text;
};

// Functions that no entry can reach and no reference names are left out. Deterministic; runs on all cores.
std::vector<Unit> emit(const ir::Program& program, const Options& options);

}  // namespace rustg::ptx
