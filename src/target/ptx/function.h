// One function's PTX. The construct files (integer.cpp, memory.cpp, …) each implement a part of FunctionEmitter.
#pragma once
#include <span>

#include "ir/analysis.h"
#include "target/abi/instance.h"
#include "target/ptx/facts.h"
#include "target/ptx/text.h"

namespace rustg::ptx {

// The status and the results of a function as one .param array, as the ABI returns a struct: in registers.
struct ReturnLayout {
  std::vector<uint32_t> offsets;  // of the results
  uint32_t size = 4, align = 4;
  explicit ReturnLayout(std::span<const ir::Type> results);
};
// The text of a prototype: `.func (…) name(…)`, or with the names left out (`_`) a .callprototype's. No end of line.
std::string prototype(const ir::Signature& signature, std::string_view name);
constexpr std::string_view bits_type(ir::Type type) { return ir::size_of(type) == 4 ? "b32" : "b64"; }

struct Context {
  const ir::Program& program;
  const Options& options;
  const Facts& facts;
};

// The text, and the functions and runtime calls that it names.
struct EmittedFunction {
  std::string text;
  std::vector<ir::FunctionId> callees;
  bool uses_table = false;     // rustg_functions
  bool uses_unwind = false;    // rustg_unwind
  uint32_t runtime_calls = 0;  // bit k: the k-th of runtime_calls.def
};

enum class RuntimeCall : uint8_t {
#define RUSTG_RUNTIME_CALL(name, params) name,
#include "target/abi/runtime_calls.def"
#undef RUSTG_RUNTIME_CALL
};
struct RuntimeCallInfo {
  std::string_view name, params;
};
const RuntimeCallInfo& info(RuntimeCall call);
constexpr uint32_t kRuntimeCalls = 0
#define RUSTG_RUNTIME_CALL(name, params) +1
#include "target/abi/runtime_calls.def"
#undef RUSTG_RUNTIME_CALL
    ;
static_assert(kRuntimeCalls <= 32);
std::string runtime_prototype(RuntimeCall call);

class FunctionEmitter {
 public:
  FunctionEmitter(const Context& context, ir::FunctionId function);
  EmittedFunction emit();

 private:
  using Op = ir::Op;
  using Type = ir::Type;
  using Trap = ir::Trap;

  // function.cpp
  void find_needed();
  void instruction(uint32_t i);
  void prologue(Text& text);
  void epilogue();

  // Registers and operands.
  Operand new_r() { return {Operand::Kind::r, r_count_++}; }
  Operand new_l() { return {Operand::Kind::l, l_count_++}; }
  Operand new_p() { return {Operand::Kind::p, p_count_++}; }
  Operand new_of(Type type) { return ir::size_of(type) == 4 ? new_r() : new_l(); }
  static Operand number(int64_t v) { return {Operand::Kind::integer, static_cast<uint64_t>(v)}; }
  bool is_constant(uint32_t v) const { return f_.op[v] == Op::iconst || f_.op[v] == Op::fconst; }
  Operand immediate(uint32_t v) const;  // a constant's bits as an integer
  Operand reg(uint32_t v);              // always a register; a constant's is set in the prologue
  Operand any(uint32_t v);              // a register, or an integer immediate
  Operand def(uint32_t i) { return reg(i); }
  // nan.cpp: the value where its very bits are seen: a NaN made by PTX arithmetic becomes the canonical one.
  void find_nans();
  Operand bits(uint32_t v);
  Operand float_operand(uint32_t v);  // a register, or a float immediate
  bool is_wide(uint32_t v) const { return ir::size_of(f_.type[v]) == 8; }

  // condition.cpp: an i32 as a predicate; comparisons are fused into their uses.
  struct Condition {
    Operand p;
    bool negated;
  };
  static bool is_comparison(Op op) { return (op >= Op::ieqz && op <= Op::uge) || (op >= Op::feq && op <= Op::fge); }
  Operand compare(uint32_t i);
  Condition condition(uint32_t v);
  void comparison(uint32_t i);
  void select(uint32_t i);

  // integer.cpp, float.cpp, convert.cpp
  void integer(uint32_t i);
  void divide(uint32_t i);
  void shift(uint32_t i);
  void rotate(uint32_t i);
  void count_bits(uint32_t i);
  void floating(uint32_t i);
  void min_max(uint32_t i);
  void convert(uint32_t i);
  void truncate(uint32_t i);

  // memory.cpp, unaligned.cpp, atomic.cpp
  struct Place {
    Operand pointer;  // 64-bit register
    int64_t offset;   // to add
  };
  void load_memory0();
  Place place(uint32_t address, const ir::Access& access, uint32_t offset);
  Operand out_of_bounds(uint32_t address, const ir::Access& access, uint64_t end, const Operand* or_else);
  void check_bounds(uint32_t address, const ir::Access& access, uint64_t end);
  bool in_bounds_always(uint32_t address, const ir::Access& access, uint64_t end) const;
  void memory_pair(uint32_t memory, Operand& base, Operand& size);
  void access(uint32_t i);
  uint8_t known_align(uint32_t v, uint32_t depth = 0) const;
  void note_align(uint32_t v, uint8_t align);
  // checks.cpp
  struct Check {
    uint32_t address;
    ir::Access access;
    uint64_t end;     // address + end must be in bounds; 0: not asked
    uint32_t offset;  // address + offset must be a multiple of the width
    bool aligned;     // is that asked?
  };
  Check check_of(uint32_t i);
  Operand low_bits(const Check& check);
  void check(uint32_t i);
  void emit_checks(const std::vector<Check>& checks);
  bool make_available(uint32_t v, uint32_t before, uint32_t depth = 0);
  void aligned_access(uint32_t i, const ir::Access& access, const Place& at);
  void halves_access(uint32_t i, const Place& at);
  void unaligned_access(uint32_t i, const ir::Access& access, const Place& at);
  void unaligned_load(uint32_t i, const ir::Access& access, const Operand& at);
  void store_bytes(const Operand& word, uint32_t bytes, const Operand& at, uint32_t offset);
  void memory_size(uint32_t i);
  void atomic(uint32_t i);
  void atomic_narrow(uint32_t i, const Operand& at, uint32_t width);

  // state.cpp: globals, tables, bulk operations, fuel.
  void global(uint32_t i);
  void table_size(uint32_t i);
  void reference(uint32_t i);
  void runtime_operation(uint32_t i);
  void table_element(uint32_t i);
  void atomic_wait(uint32_t i);
  void fuel(uint32_t i);
  Operand scratch();  // the function's scratch slot, as a pointer

  // call.cpp
  void call(uint32_t i);
  void call_indirect(uint32_t i);
  void call_with(uint32_t i, const std::string& target, std::string_view proto, const ir::Signature& signature);
  Operand runtime(RuntimeCall call, std::initializer_list<Operand> args);
  void runtime_or_trap(RuntimeCall call, std::initializer_list<Operand> args);
  void host_thunk();

  // control.cpp
  void terminator(uint32_t i, uint32_t block);
  void moves(uint32_t edge);
  bool has_moves(uint32_t edge);
  void branch(uint32_t edge, uint32_t next);  // moves, then go to the target unless it is block `next`
  void branch_if(uint32_t i, uint32_t next);
  struct Stub {
    uint32_t label, edge;  // a table's edge that has moves to make
  };
  void branch_table(uint32_t i);
  void branch_among(const Operand& index, uint32_t from, uint32_t first, uint32_t count, std::vector<Stub>& stubs);
  void return_values(uint32_t i);
  void trap_if(const Operand& p, Trap trap, bool negated = false);
  uint32_t new_label() { return label_count_++; }

  template <class... Pieces>
  void line(const Pieces&... pieces) {
    out_->line(pieces...);
  }
  void cold_begin(uint32_t label);  // what follows, up to cold_end, goes out of the hot path's way
  void cold_end() { out_ = &body_; }

  const Context& c_;
  const ir::Program& program_;
  const ir::FunctionId id_;
  const ir::Function& f_;
  const ir::Signature& signature_;
  const uint32_t tag_;  // of a status: the function's number << 8
  Text body_, cold_;
  Text* out_ = &body_;
  EmittedFunction result_;

  std::vector<uint32_t> register_;                  // per value; kNone = not given yet
  std::vector<uint8_t> needed_, condition_needed_;  // per value: as a register, as a predicate
  std::vector<uint8_t> align_;                      // per value
  std::vector<uint8_t> arithmetic_, odd_nan_;       // per value: see nan.cpp
  std::vector<uint32_t> constants_;                 // those that need a register
  std::vector<Operand> results_;                    // registers of the function's results
  std::vector<uint8_t> emitted_;  // per instruction: pure ones computed ahead of their turn, accesses checked ahead
  // Alignments that a check has shown, for the blocks that its own dominates: a list per value.
  struct Checked {
    uint32_t block, next;
    uint8_t align;
  };
  std::vector<Checked> checked_;
  std::vector<uint32_t> checked_of_;
  const ir::ControlFlow flow_;
  uint32_t block_ = 0;  // being emitted
  // Pointers (base + value) already made in this block with this memory base.
  std::vector<uint32_t> pointer_, pointer_epoch_;
  uint32_t epoch_ = 0;
  uint32_t r_count_ = 0, l_count_ = 0, p_count_ = 0, label_count_ = 0;
  bool uses_memory0_ = false, uses_globals_ = false, makes_calls_ = false, uses_scratch_ = false;
  uint64_t memory0_minimum_ = 0;  // bytes that memory 0 always has
  uint32_t traps_ = 0;            // kinds that need a trap block
  bool uses_zero_ = false;        // the block that ends with a status is needed
  bool runtime_trap_ = false;     // so is the one that tags a runtime call's
};

}  // namespace rustg::ptx
