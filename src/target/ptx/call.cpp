// Calls: direct, through a table, to the runtime, and the thunks that make host functions look like any other.
#include "target/ptx/function.h"

namespace rustg::ptx {
namespace {

constexpr RuntimeCallInfo kRuntimeCallInfos[] = {
#define RUSTG_RUNTIME_CALL(name, params) {#name, params},
#include "target/abi/runtime_calls.def"
#undef RUSTG_RUNTIME_CALL
};

constexpr const char* param_type(char letter) { return letter == 'w' ? "b32" : "b64"; }

}  // namespace

const RuntimeCallInfo& info(RuntimeCall call) { return kRuntimeCallInfos[static_cast<uint8_t>(call)]; }

std::string runtime_prototype(RuntimeCall call) {
  Text text;
  text.put(".func (.param .b32 ret) rustg_"), text.put(info(call).name), text.put("(.param .b64 instance");
  uint32_t k = 0;
  for (char letter : info(call).params)
    text.put(", .param ."), text.put(param_type(letter)), text.put(" p"), text.put(k++);
  text.put(')');
  return text.take();
}

// The call proper: arguments are evaluated before the braces, whose .params live for the one call only.
void FunctionEmitter::call_with(uint32_t i, const std::string& target, std::string_view proto,
                                const ir::Signature& signature) {
  const ReturnLayout layout(signature.results);
  std::vector<Operand> args;
  for (ir::ValueId v : f_.call_args(i)) args.push_back(bits(v.value));
  line("{");
  line(".param .align ", layout.align, " .b8 q[", layout.size, "]; .param .b64 a; .param .b32 b;");
  line("st.param.b64 [a], %inst;");
  line("st.param.b32 [b], %depth;");
  for (uint32_t k = 0; k < args.size(); ++k) {
    const auto type = bits_type(signature.params[k]);
    line(".param .", type, " q", k, ';');
    line("st.param.", type, " [q", k, "], ", args[k], ';');
  }
  Text& text = *out_;
  text.put("call (q), "), text.put(target), text.put(", (a, b");
  for (uint32_t k = 0; k < args.size(); ++k) text.put(", q"), text.put(k);
  text.put(')');
  if (!proto.empty()) text.put(", "), text.put(proto);
  text.line(";");
  line("ld.param.b32 %st, [q];");
  // Results: the call's own value, or the `result` operations that follow it.
  for (uint32_t k = 0; k < signature.results.size(); ++k) {
    const uint32_t v = signature.results.size() == 1 ? i : i + 1 + k;
    const bool read = signature.results.size() == 1 || (v < f_.size() && f_.op[v] == Op::result && f_.a[v] == i);
    if (!read) break;
    const uint32_t which = signature.results.size() == 1 ? 0 : f_.imm[v];
    line("ld.param.", bits_type(f_.type[v]), ' ', def(v), ", [q+", layout.offsets[which], "];");
  }
  line("}");
  const Operand failed = new_p();
  line("setp.ne.s32 ", failed, ", %st, 0;");
  line("@", failed, " bra $U;");
  result_.uses_unwind = true;
}

void FunctionEmitter::call(uint32_t i) {
  const ir::FunctionId callee{f_.imm[i]};
  result_.callees.push_back(callee);
  call_with(i, "f_" + std::to_string(callee.value), {},
            program_.signatures[program_.functions[callee.value].signature.value]);
  if (c_.facts.may_grow[callee.value] && uses_memory0_) load_memory0();
}

// A reference is the function's number + 1; rustg_functions has the code address of every function that can be referenced.
void FunctionEmitter::call_indirect(uint32_t i) {
  const uint32_t index = f_.c[i];
  const auto table = static_cast<uint32_t>(f_.aux[i] * sizeof(abi::Table));
  const Operand tables = new_l(), elements = new_l(), size = new_r(), outside = new_p(), slot = new_l(),
                reference = new_l();
  line("ld.global.b64 ", tables, ", [%inst+", static_cast<uint32_t>(offsetof(abi::Instance, tables)), "];");
  line("ld.global.b32 ", size, ", [", tables, '+', table + static_cast<uint32_t>(offsetof(abi::Table, size)), "];");
  line("ld.global.b64 ", elements, ", [", tables, '+', table + static_cast<uint32_t>(offsetof(abi::Table, elements)),
       "];");
  line("setp.ge.u32 ", outside, ", ", reg(index), ", ", size, ';');
  trap_if(outside, Trap::table_out_of_bounds);
  line("mad.wide.u32 ", slot, ", ", reg(index), ", 8, ", elements, ';');
  line("ld.global.b64 ", reference, ", [", slot, "];");
  const Operand null = new_p(), number32 = new_r(), signatures = new_l(), at = new_l(), found = new_r(),
                differs = new_p();
  line("setp.eq.s64 ", null, ", ", reference, ", 0;");
  trap_if(null, Trap::uninitialized_element);
  line("cvt.u32.u64 ", number32, ", ", reference, ';');
  line("sub.u32 ", number32, ", ", number32, ", 1;");
  line("ld.global.b64 ", signatures, ", [%inst+", static_cast<uint32_t>(offsetof(abi::Instance, function_signatures)),
       "];");
  line("mad.wide.u32 ", at, ", ", number32, ", 4, ", signatures, ';');
  line("ld.global.b32 ", found, ", [", at, "];");
  line("setp.ne.s32 ", differs, ", ", found, ", ", f_.imm[i], ';');
  trap_if(differs, Trap::indirect_call_type_mismatch);
  const Operand functions = new_l(), entry = new_l(), code = new_l();
  line("mov.b64 ", functions, ", rustg_functions;");
  line("mad.wide.u32 ", entry, ", ", number32, ", 8, ", functions, ';');
  line("ld.global.b64 ", code, ", [", entry, "];");
  result_.uses_table = true;

  const ir::Signature& signature = program_.signatures[f_.imm[i]];
  const std::string proto = "$P" + std::to_string(new_label());
  line(proto, ": ", prototype(signature, "_"), ';');
  call_with(i, "%l" + std::to_string(code.value), proto, signature);
  if (c_.facts.signature_may_grow[f_.imm[i]] && uses_memory0_) load_memory0();
}

Operand FunctionEmitter::runtime(RuntimeCall call, std::initializer_list<Operand> args) {
  result_.runtime_calls |= 1u << static_cast<uint8_t>(call);
  line("{");
  line(".param .b32 q; .param .b64 a;");
  line("st.param.b64 [a], %inst;");
  uint32_t k = 0;
  for (const Operand& arg : args) {
    const char* type = param_type(info(call).params[k]);
    line(".param .", type, " q", k, "; st.param.", type, " [q", k, "], ", arg, ';');
    ++k;
  }
  Text& text = *out_;
  text.put("call (q), rustg_"), text.put(info(call).name), text.put(", (a");
  for (uint32_t n = 0; n < k; ++n) text.put(", q"), text.put(n);
  text.line(");");
  const Operand result = new_r();
  line("ld.param.b32 ", result, ", [q];");
  line("}");
  return result;
}

void FunctionEmitter::runtime_or_trap(RuntimeCall call, std::initializer_list<Operand> args) {
  const Operand trap = runtime(call, args), trapped = new_p();
  line("mov.b32 %st, ", trap, ';');
  line("setp.ne.s32 ", trapped, ", ", trap, ", 0;");
  line("@", trapped, " bra $R;");
  runtime_trap_ = true;
}

// A host function under the calling convention of all others: its arguments go to slots in local memory, its result comes
// back in the first ones.
void FunctionEmitter::host_thunk() {
  const size_t params = signature_.params.size(), results = signature_.results.size();
  const size_t slots = std::max<size_t>({params, results, 1});
  line(".local .align 8 .b8 slots[", 8 * static_cast<uint32_t>(slots), "];");
  for (uint32_t k = 0; k < params; ++k) {
    const Operand value = new_of(signature_.params[k]);
    line("ld.param.", bits_type(signature_.params[k]), ' ', value, ", [p", k, "];");
    line("st.local.", bits_type(signature_.params[k]), " [slots+", 8 * k, "], ", value, ';');
  }
  const Operand pointer = new_l();
  line("mov.b64 ", pointer, ", slots;");
  line("cvta.local.u64 ", pointer, ", ", pointer, ';');
  runtime_or_trap(RuntimeCall::host_call, {number(program_.host[id_.value]), pointer});
  for (uint32_t k = 0; k < results; ++k)
    line("ld.local.", bits_type(signature_.results[k]), ' ', results_[k], ", [slots+", 8 * k, "];");
  line("bra.uni $RET;");
  epilogue();
}

}  // namespace rustg::ptx
