#include "target/ptx/function.h"

#include <bit>

#include "target/ptx/alignment.h"

namespace rustg::ptx {

ReturnLayout::ReturnLayout(std::span<const ir::Type> results) {
  for (ir::Type type : results) {
    const uint32_t bytes = ir::size_of(type);
    size = (size + bytes - 1) / bytes * bytes;
    offsets.push_back(size);
    size += bytes;
    align = std::max(align, bytes);
  }
  size = (size + align - 1) / align * align;
}

std::string prototype(const ir::Signature& signature, std::string_view name) {
  const ReturnLayout layout(signature.results);
  const bool anonymous = name == "_";
  Text text;
  if (anonymous)
    text.put(".callprototype (.param .align ");
  else
    text.put(".func (.param .align ");
  text.put(layout.align), text.put(anonymous ? " .b8 _[" : " .b8 ret["), text.put(layout.size), text.put("]) ");
  text.put(name);
  text.put(anonymous ? "(.param .b64 _, .param .b32 _" : "(.param .b64 instance, .param .b32 depth");
  for (uint32_t k = 0; k < signature.params.size(); ++k) {
    text.put(", .param ."), text.put(bits_type(signature.params[k]));
    if (anonymous)
      text.put(" _");
    else
      text.put(" p"), text.put(k);
  }
  text.put(')');
  return text.take();
}

FunctionEmitter::FunctionEmitter(const Context& context, ir::FunctionId function)
    : c_(context),
      program_(context.program),
      id_(function),
      f_(context.program.functions[function.value]),
      signature_(context.program.signatures[f_.signature.value]),
      tag_(function.value << 8),
      flow_(f_) {
  register_.assign(f_.size(), ir::ValueId::kNone);
  emitted_.assign(f_.size(), 0);
  checked_of_.assign(f_.size(), ir::ValueId::kNone);
  pointer_.assign(f_.size(), 0);
  pointer_epoch_.assign(f_.size(), 0);
  if (!program_.memories.empty()) memory0_minimum_ = program_.memories[0].min_pages * ir::kPageSize;
  for (Type type : signature_.results) results_.push_back(new_of(type));
}

Operand FunctionEmitter::immediate(uint32_t v) const {
  const uint64_t bits = f_.constant(v);
  return number(is_wide(v) ? static_cast<int64_t>(bits) : static_cast<int32_t>(bits));
}

Operand FunctionEmitter::reg(uint32_t v) {
  if (register_[v] == ir::ValueId::kNone) {
    register_[v] = static_cast<uint32_t>(new_of(f_.type[v]).value);
    if (is_constant(v)) constants_.push_back(v);
  }
  return {is_wide(v) ? Operand::Kind::l : Operand::Kind::r, register_[v]};
}

Operand FunctionEmitter::any(uint32_t v) { return is_constant(v) ? immediate(v) : reg(v); }

// Which pure values anything needs, and whether as a register or as a predicate only. Definitions come before uses in the
// block order, so one walk backwards sees every use first.
void FunctionEmitter::find_needed() {
  needed_.assign(f_.size(), 0);
  condition_needed_.assign(f_.size(), 0);
  auto need_condition = [&](uint32_t v) { (is_comparison(f_.op[v]) ? condition_needed_ : needed_)[v] = 1; };
  for (uint32_t i = f_.size(); i-- > 0;) {
    const Op op = f_.op[i];
    const ir::OpInfo& op_info = ir::info(op);
    if (op_info.pure() && op != Op::param && !needed_[i] && !condition_needed_[i]) continue;
    if (op == Op::ieqz && !needed_[i] && is_comparison(f_.op[f_.a[i]])) {
      need_condition(f_.a[i]);
    } else if (op == Op::br_if) {
      need_condition(f_.a[i]);
    } else if (op == Op::select) {
      needed_[f_.a[i]] = needed_[f_.b[i]] = 1;
      need_condition(f_.c[i]);
    } else {
      for (uint32_t k = 0; k < op_info.values; ++k) needed_[f_.operand(i, k).value] = 1;
      if (op == Op::call_indirect) needed_[f_.c[i]] = 1;
      if (op == Op::call || op == Op::call_indirect || op == Op::ret)
        for (ir::ValueId v : f_.call_args(i)) needed_[v.value] = 1;
    }
    const auto edges = f_.edges(i);
    for (uint32_t e = edges.first; e < edges.first + edges.count; ++e)
      for (ir::ValueId v : f_.edge_args(e)) needed_[v.value] = 1;
  }
}

EmittedFunction FunctionEmitter::emit() {
  if (program_.is_host(id_)) {
    host_thunk();
  } else {
    align_ = value_alignment(program_, id_, c_.facts);
    find_needed();
    find_nans();
    for (uint32_t i = 0; i < f_.size(); ++i) {
      const ir::OpInfo& op = ir::info(f_.op[i]);
      makes_calls_ |= f_.op[i] == Op::call || f_.op[i] == Op::call_indirect;
      uses_globals_ |= f_.op[i] == Op::global_get || f_.op[i] == Op::global_set;
      if ((op.reads || op.may_trap) && f_.op[i] >= Op::load && f_.op[i] <= Op::atomic_cmpxchg)
        uses_memory0_ |= ir::Access::unpack(f_.aux[i]).memory == 0;
    }
    for (uint32_t k = 0; k < f_.block_count(); ++k) {
      ++epoch_;
      block_ = k;
      line("$B", k, ':');
      for (uint32_t i = f_.block_begin[k]; i + 1 < f_.block_begin[k + 1]; ++i)
        if (ir::info(f_.op[i]).pure() ? needed_[i] && !emitted_[i] : true) instruction(i);
      terminator(f_.block_begin[k + 1] - 1, k);
    }
    epilogue();
  }
  Text text;
  prologue(text);
  text.put(body_.str());
  text.put(cold_.str());
  text.line("}");
  result_.text = text.take();
  return std::move(result_);
}

void FunctionEmitter::prologue(Text& text) {
  // The body is known by now; what it turned out to need is set up here.
  Text head;
  std::swap(body_, head);
  out_ = &body_;
  line("ld.param.b64 %inst, [instance];");
  if (makes_calls_) {
    const Operand p = new_p();
    line("ld.param.b32 %depth, [depth];");
    line("setp.eq.u32 ", p, ", %depth, 0;");
    line("@", p, " bra $T", static_cast<uint32_t>(Trap::stack_exhausted), ';');
    line("sub.u32 %depth, %depth, 1;");
  }
  if (f_.size())
    for (uint32_t k = 0; k < signature_.params.size(); ++k)
      if (needed_[k]) line("ld.param.", bits_type(signature_.params[k]), ' ', reg(k), ", [p", k, "];");
  for (uint32_t v : constants_) line("mov.", bits_type(f_.type[v]), ' ', reg(v), ", ", immediate(v), ';');
  if (uses_globals_)
    line("ld.global.b64 %globals, [%inst+", static_cast<uint32_t>(offsetof(abi::Instance, globals)), "];");
  if (uses_memory0_) load_memory0();
  std::swap(body_, head);

  text.line(".visible ", prototype(signature_, std::string("f_") + std::to_string(id_.value)));
  text.line("{");
  text.line(".reg .b64 %inst, %globals, %base, %size; .reg .b32 %depth, %last, %st;");
  if (r_count_) text.line(".reg .b32 %r<", r_count_, ">;");
  if (l_count_) text.line(".reg .b64 %l<", l_count_, ">;");
  if (p_count_) text.line(".reg .pred %p<", p_count_, ">;");
  if (uses_scratch_) text.line(".local .align 8 .b8 scratch[8];");
  text.put(head.str());
}

// The ways out: trap blocks, the unwind block after calls, and the one return. `exit` is never used: a lane that is done with
// this instance goes back to the kernel for the next one.
void FunctionEmitter::epilogue() {
  if (makes_calls_) traps_ |= 1u << static_cast<uint32_t>(Trap::stack_exhausted);
  out_ = &cold_;
  for (uint32_t kinds = traps_; kinds; kinds &= kinds - 1) {
    const auto kind = static_cast<uint32_t>(std::countr_zero(kinds));
    line("$T", kind, ':');
    line("mov.b32 %st, ", tag_ | kind, ';');
    line("bra.uni $Z;");
    uses_zero_ = true;
  }
  if (result_.uses_unwind) {
    line("$U:");
    line("{");
    line(".param .b64 q0; .param .b32 q1; .param .b32 q2; .param .b32 q;");
    line("st.param.b64 [q0], %inst;");
    line("st.param.b32 [q1], %st;");
    line("st.param.b32 [q2], ", tag_, ';');
    line("call.uni (q), rustg_unwind, (q0, q1, q2);");
    line("ld.param.b32 %st, [q];");
    line("}");
    line("bra.uni $Z;");
    uses_zero_ = true;
  }
  if (runtime_trap_) {
    line("$R:");
    line("or.b32 %st, %st, ", tag_, ';');
    uses_zero_ = true;
  }
  if (uses_zero_) {
    // Results mean nothing beside a status, but no register is ever read that was not written.
    line("$Z:");
    for (const Operand& r : results_) line(r.kind == Operand::Kind::r ? "mov.b32 " : "mov.b64 ", r, ", 0;");
  }
  line("$RET:");
  const ReturnLayout layout(signature_.results);
  line("st.param.b32 [ret], %st;");
  for (uint32_t k = 0; k < results_.size(); ++k)
    line("st.param.", bits_type(signature_.results[k]), " [ret+", layout.offsets[k], "], ", results_[k], ';');
  line("ret;");
  out_ = &body_;
}

void FunctionEmitter::cold_begin(uint32_t label) {
  out_ = &cold_;
  line("$C", label, ':');
}

void FunctionEmitter::instruction(uint32_t i) {
  switch (f_.op[i]) {
    case Op::param:
    case Op::iconst:
    case Op::fconst:
    case Op::result: return;  // params are set by edges, constants where they are used, results at their call
    case Op::ref_null:
    case Op::ref_func:
    case Op::ref_is_null: return reference(i);
    case Op::iadd:
    case Op::isub:
    case Op::imul:
    case Op::iand:
    case Op::ior:
    case Op::ixor:
    case Op::sext8:
    case Op::sext16:
    case Op::sext32: return integer(i);
    case Op::sdiv:
    case Op::udiv:
    case Op::srem:
    case Op::urem: return divide(i);
    case Op::shl:
    case Op::sshr:
    case Op::ushr: return shift(i);
    case Op::rotl:
    case Op::rotr: return rotate(i);
    case Op::clz:
    case Op::ctz:
    case Op::popcnt: return count_bits(i);
    case Op::ieqz:
    case Op::ieq:
    case Op::ine:
    case Op::slt:
    case Op::ult:
    case Op::sgt:
    case Op::ugt:
    case Op::sle:
    case Op::ule:
    case Op::sge:
    case Op::uge:
    case Op::feq:
    case Op::fne:
    case Op::flt:
    case Op::fgt:
    case Op::fle:
    case Op::fge: return comparison(i);
    case Op::fadd:
    case Op::fsub:
    case Op::fmul:
    case Op::fdiv:
    case Op::fcopysign:
    case Op::fabs:
    case Op::fneg:
    case Op::fceil:
    case Op::ffloor:
    case Op::ftrunc:
    case Op::fnearest:
    case Op::fsqrt: return floating(i);
    case Op::fmin:
    case Op::fmax: return min_max(i);
    case Op::wrap:
    case Op::sextend:
    case Op::zextend:
    case Op::trunc_sat_s:
    case Op::trunc_sat_u:
    case Op::convert_s:
    case Op::convert_u:
    case Op::fdemote:
    case Op::fpromote:
    case Op::bitcast: return convert(i);
    case Op::trunc_s:
    case Op::trunc_u: return truncate(i);
    case Op::select: return select(i);
    case Op::load:
    case Op::store: return access(i);
    case Op::guard: return check(i);
    case Op::atomic_load:
    case Op::atomic_store:
    case Op::atomic_rmw_add:
    case Op::atomic_rmw_sub:
    case Op::atomic_rmw_and:
    case Op::atomic_rmw_or:
    case Op::atomic_rmw_xor:
    case Op::atomic_rmw_xchg:
    case Op::atomic_cmpxchg: return atomic(i);
    case Op::atomic_wait:
    case Op::atomic_notify: return atomic_wait(i);
    case Op::fence: return line("fence.sc.sys;");
    case Op::memory_size: return memory_size(i);
    case Op::memory_grow:
    case Op::memory_fill:
    case Op::memory_copy:
    case Op::memory_init:
    case Op::data_drop:
    case Op::table_set:
    case Op::table_grow:
    case Op::table_fill:
    case Op::table_copy:
    case Op::table_init:
    case Op::elem_drop: return runtime_operation(i);
    case Op::table_get: return table_element(i);
    case Op::table_size: return table_size(i);
    case Op::global_get:
    case Op::global_set: return global(i);
    case Op::call: return call(i);
    case Op::call_indirect: return call_indirect(i);
    case Op::fuel: return fuel(i);
    case Op::br:
    case Op::br_if:
    case Op::br_table:
    case Op::ret:
    case Op::trap: return;  // see terminator
  }
}

}  // namespace rustg::ptx
