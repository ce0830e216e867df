// Lowering one function body: a single pass over its instructions, with the operand stack and the locals holding SSA values.
//
//   block … end    [code] ─br label─► [join: a parameter for each result and joined local that differ between the edges]
//   loop … end     ─► [header: parameters for the block's own and for joined locals] … ─br label─► header
//   if … else …    ─br_if─► [then] ─► [join]      and ─► [else] ─► [join]
//
// A forward label is sealed when its `end` is reached: all its edges are known, so columns that agree need no parameter. A
// loop's header gets parameters at once for the locals that LocalLiveness names; at the loop's end those that turn out to be
// unchanged are replaced by what they began as. Unreachable code is skipped.
#pragma once
#include <span>
#include <vector>

#include "ir/builder.h"
#include "wasm/instruction.h"
#include "wasm/link.h"
#include "wasm/lower.h"
#include "wasm/lower_locals.h"

namespace rustg::wasm {

// What a body refers to: the module, and where its entities are in the program.
struct ModuleMap {
  const Module& module;
  const Linked& linked;
  std::vector<ir::SignatureId> signatures;  // of the module's types
  uint32_t first_data = 0, first_element = 0;
};

// One of these lowers many functions and keeps its buffers.
class FunctionLowering {
 public:
  // `function` is the index among the defined ones.
  Result<ir::Function> lower(const ModuleMap& map, uint32_t function);

 private:
  using ValueId = ir::ValueId;
  using BlockId = ir::BlockId;
  enum class Construct : uint8_t { block, loop, if_, else_ };
  struct Label {
    Construct kind;
    uint32_t number;  // LocalLiveness's
    uint32_t height;  // of the operand stack below the construct's parameters
    std::span<const ValType> params, results;
    BlockId target;       // the join or the header; none where no branch goes
    BlockId otherwise;    // where an `if` goes when false
    uint32_t edges;       // last one in edges_, or none
    uint32_t saved;       // in saved_: an `if`'s parameters and the locals to restore
    ValueId first_param;  // of a loop's header; they are consecutive
  };
  // An edge to a label: its columns are the label's values, then its joined locals.
  struct PendingEdge {
    ir::EdgeId id;
    uint32_t columns;  // in columns_
    uint32_t next;
  };
  static constexpr uint32_t kNone = 0xffffffffu;
  static constexpr size_t kMaxValues = size_t{1} << 25;  // about 1 GiB

  Status begin(const Body& body, const FuncType& type, Reader& reader);
  void instruction(const Instruction& in);

  // lower_control.cpp
  void open(Construct kind, const Instruction& in);
  void else_();
  void end();
  void br(uint32_t depth);
  void br_if(uint32_t depth);
  void br_table(uint32_t count);
  void return_();
  void unreachable();
  void select();
  std::span<const ValType> branch_types(const Label& label) const {
    return label.kind == Construct::loop ? label.params : label.results;
  }
  uint32_t save_columns(const Label& label);
  void add_edge(Label& label, ir::EdgeId id);
  void join(Label& label);
  void simplify_header(const Label& label);

  // lower_call.cpp
  void call(uint32_t function);
  void call_indirect(uint32_t type, uint32_t table);
  ir::Type call_type(const FuncType& type) const {
    return type.results.size() == 1 ? ir_type(type.results[0]) : ir::Type::none;
  }
  void push_results(ValueId call, const FuncType& type);

  // lower_numeric.cpp, lower_memory.cpp, lower_atomic.cpp, lower_table.cpp
  void constant(const Instruction& in);
  void numeric(Opcode opcode);
  void load(const Instruction& in);
  void store(const Instruction& in);
  void memory(const Instruction& in);
  void atomic(const Instruction& in);
  void table(const Instruction& in);
  void global(const Instruction& in);
  void reference(const Instruction& in);

  void push(ValueId value) { stack_.push_back(value); }
  ValueId pop() {
    ValueId value = stack_.back();
    stack_.pop_back();
    return value;
  }
  // The uppermost `count` operands, still on the stack.
  std::span<const ValueId> top(size_t count) const { return std::span(stack_).last(count); }
  void drop(size_t count) { stack_.resize(stack_.size() - count); }

  const ModuleMap* map_ = nullptr;
  Reader* reader_ = nullptr;
  ir::FunctionBuilder build_;
  LocalLiveness liveness_;
  std::vector<ValueId> stack_, locals_, columns_, saved_;
  std::vector<ValType> local_types_;
  std::vector<Label> labels_;
  std::vector<PendingEdge> edges_;
  std::vector<BlockId> targets_;  // of a br_table
  std::vector<uint32_t> depths_;
  uint32_t next_construct_ = 0, skipped_ = 0;
  bool reachable_ = true;
};

}  // namespace rustg::wasm
