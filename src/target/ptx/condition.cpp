// Comparisons, and the i32 conditions of branches and selects as predicates.
#include "target/ptx/function.h"

namespace rustg::ptx {

// setp of comparison i.
Operand FunctionEmitter::compare(uint32_t i) {
  const char* relation = nullptr;
  char sign = 's';
  switch (f_.op[i]) {
    case Op::ieqz:
    case Op::ieq: relation = "eq"; break;
    case Op::ine: relation = "ne"; break;
    case Op::slt: relation = "lt"; break;
    case Op::ult: relation = "lt", sign = 'u'; break;
    case Op::sgt: relation = "gt"; break;
    case Op::ugt: relation = "gt", sign = 'u'; break;
    case Op::sle: relation = "le"; break;
    case Op::ule: relation = "le", sign = 'u'; break;
    case Op::sge: relation = "ge"; break;
    case Op::uge: relation = "ge", sign = 'u'; break;
    case Op::feq: relation = "eq"; break;
    case Op::fne: relation = "neu"; break;  // unordered: true with a NaN; the others are false
    case Op::flt: relation = "lt"; break;
    case Op::fgt: relation = "gt"; break;
    case Op::fle: relation = "le"; break;
    case Op::fge: relation = "ge"; break;
    default: break;
  }
  const Operand p = new_p();
  const uint32_t a = f_.a[i];
  const auto width = is_wide(a) ? 64u : 32u;
  if (ir::is_float(f_.type[a])) {
    line("setp.", relation, ".f", width, ' ', p, ", ", reg(a), ", ", float_operand(f_.b[i]), ';');
  } else {
    const Operand b = f_.op[i] == Op::ieqz ? number(0) : any(f_.b[i]);
    line("setp.", relation, '.', sign, width, ' ', p, ", ", reg(a), ", ", b, ';');
  }
  return p;
}

FunctionEmitter::Condition FunctionEmitter::condition(uint32_t v) {
  if (f_.op[v] == Op::ieqz && is_comparison(f_.op[f_.a[v]]) && !needed_[v]) {
    Condition inner = condition(f_.a[v]);
    inner.negated = !inner.negated;
    return inner;
  }
  if (is_comparison(f_.op[v])) return {compare(v), false};
  const Operand p = new_p();
  line("setp.ne.s32 ", p, ", ", reg(v), ", 0;");
  return {p, false};
}

void FunctionEmitter::comparison(uint32_t i) {
  const Operand p = compare(i);
  line("selp.b32 ", def(i), ", 1, 0, ", p, ';');
}

void FunctionEmitter::select(uint32_t i) {
  const bool whole = ir::is_float(f_.type[i]) && !arithmetic_[i];
  Operand a = whole ? bits(f_.a[i]) : any(f_.a[i]);
  Operand b = whole ? bits(f_.b[i]) : any(f_.b[i]);
  const Condition c = condition(f_.c[i]);
  if (c.negated) std::swap(a, b);
  line("selp.", bits_type(f_.type[i]), ' ', def(i), ", ", a, ", ", b, ", ", c.p, ';');
}

}  // namespace rustg::ptx
