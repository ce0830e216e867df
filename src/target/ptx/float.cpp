// Floating point. Every operation names its rounding, which also keeps ptxas from contracting a multiply and an add.
#include "target/ptx/function.h"

namespace rustg::ptx {

void FunctionEmitter::floating(uint32_t i) {
  const bool wide = is_wide(i);
  const char* suffix = wide ? "f64 " : "f32 ";
  auto binary = [&](const char* m) { line(m, suffix, def(i), ", ", reg(f_.a[i]), ", ", float_operand(f_.b[i]), ';'); };
  auto unary = [&](const char* m) { line(m, suffix, def(i), ", ", reg(f_.a[i]), ';'); };
  auto round = [&](const char* mode) {
    line("cvt.", mode, wide ? ".f64.f64 " : ".f32.f32 ", def(i), ", ", reg(f_.a[i]), ';');
  };
  // The sign is a bit: a NaN keeps its payload, which PTX's neg and abs do not promise.
  const char* sign = wide ? "0x8000000000000000" : "0x80000000";
  const char* rest = wide ? "0x7fffffffffffffff" : "0x7fffffff";
  auto bitwise = [&](const char* m, const Operand& to, const Operand& a, const auto& b) {
    line(m, wide ? ".b64 " : ".b32 ", to, ", ", a, ", ", b, ';');
  };
  auto as_register = [&](uint32_t v) { return is_constant(v) ? reg(v) : bits(v); };
  switch (f_.op[i]) {
    case Op::fadd: return binary("add.rn.");
    case Op::fsub: return binary("sub.rn.");
    case Op::fmul: return binary("mul.rn.");
    case Op::fdiv: return binary("div.rn.");
    case Op::fsqrt: return unary("sqrt.rn.");
    case Op::fceil: return round("rpi");
    case Op::ffloor: return round("rmi");
    case Op::ftrunc: return round("rzi");
    case Op::fnearest: return round("rni");
    case Op::fneg: return bitwise("xor", def(i), as_register(f_.a[i]), sign);
    case Op::fabs: return bitwise("and", def(i), as_register(f_.a[i]), rest);
    case Op::fcopysign: {
      const Operand magnitude = new_of(f_.type[i]), signs = new_of(f_.type[i]);
      bitwise("and", magnitude, as_register(f_.a[i]), rest);
      bitwise("and", signs, reg(f_.b[i]), sign);
      return bitwise("or", def(i), magnitude, signs);
    }
    default: return;
  }
}

// PTX orders -0 below +0 as is wanted, but its min and max return the operand that is no NaN. `.NaN` is f32 only.
void FunctionEmitter::min_max(uint32_t i) {
  const bool wide = is_wide(i);
  const char* op = f_.op[i] == Op::fmin ? "min" : "max";
  const Operand a = reg(f_.a[i]), b = reg(f_.b[i]);
  if (!wide && c_.options.sm >= 80) return line(op, ".NaN.f32 ", def(i), ", ", a, ", ", b, ';');
  const char* suffix = wide ? ".f64 " : ".f32 ";
  const Operand least = new_of(f_.type[i]), nan = new_of(f_.type[i]), p = new_p();
  line(op, suffix, least, ", ", a, ", ", b, ';');
  line("add.rn", suffix, nan, ", ", a, ", ", b, ';');
  line("setp.nan", suffix, p, ", ", a, ", ", b, ';');
  line("selp", wide ? ".b64 " : ".b32 ", def(i), ", ", nan, ", ", least, ", ", p, ';');
}

}  // namespace rustg::ptx
