// Constants and everything that only computes.
#include "wasm/lower_function.h"

namespace rustg::wasm {

using ir::Op;
using ir::Type;

namespace {

constexpr Op kNotNumeric = Op::param;

// clang-format off
#define INTEGER(name, op) \
  case Opcode::i32_##name: \
  case Opcode::i64_##name: return Op::op
#define FLOAT(name, op) \
  case Opcode::f32_##name: \
  case Opcode::f64_##name: return Op::op
#define TRUNC(name, op, sign) \
  case Opcode::i32_##name##_f32_##sign: \
  case Opcode::i32_##name##_f64_##sign: \
  case Opcode::i64_##name##_f32_##sign: \
  case Opcode::i64_##name##_f64_##sign: return Op::op##_##sign
// clang-format on

constexpr Op numeric_op(Opcode opcode) {
  switch (opcode) {
    INTEGER(eqz, ieqz);
    INTEGER(eq, ieq);
    INTEGER(ne, ine);
    INTEGER(lt_s, slt);
    INTEGER(lt_u, ult);
    INTEGER(gt_s, sgt);
    INTEGER(gt_u, ugt);
    INTEGER(le_s, sle);
    INTEGER(le_u, ule);
    INTEGER(ge_s, sge);
    INTEGER(ge_u, uge);
    INTEGER(clz, clz);
    INTEGER(ctz, ctz);
    INTEGER(popcnt, popcnt);
    INTEGER(add, iadd);
    INTEGER(sub, isub);
    INTEGER(mul, imul);
    INTEGER(div_s, sdiv);
    INTEGER(div_u, udiv);
    INTEGER(rem_s, srem);
    INTEGER(rem_u, urem);
    INTEGER(and, iand);
    INTEGER(or, ior);
    INTEGER(xor, ixor);
    INTEGER(shl, shl);
    INTEGER(shr_s, sshr);
    INTEGER(shr_u, ushr);
    INTEGER(rotl, rotl);
    INTEGER(rotr, rotr);
    INTEGER(extend8_s, sext8);
    INTEGER(extend16_s, sext16);
    FLOAT(eq, feq);
    FLOAT(ne, fne);
    FLOAT(lt, flt);
    FLOAT(gt, fgt);
    FLOAT(le, fle);
    FLOAT(ge, fge);
    FLOAT(abs, fabs);
    FLOAT(neg, fneg);
    FLOAT(ceil, fceil);
    FLOAT(floor, ffloor);
    FLOAT(trunc, ftrunc);
    FLOAT(nearest, fnearest);
    FLOAT(sqrt, fsqrt);
    FLOAT(add, fadd);
    FLOAT(sub, fsub);
    FLOAT(mul, fmul);
    FLOAT(div, fdiv);
    FLOAT(min, fmin);
    FLOAT(max, fmax);
    FLOAT(copysign, fcopysign);
    FLOAT(convert_i32_s, convert_s);
    FLOAT(convert_i64_s, convert_s);
    FLOAT(convert_i32_u, convert_u);
    FLOAT(convert_i64_u, convert_u);
    TRUNC(trunc, trunc, s);
    TRUNC(trunc, trunc, u);
    TRUNC(trunc_sat, trunc_sat, s);
    TRUNC(trunc_sat, trunc_sat, u);
    case Opcode::i64_extend32_s: return Op::sext32;
    case Opcode::i32_wrap_i64: return Op::wrap;
    case Opcode::i64_extend_i32_s: return Op::sextend;
    case Opcode::i64_extend_i32_u: return Op::zextend;
    case Opcode::f32_demote_f64: return Op::fdemote;
    case Opcode::f64_promote_f32: return Op::fpromote;
    case Opcode::i32_reinterpret_f32:
    case Opcode::i64_reinterpret_f64:
    case Opcode::f32_reinterpret_i32:
    case Opcode::f64_reinterpret_i64: return Op::bitcast;
    default: return kNotNumeric;
  }
}

#undef INTEGER
#undef FLOAT
#undef TRUNC

struct Numeric {
  Op op;
  Type type;
  bool binary;
};
constexpr auto kNumeric = [] {
  std::array<Numeric, kOpcodeCount> table{};
  for (size_t i = 0; i < kOpcodeCount; ++i) {
    const OpcodeInfo& o = kOpcodes[i];
    table[i] = {numeric_op(static_cast<Opcode>(i)), ir_type(o.result), o.operand_count == 2};
  }
  return table;
}();
// Every instruction that has neither immediate nor a rule of its own is one of these.
static_assert([] {
  for (size_t i = 0; i < kOpcodeCount; ++i) {
    const OpcodeInfo& o = kOpcodes[i];
    const bool is_numeric = o.immediate == Immediate::none && o.operand_count != 0;
    if (is_numeric != (kNumeric[i].op != kNotNumeric)) return false;
  }
  return true;
}());

}  // namespace

void FunctionLowering::constant(const Instruction& in) {
  const Type type = ir_type(info(in.opcode).result);
  push(is_int(type) ? build_.iconst(type, in.bits) : build_.fconst(type, in.bits));
}

void FunctionLowering::numeric(Opcode opcode) {
  const Numeric& n = kNumeric[static_cast<size_t>(opcode)];
  if (n.binary) {
    const ValueId b = pop(), a = pop();
    push(build_.op2(n.op, n.type, a, b));
  } else {
    push(build_.op1(n.op, n.type, pop()));
  }
}

}  // namespace rustg::wasm
