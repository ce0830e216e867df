// The threads proposal: atomic accesses, wait and notify, the fence.
#include "wasm/lower_function.h"

namespace rustg::wasm {

using ir::Access;
using ir::Op;
using ir::Type;

namespace {

constexpr Op kNotAtomic = Op::param;

// clang-format off
#define WIDTHS(prefix, suffix, op) \
  case Opcode::i32_atomic_##prefix##suffix: \
  case Opcode::i64_atomic_##prefix##suffix: return Op::op
#define RMW(name, op) \
  case Opcode::i32_atomic_rmw_##name: \
  case Opcode::i64_atomic_rmw_##name: \
  case Opcode::i32_atomic_rmw8_##name##_u: \
  case Opcode::i32_atomic_rmw16_##name##_u: \
  case Opcode::i64_atomic_rmw8_##name##_u: \
  case Opcode::i64_atomic_rmw16_##name##_u: \
  case Opcode::i64_atomic_rmw32_##name##_u: return Op::op
// clang-format on

constexpr Op atomic_op(Opcode opcode) {
  switch (opcode) {
    WIDTHS(load, , atomic_load);
    WIDTHS(load, 8_u, atomic_load);
    WIDTHS(load, 16_u, atomic_load);
    case Opcode::i64_atomic_load32_u:
      return Op::atomic_load;
      WIDTHS(store, , atomic_store);
      WIDTHS(store, 8, atomic_store);
      WIDTHS(store, 16, atomic_store);
    case Opcode::i64_atomic_store32:
      return Op::atomic_store;
      RMW(add, atomic_rmw_add);
      RMW(sub, atomic_rmw_sub);
      RMW(and, atomic_rmw_and);
      RMW(or, atomic_rmw_or);
      RMW(xor, atomic_rmw_xor);
      RMW(xchg, atomic_rmw_xchg);
      RMW(cmpxchg, atomic_cmpxchg);
    case Opcode::memory_atomic_wait32:
    case Opcode::memory_atomic_wait64: return Op::atomic_wait;
    case Opcode::memory_atomic_notify: return Op::atomic_notify;
    case Opcode::atomic_fence: return Op::fence;
    default: return kNotAtomic;
  }
}
#undef WIDTHS
#undef RMW

constexpr auto kAtomic = [] {
  std::array<Op, kOpcodeCount> table{};
  for (size_t i = 0; i < kOpcodeCount; ++i) table[i] = atomic_op(static_cast<Opcode>(i));
  return table;
}();
static_assert([] {
  for (size_t i = 0; i < kOpcodeCount; ++i)
    if ((kOpcodes[i].prefix == 0xfe) != (kAtomic[i] != kNotAtomic)) return false;
  return true;
}());

}  // namespace

void FunctionLowering::atomic(const Instruction& in) {
  const OpcodeInfo& o = info(in.opcode);
  const Op op = kAtomic[static_cast<size_t>(in.opcode)];
  if (op == Op::fence) {
    build_.op0(Op::fence, Type::none);
    return;
  }
  const uint16_t aux = Access{.width_log2 = o.align, .memory = map_->linked.memories[0].value}.pack();
  const auto offset = static_cast<uint32_t>(in.bits);
  const ValueId c = o.operand_count > 2 ? pop() : ValueId{0};
  const ValueId b = o.operand_count > 1 ? pop() : ValueId{0};
  const ValueId a = pop();
  const ValueId value = build_.op3(op, o.result_count != 0 ? ir_type(o.result) : Type::none, a, b, c, offset, aux);
  if (o.result_count != 0) push(value);
}

}  // namespace rustg::wasm
