#include "ir/function.h"

namespace rustg::ir {

const char* name(Type type) {
  switch (type) {
    case Type::none: return "none";
    case Type::i32: return "i32";
    case Type::i64: return "i64";
    case Type::f32: return "f32";
    case Type::f64: return "f64";
    case Type::ref: return "ref";
  }
  return "?";
}

namespace {
constexpr bool has(const char* effects, char letter) {
  for (; *effects; ++effects)
    if (*effects == letter) return true;
  return false;
}
constexpr OpInfo kOps[] = {
#define RUSTG_IR_OP(name, values, e) \
  {#name, values, has(e, 't'), has(e, 'r') || has(e, 't'), has(e, 'p'), has(e, 'w'), has(e, 'd'), has(e, 'n')},
#include "ir/op.def"
#undef RUSTG_IR_OP
};
static_assert(sizeof(kOps) / sizeof(kOps[0]) == kOpCount);
}  // namespace

const OpInfo& info(Op op) { return kOps[static_cast<uint8_t>(op)]; }

Function::EdgeRange Function::edges(uint32_t i) const {
  switch (op[i]) {
    case Op::br: return {imm[i], 1};
    case Op::br_if: return {imm[i], 2};
    case Op::br_table: return {imm[i], b[i]};
    default: return {0, 0};
  }
}

uint32_t Function::param_count(uint32_t k) const {
  uint32_t n = 0;
  for (uint32_t i = block_begin[k]; i < block_begin[k + 1] && op[i] == Op::param; ++i) ++n;
  return n;
}

}  // namespace rustg::ir
