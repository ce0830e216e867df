// Conversions between types.
#include "target/ptx/function.h"

namespace rustg::ptx {

void FunctionEmitter::convert(uint32_t i) {
  const uint32_t a = f_.a[i];
  const uint32_t to = is_wide(i) ? 64 : 32, from = is_wide(a) ? 64 : 32;
  auto simple = [&](const char* m) { line(m, def(i), ", ", reg(a), ';'); };
  switch (f_.op[i]) {
    case Op::wrap: return simple("cvt.u32.u64 ");
    case Op::sextend: return simple("cvt.s64.s32 ");
    case Op::zextend: return simple("cvt.u64.u32 ");
    case Op::fdemote: return simple("cvt.rn.f32.f64 ");
    case Op::fpromote: return simple("cvt.f64.f32 ");
    case Op::bitcast: return line("mov.", bits_type(f_.type[i]), ' ', def(i), ", ", bits(a), ';');
    case Op::convert_s: return line("cvt.rn.f", to, ".s", from, ' ', def(i), ", ", reg(a), ';');
    case Op::convert_u: return line("cvt.rn.f", to, ".u", from, ' ', def(i), ", ", reg(a), ';');
    case Op::trunc_sat_s:
    case Op::trunc_sat_u: {
      // cvt saturates by itself, but its answer for a NaN is not always 0.
      const char sign = f_.op[i] == Op::trunc_sat_s ? 's' : 'u';
      const Operand number = new_p(), value = new_of(f_.type[i]);
      line("setp.num.f", from, ' ', number, ", ", reg(a), ", ", reg(a), ';');
      line("cvt.rzi.", sign, to, ".f", from, ' ', value, ", ", reg(a), ';');
      return line("selp.b", to, ' ', def(i), ", ", value, ", 0, ", number, ';');
    }
    default: return;
  }
}

// The values that fit are those strictly between two bounds; the bounds are the nearest floats outside.
void FunctionEmitter::truncate(uint32_t i) {
  const uint32_t a = f_.a[i];
  const bool wide_int = is_wide(i), wide_float = is_wide(a), is_signed = f_.op[i] == Op::trunc_s;
  const char* lower;
  if (!is_signed) {
    lower = wide_float ? "0dBFF0000000000000" : "0fBF800000";  // -1
  } else if (!wide_int) {
    lower = wide_float ? "0dC1E0000000200000" : "0fCF000001";  // -2^31 - 1, or the f32 below -2^31
  } else {
    lower = wide_float ? "0dC3E0000000000001" : "0fDF000001";  // the float below -2^63
  }
  const char* upper;
  if (!wide_int) {
    upper = is_signed ? (wide_float ? "0d41E0000000000000" : "0f4F000000")   // 2^31
                      : (wide_float ? "0d41F0000000000000" : "0f4F800000");  // 2^32
  } else {
    upper = is_signed ? (wide_float ? "0d43E0000000000000" : "0f5F000000")   // 2^63
                      : (wide_float ? "0d43F0000000000000" : "0f5F800000");  // 2^64
  }
  const uint32_t to = wide_int ? 64 : 32, from = wide_float ? 64 : 32;
  const Operand nan = new_p(), above = new_p(), inside = new_p();
  line("setp.nan.f", from, ' ', nan, ", ", reg(a), ", ", reg(a), ';');
  trap_if(nan, Trap::invalid_conversion_to_integer);
  line("setp.gt.f", from, ' ', above, ", ", reg(a), ", ", lower, ';');
  line("setp.lt.and.f", from, ' ', inside, ", ", reg(a), ", ", upper, ", ", above, ';');
  trap_if(inside, Trap::integer_overflow, true);
  line("cvt.rzi.", is_signed ? 's' : 'u', to, ".f", from, ' ', def(i), ", ", reg(a), ';');
}

}  // namespace rustg::ptx
