// Globals, references, tables, and what the runtime does: bulk memory and table operations, waiting, fuel.
#include "target/ptx/function.h"

namespace rustg::ptx {

void FunctionEmitter::global(uint32_t i) {
  const uint32_t at = 8 * f_.imm[i];
  if (f_.op[i] == Op::global_get)
    line("ld.global.", bits_type(f_.type[i]), ' ', def(i), ", [%globals+", at, "];");
  else
    line("st.global.", bits_type(f_.type[f_.a[i]]), " [%globals+", at, "], ", bits(f_.a[i]), ';');
}

void FunctionEmitter::reference(uint32_t i) {
  if (f_.op[i] == Op::ref_null) return line("mov.b64 ", def(i), ", 0;");
  if (f_.op[i] == Op::ref_func) return line("mov.b64 ", def(i), ", ", uint64_t{f_.imm[i]} + 1, ';');
  const Operand p = new_p();
  line("setp.eq.s64 ", p, ", ", reg(f_.a[i]), ", 0;");
  line("selp.b32 ", def(i), ", 1, 0, ", p, ';');
}

void FunctionEmitter::table_size(uint32_t i) {
  const Operand tables = new_l();
  line("ld.global.b64 ", tables, ", [%inst+", static_cast<uint32_t>(offsetof(abi::Instance, tables)), "];");
  const auto at = static_cast<uint32_t>(f_.imm[i] * sizeof(abi::Table) + offsetof(abi::Table, size));
  line("ld.global.b32 ", def(i), ", [", tables, '+', at, "];");
}

Operand FunctionEmitter::scratch() {
  uses_scratch_ = true;
  const Operand pointer = new_l();
  line("mov.b64 ", pointer, ", scratch;");
  line("cvta.local.u64 ", pointer, ", ", pointer, ';');
  return pointer;
}

// Operations that are the runtime's, with their operands in the order of runtime_calls.def.
void FunctionEmitter::runtime_operation(uint32_t i) {
  const Operand memory = number(ir::Access::unpack(f_.aux[i]).memory), imm = number(f_.imm[i]);
  auto a = [&] { return any(f_.a[i]); };
  auto b = [&] { return any(f_.b[i]); };
  auto c = [&] { return any(f_.c[i]); };
  auto value = [&](const Operand& result) { line("mov.b32 ", def(i), ", ", result, ';'); };
  switch (f_.op[i]) {
    case Op::memory_grow:
      value(runtime(RuntimeCall::memory_grow, {memory, a()}));
      if (uses_memory0_) load_memory0();
      return;
    case Op::memory_fill: return runtime_or_trap(RuntimeCall::memory_fill, {memory, a(), b(), c()});
    case Op::memory_copy: return runtime_or_trap(RuntimeCall::memory_copy, {memory, a(), b(), c()});
    case Op::memory_init: return runtime_or_trap(RuntimeCall::memory_init, {memory, imm, a(), b(), c()});
    case Op::data_drop: return runtime_or_trap(RuntimeCall::data_drop, {imm});
    case Op::table_set: return runtime_or_trap(RuntimeCall::table_set, {imm, a(), b()});
    case Op::table_grow: return value(runtime(RuntimeCall::table_grow, {imm, a(), b()}));
    case Op::table_fill: return runtime_or_trap(RuntimeCall::table_fill, {imm, a(), b(), c()});
    case Op::table_copy: return runtime_or_trap(RuntimeCall::table_copy, {imm, number(f_.aux[i]), a(), b(), c()});
    case Op::table_init: return runtime_or_trap(RuntimeCall::table_init, {number(f_.aux[i]), imm, a(), b(), c()});
    case Op::elem_drop: return runtime_or_trap(RuntimeCall::elem_drop, {imm});
    default: return;
  }
}

void FunctionEmitter::table_element(uint32_t i) {
  const Operand slot = scratch();
  runtime_or_trap(RuntimeCall::table_get, {number(f_.imm[i]), any(f_.a[i]), slot});
  line("ld.b64 ", def(i), ", [", slot, "];");
}

void FunctionEmitter::atomic_wait(uint32_t i) {
  const ir::Access access = ir::Access::unpack(f_.aux[i]);
  const Operand memory = number(access.memory), address = any(f_.a[i]), offset = number(f_.imm[i]), slot = scratch();
  if (f_.op[i] == Op::atomic_notify) {
    runtime_or_trap(RuntimeCall::atomic_notify, {memory, address, offset, any(f_.b[i]), slot});
  } else {
    Operand expected = reg(f_.b[i]);
    if (!is_wide(f_.b[i])) {
      expected = new_l();
      line("cvt.u64.u32 ", expected, ", ", reg(f_.b[i]), ';');
    }
    runtime_or_trap(RuntimeCall::atomic_wait,
                    {memory, address, offset, expected, any(f_.c[i]), number(access.bytes()), slot});
  }
  line("ld.b32 ", def(i), ", [", slot, "];");
}

void FunctionEmitter::fuel(uint32_t i) {
  const Operand left = new_l(), p = new_p();
  const auto at = static_cast<uint32_t>(offsetof(abi::Instance, fuel));
  const uint32_t label = new_label();
  line("ld.global.b64 ", left, ", [%inst+", at, "];");
  line("sub.s64 ", left, ", ", left, ", ", f_.imm[i], ';');
  line("st.global.b64 [%inst+", at, "], ", left, ';');
  line("setp.lt.s64 ", p, ", ", left, ", 0;");
  line("@", p, " bra $C", label, ';');
  line("$J", label, ':');
  cold_begin(label);
  runtime_or_trap(RuntimeCall::refuel, {});
  line("bra $J", label, ';');
  cold_end();
}

}  // namespace rustg::ptx
