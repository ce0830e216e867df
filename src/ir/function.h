// One function of the IR: a typed SSA with block parameters, as a structure of arrays.
//
//   instruction i:  op[i] type[i] aux[i] a[i] b[i] c[i] imm[i] loc[i]         24 bytes; what the columns mean: op.def
//   block k:        instructions block_begin[k] .. block_begin[k+1]; the first ones are its `param`s, the last one ends it
//   edge e:         goes to edge_target[e] with arguments operands[edge_begin[e] .. edge_begin[e+1])
//   scope s:        blocks scopes[s].first .. scopes[s].end, properly nested: the structure of the source's control flow
//
// A value is the instruction that makes it: ValueId == instruction index. Block order is a reverse postorder: a branch
// forward goes to the `end` of a scope that contains it (or to the next block), a branch backward to the `first` of a
// loop that contains it. An if/else is two scopes: [head, else) inside [head, join). There is no unreachable block.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "ir/trap.h"

namespace rustg::ir {

enum class Type : uint8_t { none, i32, i64, f32, f64, ref };
constexpr bool is_int(Type t) { return t == Type::i32 || t == Type::i64; }
constexpr bool is_float(Type t) { return t == Type::f32 || t == Type::f64; }
constexpr uint32_t size_of(Type t) { return t == Type::i32 || t == Type::f32 ? 4 : t == Type::none ? 0 : 8; }
const char* name(Type type);

enum class Op : uint8_t {
#define RUSTG_IR_OP(name, values, effects) name,
#include "ir/op.def"
#undef RUSTG_IR_OP
};
constexpr uint32_t kOpCount = 0
#define RUSTG_IR_OP(name, values, effects) +1
#include "ir/op.def"
#undef RUSTG_IR_OP
    ;

struct OpInfo {
  const char* name;
  uint8_t values;   // how many of a, b, c are value operands
  bool terminator;  // ends a block
  bool no_result;
  bool may_trap;
  bool writes;        // writes state
  bool reads;         // reads state that others write
  bool by_signature;  // results come from a signature
  constexpr bool pure() const { return !terminator && !may_trap && !writes && !reads && !no_result; }
};
const OpInfo& info(Op op);

struct ValueTag;
struct BlockTag;
struct EdgeTag;
struct FunctionTag;
struct SignatureTag;
struct GlobalTag;
struct MemoryTag;
struct TableTag;
using ValueId = Id<ValueTag>;
using BlockId = Id<BlockTag>;
using EdgeId = Id<EdgeTag>;
using FunctionId = Id<FunctionTag>;
using SignatureId = Id<SignatureTag>;
using GlobalId = Id<GlobalTag>;
using MemoryId = Id<MemoryTag>;
using TableId = Id<TableTag>;

// Column `aux` of a memory operation.
struct Access {
  static constexpr uint32_t kFlat = 0x7ff;  // the flat 64-bit space; any smaller number is a memory of the program
  uint8_t width_log2 = 2;                   // bytes touched: 1 << width_log2
  bool is_signed = false;                   // a narrow load sign-extends
  bool unchecked = false;                   // a `guard` before it has proved it in bounds
  uint32_t memory = 0;
  // The source says that the address may well not be a multiple of the width. A hint only: any access may be unaligned,
  // but one without the hint hardly ever is, and targets whose loads must be aligned take their slow path for it.
  bool unaligned = false;
  constexpr uint16_t pack() const {
    return static_cast<uint16_t>(width_log2 | is_signed << 2 | unchecked << 3 | unaligned << 4 | memory << 5);
  }
  static constexpr Access unpack(uint16_t aux) {
    return {static_cast<uint8_t>(aux & 3), (aux & 4) != 0, (aux & 8) != 0, static_cast<uint32_t>(aux >> 5),
            (aux & 16) != 0};
  }
  constexpr uint32_t bytes() const { return 1u << width_log2; }
};

struct Scope {
  enum class Kind : uint8_t { block, loop };
  Kind kind;
  BlockId first, end;  // [first, end)
};

struct Function {
  std::string name;  // as the source has it (mangled); empty if unknown
  SignatureId signature;

  std::vector<Op> op;
  std::vector<Type> type;  // of the result; none if there is none
  std::vector<uint16_t> aux;
  std::vector<uint32_t> a, b, c, imm;
  std::vector<uint32_t> loc;  // byte offset in the source file, for messages

  std::vector<uint32_t> block_begin;  // block_count() + 1 entries
  std::vector<BlockId> edge_target;
  std::vector<uint32_t> edge_begin;  // edge count + 1 entries
  std::vector<ValueId> operands;     // arguments of edges, calls and returns
  std::vector<Scope> scopes;         // outer before inner, by `first`

  uint32_t size() const { return static_cast<uint32_t>(op.size()); }
  uint32_t block_count() const { return block_begin.empty() ? 0 : static_cast<uint32_t>(block_begin.size() - 1); }
  uint32_t edge_count() const { return static_cast<uint32_t>(edge_target.size()); }
  ValueId operand(uint32_t i, uint32_t n) const { return ValueId{n == 0 ? a[i] : n == 1 ? b[i] : c[i]}; }
  std::span<const ValueId> edge_args(uint32_t e) const {
    return {operands.data() + edge_begin[e], operands.data() + edge_begin[e + 1]};
  }
  std::span<const ValueId> call_args(uint32_t i) const {
    return {operands.data() + a[i], b[i]};
  }                                                                                         // call, call_indirect, ret
  uint64_t constant(uint32_t i) const { return a[i] | static_cast<uint64_t>(b[i]) << 32; }  // iconst, fconst
  // The edges that leave instruction i (a terminator): first edge and how many.
  struct EdgeRange {
    uint32_t first, count;
  };
  EdgeRange edges(uint32_t i) const;
  // How many `param`s block k has.
  uint32_t param_count(uint32_t k) const;
};

}  // namespace rustg::ir
