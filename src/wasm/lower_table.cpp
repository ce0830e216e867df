// Tables, element segments, references and globals.
#include "wasm/lower_function.h"

namespace rustg::wasm {

using ir::Op;
using ir::Type;

void FunctionLowering::table(const Instruction& in) {
  const auto table = [&](uint32_t index) { return map_->linked.tables[index].value; };
  switch (in.opcode) {
    case Opcode::table_get: return push(build_.op1(Op::table_get, Type::ref, pop(), table(in.index)));
    case Opcode::table_set: {
      const ValueId value = pop(), index = pop();
      build_.op2(Op::table_set, Type::none, index, value, table(in.index));
      return;
    }
    case Opcode::table_size: return push(build_.op0(Op::table_size, Type::i32, table(in.index)));
    case Opcode::table_grow: {
      const ValueId count = pop(), value = pop();
      return push(build_.op2(Op::table_grow, Type::i32, value, count, table(in.index)));
    }
    case Opcode::elem_drop: build_.op0(Op::elem_drop, Type::none, map_->first_element + in.index); return;
    default: break;
  }
  const ValueId c = pop(), b = pop(), a = pop();
  if (in.opcode == Opcode::table_fill)
    build_.op3(Op::table_fill, Type::none, a, b, c, table(in.index));
  else if (in.opcode == Opcode::table_copy)
    build_.op3(Op::table_copy, Type::none, a, b, c, table(in.index), static_cast<uint16_t>(table(in.second)));
  else
    build_.op3(Op::table_init, Type::none, a, b, c, map_->first_element + in.index,
               static_cast<uint16_t>(table(in.second)));
}

void FunctionLowering::global(const Instruction& in) {
  const uint32_t global = map_->linked.globals[in.index].value;
  if (in.opcode == Opcode::global_get)
    push(build_.op0(Op::global_get, ir_type(map_->module.globals[in.index].type.type), global));
  else
    build_.op1(Op::global_set, Type::none, pop(), global);
}

void FunctionLowering::reference(const Instruction& in) {
  if (in.opcode == Opcode::ref_null)
    push(build_.op0(Op::ref_null, Type::ref));
  else if (in.opcode == Opcode::ref_func)
    push(build_.op0(Op::ref_func, Type::ref, map_->linked.functions[in.index].value));
  else
    push(build_.op1(Op::ref_is_null, Type::i32, pop()));
}

}  // namespace rustg::wasm
