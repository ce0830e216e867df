// The passes over the IR, one file each in passes/. Each changes one function in place, in time linear in its size, and leaves it
// well-formed. docs/ir.md says what each was measured to bring.
#pragma once
#include "ir/program.h"

namespace rustg::ir {

// Parameters that are one and the same value on every way in become that value; around loops within loops too.
void remove_redundant_params(Function& f);

// What needs no running: constants, identities, comparisons of comparisons, branches on constants. Leaves unused operations behind.
void fold(Function& f);

// Pure operations and parameters that nothing uses, also when only each other do.
void eliminate_dead_code(Function& f);

struct GuardOptions {
  // A trap may come before stores that would have preceded it: right where nobody sees memory after a trap.
  bool imprecise = true;
  // A function's frame on the stack that this global points to (shadow_stack_pointer) is checked whole, when it is taken.
  GlobalId stack_pointer = {};
};
struct GuardCounts {
  uint32_t accesses = 0;  // loads and stores
  uint32_t checked = 0;   // of these, left with their own bounds check
  uint32_t guards = 0;    // checks inserted, that others rely on
};
// The global that every function moves by constants, down and back up: where frames are in memory. None, if there is no such, or if
// it could ever point behind the smallest size of memory 0.
GlobalId shadow_stack_pointer(const Program& program);
// For targets that check bounds in code: marks accesses `unchecked` that a check before them covers, inserting `guard`s that cover
// several. Traps are the same as before, save for the order that `imprecise` allows.
GuardCounts place_guards(Function& f, const Program& program, GuardOptions options);

// `fuel n` at the entry and at every loop's header, n the instructions that are sure to run with it: every cycle and call pays.
void insert_fuel(Function& f);

struct Options {
  bool fold = true;       // with dead code and redundant parameters removed
  bool guards = false;    // place_guards
  bool imprecise = true;  // GuardOptions
  bool fuel = false;      // insert_fuel
};
// All of them in their order over every function, on all cores when the program is large enough to pay for waking them. Gives the
// sum of what place_guards counted.
GuardCounts optimize(Program& program, const Options& options);

}  // namespace rustg::ir
