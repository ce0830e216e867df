// One function on its way from the IR to bytecode, in three steps, each its own file:
//   select    IR → instructions whose operands are values; fuses, folds constants, drops what nothing reads
//   allocate  values → slots; block parameters share a slot with their arguments where their lives do not overlap
//   emit      instructions → words; moves along edges, branch targets
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ir/function.h"
#include "ir/program.h"
#include "target/bytecode/format.h"

namespace rustg::bytecode {

// Operands as `fields` of opcodes.def has them: f[k] for half k + 1. Slots hold a Value, 32-bit immediates lie in the first of
// their two halves, a 64-bit one in f[3] (low) and f[4] (high).
struct Inst {
  Op op;
  uint16_t pad = 0;
  uint32_t ir;  // of the IR: for terminators, and for messages
  uint32_t f[7];
};

// Values: the IR's, then the constants that select puts into slots. From kOutgoing on: not a value but cell n of the frame that
// the next callee will get (0 is its return address).
using Value = uint32_t;
constexpr Value kOutgoing = 0x80000000u;
constexpr uint32_t kNone = 0xffffffffu;

struct Range {
  uint32_t start, end;  // half-open; instruction i reads at 2i and writes at 2i + 1
};

struct FunctionCode {
  std::vector<uint64_t> words;
  std::vector<uint32_t> calls;  // words of `call` instructions: II is still the callee's number
  uint32_t frame_slots = 0;
  std::string error;
};

// All of a function's tables; reused from one function to the next.
struct FunctionState {
  const ir::Program* program;
  const ir::Function* fn;
  bool with_fuel;
  std::string error;  // set by analyse: something the bytecode cannot do

  // Control flow.
  std::vector<uint32_t> block_of;           // of each IR value
  std::vector<uint32_t> pred_begin, preds;  // blocks
  std::vector<uint32_t> outer_loop;         // outermost loop's first block around a block, or kNone
  std::vector<uint32_t> loop_depth;
  std::vector<uint32_t> alias;    // a value that has the bits of another
  std::vector<uint32_t> effects;  // of each IR value: how many before it wrote or could trap, loads aside
  std::vector<uint32_t> uses;     // of each value, aliases resolved

  // After select. Block k is insts[inst_begin[k] .. inst_begin[k + 1]); its last one is the terminator, which keeps its edges in
  // the IR; `ret` may be followed by nothing.
  std::vector<Inst> insts;
  std::vector<uint32_t> inst_begin;
  uint32_t value_count = 0;
  std::vector<uint8_t> needed;     // of each IR value: some instruction or edge reads its slot
  std::vector<uint32_t> outgoing;  // of each IR value: the cell of the callee's frame it is made in, or 0
  uint32_t outgoing_cells = 0;     // the most that any call passes, with the return address

  // After allocate.
  std::vector<uint32_t> slot;  // of each value; kOutgoing + n as above
  uint32_t frame_base = 0;     // F: the slots of the frame proper

  Value resolve(uint32_t value) const { return alias[value]; }
  bool is_const(uint32_t value) const {
    const ir::Op op = fn->op[value];
    return op == ir::Op::iconst || op == ir::Op::fconst || op == ir::Op::ref_null || op == ir::Op::ref_func;
  }
  // Its 64 bits as a slot has them.
  uint64_t constant(uint32_t value) const {
    if (fn->op[value] == ir::Op::ref_null) return 0;
    if (fn->op[value] == ir::Op::ref_func) return uint64_t{fn->imm[value]} + 1;
    return ir::size_of(fn->type[value]) == 4 ? fn->a[value] : fn->constant(value);
  }
};

void analyse(FunctionState& state);
void select(FunctionState& state);
void allocate(FunctionState& state);
void emit(FunctionState& state, FunctionCode& out);
void join_sequences(std::vector<uint64_t>& words);

constexpr bool fits16(int64_t value) { return value == static_cast<int16_t>(value); }

}  // namespace rustg::bytecode
