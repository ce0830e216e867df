// Floats and conversions.
#include "target/bytecode/select.h"

namespace rustg::bytecode {

namespace {
constexpr uint32_t at(Op op) { return static_cast<uint32_t>(op); }
constexpr uint32_t kWide = at(Op::f64_add_s) - at(Op::f32_add_s);
// In the order of RUSTG_FLOAT_FUSED.
uint32_t fused_kind(ir::Op op) {
  return op == ir::Op::fadd ? 0 : op == ir::Op::fsub ? 1 : op == ir::Op::fmul ? 2 : kNone;
}
}  // namespace

void Selector::floating(uint32_t i) {
  const uint32_t wide = fn_.type[i] == ir::Type::f64 ? kWide : 0;
  const uint32_t a = s_.resolve(fn_.a[i]);
  const auto unary = [&](Op op) { push(static_cast<Op>(at(op) + wide), i, {dest(i), slot(a)}); };
  switch (fn_.op[i]) {
    case ir::Op::fabs: return unary(Op::f32_abs);
    case ir::Op::fneg: return unary(Op::f32_neg);
    case ir::Op::fceil: return unary(Op::f32_ceil);
    case ir::Op::ffloor: return unary(Op::f32_floor);
    case ir::Op::ftrunc: return unary(Op::f32_trunc);
    case ir::Op::fnearest: return unary(Op::f32_nearest);
    case ir::Op::fsqrt: return unary(Op::f32_sqrt);
    default: break;
  }
  const uint32_t b = s_.resolve(fn_.b[i]);
  if (const uint32_t outer = fused_kind(fn_.op[i]); outer != kNone) {
    const auto fuse = [&](uint32_t inner, uint32_t other, uint32_t second) {
      const uint32_t first = fused_kind(fn_.op[inner]);
      if (first == kNone || !fusible(inner)) return false;
      push(static_cast<Op>(at(Op::f32_add_add) + wide + 4 * first + second), i,
           {dest(i), slot(fn_.a[inner]), slot(fn_.b[inner]), slot(other)});
      return true;
    };
    const auto fuse_loaded = [&](uint32_t other, uint32_t load, uint32_t kind) {
      if (wide != 0 && (kind == 0 || kind == 3) && fn_.op[other] == ir::Op::fmul && fusible(other) &&
          fusible_load(load, i, 8, false)) {
        const Address at_ = address_of(load);
        done_[load] = 1;
        push(kind == 0 ? Op::f64_mul_add_load : Op::f64_mul_rsub_load, i,
             {dest(i), slot(fn_.a[other]), slot(fn_.b[other]), slot(at_.base), at_.offset, at_.immediate});
        return true;
      }
      return loaded(i, static_cast<Op>(at(wide != 0 ? Op::f64_add_load : Op::f32_add_load) + kind), other, load);
    };
    if (fuse_loaded(a, b, outer) || fuse_loaded(b, a, outer == 1 ? 3 : outer)) return;
    if (fuse(a, b, outer) || fuse(b, a, outer == 1 ? 3 : outer)) return;
  }
  Op op = Op::f32_add_s;
  switch (fn_.op[i]) {
    case ir::Op::fsub: op = Op::f32_sub_s; break;
    case ir::Op::fmul: op = Op::f32_mul_s; break;
    case ir::Op::fdiv: op = Op::f32_div_s; break;
    case ir::Op::fmin: op = Op::f32_min_s; break;
    case ir::Op::fmax: op = Op::f32_max_s; break;
    case ir::Op::fcopysign: op = Op::f32_copysign_s; break;
    default: break;
  }
  push(static_cast<Op>(at(op) + wide), i, {dest(i), slot(a), slot(b)});
}

void Selector::convert(uint32_t i) {
  const uint32_t from = s_.resolve(fn_.a[i]);
  const ir::Type source = fn_.type[fn_.a[i]], target = fn_.type[i];
  const uint32_t truncation = (target == ir::Type::i64 ? 4 : 0) + (source == ir::Type::f64 ? 2 : 0);
  const uint32_t conversion = (target == ir::Type::f64 ? 4 : 0) + (source == ir::Type::i64 ? 2 : 0);
  uint32_t op = 0;
  switch (fn_.op[i]) {
    case ir::Op::trunc_s: op = at(Op::i32_trunc_s_f32) + truncation; break;
    case ir::Op::trunc_u: op = at(Op::i32_trunc_u_f32) + truncation; break;
    case ir::Op::trunc_sat_s: op = at(Op::i32_trunc_sat_s_f32) + truncation; break;
    case ir::Op::trunc_sat_u: op = at(Op::i32_trunc_sat_u_f32) + truncation; break;
    case ir::Op::convert_s: op = at(Op::f32_convert_s_i32) + conversion; break;
    case ir::Op::convert_u: op = at(Op::f32_convert_u_i32) + conversion; break;
    case ir::Op::fdemote: op = at(Op::f32_demote); break;
    default: op = at(Op::f64_promote); break;
  }
  push(static_cast<Op>(op), i, {dest(i), slot(from)});
}

}  // namespace rustg::bytecode
