// Integer arithmetic.
#include "target/ptx/function.h"

namespace rustg::ptx {

void FunctionEmitter::integer(uint32_t i) {
  const bool wide = is_wide(i);
  const Operand a = reg(f_.a[i]);
  auto binary = [&](const char* mnemonic) {
    line(mnemonic, wide ? "64 " : "32 ", def(i), ", ", a, ", ", any(f_.b[i]), ';');
  };
  switch (f_.op[i]) {
    case Op::iadd: return binary("add.s");
    case Op::isub: return binary("sub.s");
    case Op::imul: return binary("mul.lo.s");
    case Op::iand: return binary("and.b");
    case Op::ior: return binary("or.b");
    case Op::ixor: return binary("xor.b");
    case Op::sext8: return line(wide ? "cvt.s64.s8 " : "cvt.s32.s8 ", def(i), ", ", a, ';');
    case Op::sext16: return line(wide ? "cvt.s64.s16 " : "cvt.s32.s16 ", def(i), ", ", a, ';');
    case Op::sext32: return line("cvt.s64.s32 ", def(i), ", ", a, ';');
    default: return;
  }
}

// PTX leaves division by 0 and the overflowing one undefined; both are decided before.
void FunctionEmitter::divide(uint32_t i) {
  const Op op = f_.op[i];
  const uint32_t a = f_.a[i], b = f_.b[i];
  const uint32_t width = is_wide(i) ? 64 : 32;
  const bool is_signed = op == Op::sdiv || op == Op::srem;
  const int64_t divisor = is_constant(b) ? static_cast<int64_t>(immediate(b).value) : 0;
  if (divisor == 0) {
    const Operand zero = new_p();
    line("setp.eq.s", width, ' ', zero, ", ", reg(b), ", 0;");
    trap_if(zero, Trap::integer_divide_by_zero);
  }
  const bool may_be_minus_one = is_signed && (!is_constant(b) || divisor == -1);
  Operand d = any(b);
  if (may_be_minus_one && op == Op::sdiv) {
    const Operand least = new_p(), overflow = new_p();
    line("setp.eq.s", width, ' ', least, ", ", reg(a), ", ", number(width == 64 ? INT64_MIN : INT32_MIN), ';');
    line("setp.eq.and.s", width, ' ', overflow, ", ", reg(b), ", -1, ", least, ';');
    trap_if(overflow, Trap::integer_overflow);
  } else if (may_be_minus_one) {  // x % -1 == x % 1 == 0, for the least integer too
    const Operand minus_one = new_p();
    d = new_of(f_.type[i]);
    line("setp.eq.s", width, ' ', minus_one, ", ", reg(b), ", -1;");
    line("selp.b", width, ' ', d, ", 1, ", reg(b), ", ", minus_one, ';');
  }
  const bool quotient = op == Op::sdiv || op == Op::udiv;
  line(quotient ? "div." : "rem.", is_signed ? 's' : 'u', width, ' ', def(i), ", ", reg(a), ", ", d, ';');
}

void FunctionEmitter::shift(uint32_t i) {
  const Op op = f_.op[i];
  const uint32_t a = f_.a[i], b = f_.b[i];
  const bool wide = is_wide(i);
  const char* mnemonic = op == Op::shl ? "shl.b" : op == Op::sshr ? "shr.s" : "shr.u";
  if (is_constant(b)) {
    const auto count = static_cast<uint32_t>(immediate(b).value) & (wide ? 63 : 31);
    return line(mnemonic, wide ? "64 " : "32 ", def(i), ", ", reg(a), ", ", count, ';');
  }
  // PTX clamps counts; the IR wraps them. The funnel shift wraps by itself: one instruction instead of two.
  if (!wide && op == Op::shl) return line("shf.l.wrap.b32 ", def(i), ", 0, ", reg(a), ", ", reg(b), ';');
  if (!wide && op == Op::ushr) return line("shf.r.wrap.b32 ", def(i), ", ", reg(a), ", 0, ", reg(b), ';');
  Operand count = new_r();
  if (wide) {
    line("cvt.u32.u64 ", count, ", ", reg(b), ';');
    line("and.b32 ", count, ", ", count, ", 63;");
  } else {
    line("and.b32 ", count, ", ", reg(b), ", 31;");
  }
  line(mnemonic, wide ? "64 " : "32 ", def(i), ", ", reg(a), ", ", count, ';');
}

void FunctionEmitter::rotate(uint32_t i) {
  const bool left = f_.op[i] == Op::rotl;
  const uint32_t a = f_.a[i], b = f_.b[i];
  if (!is_wide(i)) {
    line(left ? "shf.l.wrap.b32 " : "shf.r.wrap.b32 ", def(i), ", ", reg(a), ", ", reg(a), ", ", any(b), ';');
    return;
  }
  const Operand up = new_l(), down = new_l();
  if (is_constant(b)) {
    const auto count = static_cast<uint32_t>(immediate(b).value) & 63;
    const uint32_t to_left = left ? count : (64 - count) & 63;
    line("shl.b64 ", up, ", ", reg(a), ", ", to_left, ';');
    line("shr.u64 ", down, ", ", reg(a), ", ", (64 - to_left) & 63, ';');
  } else {
    const Operand count = new_r(), back = new_r();
    line("cvt.u32.u64 ", count, ", ", reg(b), ';');
    line("neg.s32 ", back, ", ", count, ';');
    line("and.b32 ", count, ", ", count, ", 63;");
    line("and.b32 ", back, ", ", back, ", 63;");
    line("shl.b64 ", up, ", ", reg(a), ", ", left ? count : back, ';');
    line("shr.u64 ", down, ", ", reg(a), ", ", left ? back : count, ';');
  }
  line("or.b64 ", def(i), ", ", up, ", ", down, ';');
}

void FunctionEmitter::count_bits(uint32_t i) {
  const bool wide = is_wide(i);
  const char* width = wide ? "64 " : "32 ";
  Operand a = reg(f_.a[i]);
  if (f_.op[i] == Op::ctz) {
    const Operand reversed = new_of(f_.type[i]);
    line("brev.b", width, reversed, ", ", a, ';');
    a = reversed;
  }
  const Operand count = wide ? new_r() : def(i);
  line(f_.op[i] == Op::popcnt ? "popc.b" : "clz.b", width, count, ", ", a, ';');
  if (wide) line("cvt.u64.u32 ", def(i), ", ", count, ';');
}

}  // namespace rustg::ptx
