// Loads, stores, and the operations on a whole memory.
#include "wasm/lower_function.h"

namespace rustg::wasm {

using ir::Access;
using ir::Op;
using ir::Type;

namespace {
constexpr bool sign_extends(Opcode opcode) {
  switch (opcode) {
    case Opcode::i32_load8_s:
    case Opcode::i32_load16_s:
    case Opcode::i64_load8_s:
    case Opcode::i64_load16_s:
    case Opcode::i64_load32_s: return true;
    default: return false;
  }
}
}  // namespace

void FunctionLowering::load(const Instruction& in) {
  const OpcodeInfo& o = info(in.opcode);
  const Access access{o.align, sign_extends(in.opcode), false, map_->linked.memories[0].value, in.index < o.align};
  push(build_.load(ir_type(o.result), access, pop(), static_cast<uint32_t>(in.bits)));
}

void FunctionLowering::store(const Instruction& in) {
  const uint8_t align = info(in.opcode).align;
  const Access access{align, false, false, map_->linked.memories[0].value, in.index < align};
  const ValueId value = pop(), address = pop();
  build_.store(access, address, value, static_cast<uint32_t>(in.bits));
}

void FunctionLowering::memory(const Instruction& in) {
  // `data.drop` alone may stand in a module that has no memory.
  if (in.opcode == Opcode::data_drop) {
    build_.op0(Op::data_drop, Type::none, map_->first_data + in.index);
    return;
  }
  const uint16_t aux = Access{.memory = map_->linked.memories[0].value}.pack();
  if (in.opcode == Opcode::memory_size) return push(build_.op0(Op::memory_size, Type::i32, 0, aux));
  if (in.opcode == Opcode::memory_grow) return push(build_.op1(Op::memory_grow, Type::i32, pop(), 0, aux));
  const ValueId c = pop(), b = pop(), a = pop();
  if (in.opcode == Opcode::memory_fill)
    build_.op3(Op::memory_fill, Type::none, a, b, c, 0, aux);
  else if (in.opcode == Opcode::memory_copy)
    build_.op3(Op::memory_copy, Type::none, a, b, c, 0, aux);
  else
    build_.op3(Op::memory_init, Type::none, a, b, c, map_->first_data + in.index, aux);
}

}  // namespace rustg::wasm
