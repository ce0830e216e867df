// Building a Function piece by piece, in whatever order suits the caller; `finish` lays it out as function.h says.
//
// Blocks, values and edges are drafts until then: their ids are numbers in order of creation. A block takes its place
// in the block order when it is first switched to. A block that never was must not be the target of an edge; it leaves
// no trace. Parameters can be added to a block and arguments to an edge at any time, which is what SSA construction
// needs at loop headers; a value can be replaced by another, which removes it (and, for a parameter, the arguments that
// went to it). One builder can build many functions, and keeps its buffers.
#pragma once
#include "ir/program.h"

namespace rustg::ir {

class FunctionBuilder {
 public:
  using Values = std::span<const ValueId>;

  // Where later instructions come from: a byte offset in the source.
  void set_loc(uint32_t loc) { loc_ = loc; }

  BlockId new_block();
  // Append to this block from now on.
  void switch_to(BlockId block);
  BlockId current() const { return current_; }
  bool is_placed(BlockId block) const { return position_[block.value] != BlockId::kNone; }
  uint32_t placed_blocks() const { return static_cast<uint32_t>(order_.size()); }

  // Scopes nest as they are opened and closed. A loop starts at the next block to be placed (its header); a block scope
  // at the current one. Either ends before the next block placed after `close_scope`. Scopes that no branch needs are
  // left out.
  void open_scope(Scope::Kind kind);
  void close_scope();

  // Any instruction, by its columns. The id is the value's, if it has one.
  ValueId emit(Op op, Type type, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0, uint32_t imm = 0, uint16_t aux = 0);
  ValueId op0(Op op, Type type, uint32_t imm = 0, uint16_t aux = 0) { return emit(op, type, 0, 0, 0, imm, aux); }
  ValueId op1(Op op, Type type, ValueId a, uint32_t imm = 0, uint16_t aux = 0) {
    return emit(op, type, a.value, 0, 0, imm, aux);
  }
  ValueId op2(Op op, Type type, ValueId a, ValueId b, uint32_t imm = 0, uint16_t aux = 0) {
    return emit(op, type, a.value, b.value, 0, imm, aux);
  }
  ValueId op3(Op op, Type type, ValueId a, ValueId b, ValueId c, uint32_t imm = 0, uint16_t aux = 0) {
    return emit(op, type, a.value, b.value, c.value, imm, aux);
  }
  ValueId iconst(Type type, uint64_t bits) { return constant(Op::iconst, type, bits); }
  ValueId fconst(Type type, uint64_t bits) { return constant(Op::fconst, type, bits); }
  ValueId load(Type type, Access access, ValueId address, uint32_t offset = 0) {
    return op1(Op::load, type, address, offset, access.pack());
  }
  void store(Access access, ValueId address, ValueId value, uint32_t offset = 0) {
    op2(Op::store, Type::none, address, value, offset, access.pack());
  }
  // A call has the type of its only result, or none; with several results, read each with `result` right after it.
  ValueId call(FunctionId function, Type type, Values args);
  ValueId call_indirect(SignatureId signature, TableId table, Type type, ValueId index, Values args);
  ValueId result(ValueId call, Type type, uint32_t which) { return op1(Op::result, type, call, which); }

  ValueId param(BlockId block, Type type);

  // Block ends. The edges get their arguments from `args` or, now or later, from `add_argument`; several edges made
  // together are numbered from the id returned.
  EdgeId br(BlockId target, Values args = {});
  EdgeId br_if(ValueId condition, BlockId then, BlockId otherwise, Values then_args = {}, Values otherwise_args = {});
  EdgeId br_table(ValueId index, std::span<const BlockId> targets);  // the last one is the default
  void ret(Values values);
  void trap(Trap trap) { emit(Op::trap, Type::none, 0, 0, 0, static_cast<uint32_t>(trap)); }
  void add_argument(EdgeId edge, ValueId value);

  // Everything that uses `value` (a parameter or a pure operation) uses `by` instead, and `value` is gone.
  void replace(ValueId value, ValueId by);
  // What `value` has become by replacements.
  ValueId resolve(ValueId value);

  Type type_of(ValueId value) const { return draft_.type[value.value]; }
  uint32_t instruction_count() const { return draft_.size(); }

  // The function, without a name or signature if none is given; the builder is empty again afterwards.
  Function finish(std::string name = {}, SignatureId signature = {});

 private:
  struct Argument {
    ValueId value;
    uint32_t next;  // in arguments_, of the same edge
  };
  struct DraftEdge {
    BlockId target;
    uint32_t first, last;  // in arguments_
  };
  struct DraftScope {
    Scope::Kind kind;
    uint32_t first, end;  // positions in the block order
    uint32_t parent;      // the scope around it, or none
  };
  ValueId constant(Op op, Type type, uint64_t bits) {
    return emit(op, type, static_cast<uint32_t>(bits), size_of(type) == 4 ? 0 : static_cast<uint32_t>(bits >> 32));
  }
  EdgeId new_edge(BlockId target, Values args);
  void finish_scopes(Function& f, std::span<const uint32_t> last_back, std::span<const uint8_t> is_end);
  void clear();

  Function draft_;                  // columns in order of creation
  std::vector<BlockId> block_of_;   // per instruction
  std::vector<ValueId> replaced_;   // per instruction, as far as it goes: itself, or what it has become
  std::vector<uint32_t> position_;  // per block: place in the order
  std::vector<BlockId> order_;
  std::vector<DraftEdge> edges_;
  std::vector<Argument> arguments_;
  std::vector<DraftScope> scopes_;
  std::vector<uint32_t> open_scopes_;
  std::vector<ValueId> new_id_;  // scratch of finish
  BlockId current_;
  uint32_t loc_ = 0;
};

}  // namespace rustg::ir
