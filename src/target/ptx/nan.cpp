// NaNs. PTX's f32 operations all give 0x7fffffff, and some f64 ones other bits, where the IR asks for a canonical NaN (unless an
// operand was one with a payload). Computations do not care which NaN they get, so a value is made canonical only where its
// bits are seen: stores, calls, returns, bit operations. Block parameters and selects between computed values are computed
// values themselves; where one of them may also be a value that came from elsewhere, whose payload must stay, its computed
// inputs are made canonical on their way in.
#include "target/ptx/function.h"

namespace rustg::ptx {
namespace {

using ir::Op;

bool computes(Op op) {
  switch (op) {
    case Op::fadd:
    case Op::fsub:
    case Op::fmul:
    case Op::fdiv:
    case Op::fmin:
    case Op::fmax:
    case Op::fceil:
    case Op::ffloor:
    case Op::ftrunc:
    case Op::fnearest:
    case Op::fsqrt:
    case Op::fdemote:
    case Op::fpromote:
    case Op::convert_s:
    case Op::convert_u: return true;
    default: return false;
  }
}

bool is_nan(ir::Type type, uint64_t bits) {
  return type == ir::Type::f32 ? (bits & 0x7fffffff) > 0x7f800000 : (bits & 0x7fffffffffffffff) > 0x7ff0000000000000;
}

}  // namespace

void FunctionEmitter::find_nans() {
  arithmetic_.assign(f_.size(), 0);
  odd_nan_.assign(f_.size(), 0);
  bool floats = false;
  for (uint32_t i = 0; i < f_.size(); ++i) {
    if (!ir::is_float(f_.type[i])) continue;
    floats = true;
    const Op op = f_.op[i];
    const bool entry_param = op == Op::param && i < f_.block_begin[1];
    arithmetic_[i] = computes(op) || op == Op::select || (op == Op::param && !entry_param) ||
                     (op == Op::fconst && !is_nan(f_.type[i], f_.constant(i)));
    const bool exact = op == Op::convert_s || op == Op::convert_u;
    const bool hardware_f64 = f_.type[i] == Type::f64 && (op == Op::fadd || op == Op::fsub || op == Op::fmul);
    odd_nan_[i] = computes(op) && !exact && !hardware_f64;
  }
  if (!floats) return;
  for (bool changed = true; changed;) {
    changed = false;
    auto set = [&](uint8_t& fact, bool to) {
      if (fact != to) fact = to, changed = true;
    };
    for (uint32_t i = 0; i < f_.size(); ++i) {
      const Op op = f_.op[i];
      if (op == Op::select && ir::is_float(f_.type[i])) {
        if (!arithmetic_[f_.a[i]] || !arithmetic_[f_.b[i]]) set(arithmetic_[i], false);
        if (odd_nan_[f_.a[i]] || odd_nan_[f_.b[i]]) set(odd_nan_[i], true);
      } else if (computes(op) && ir::info(op).values == 2) {
        if (odd_nan_[f_.a[i]] || odd_nan_[f_.b[i]]) set(odd_nan_[i], true);
      }
      const auto edges = f_.edges(i);
      for (uint32_t e = edges.first; e < edges.first + edges.count; ++e) {
        uint32_t param = f_.block_begin[f_.edge_target[e].value];
        for (ir::ValueId v : f_.edge_args(e)) {
          if (ir::is_float(f_.type[param])) {
            if (!arithmetic_[v.value]) set(arithmetic_[param], false);
            if (odd_nan_[v.value]) set(odd_nan_[param], true);
          }
          ++param;
        }
      }
    }
  }
  // A parameter or select that is no computed value gets canonical inputs.
  for (uint32_t i = 0; i < f_.size(); ++i) odd_nan_[i] &= arithmetic_[i];
}

Operand FunctionEmitter::bits(uint32_t v) {
  if (is_constant(v)) return immediate(v);
  if (!odd_nan_[v]) return reg(v);
  const Operand p = new_p(), canonical = new_of(f_.type[v]);
  if (f_.type[v] == Type::f32) {
    line("setp.nan.f32 ", p, ", ", reg(v), ", ", reg(v), ';');
    line("selp.b32 ", canonical, ", 0x7fc00000, ", reg(v), ", ", p, ';');
  } else {
    line("setp.nan.f64 ", p, ", ", reg(v), ", ", reg(v), ';');
    line("selp.b64 ", canonical, ", 0x7ff8000000000000, ", reg(v), ", ", p, ';');
  }
  return canonical;
}

Operand FunctionEmitter::float_operand(uint32_t v) {
  if (f_.op[v] != Op::fconst) return reg(v);
  return {is_wide(v) ? Operand::Kind::f64 : Operand::Kind::f32, f_.constant(v)};
}

}  // namespace rustg::ptx
