// Integer operations, comparisons and what is fused with them.
#include "target/bytecode/select.h"

namespace rustg::bytecode {

namespace {

constexpr uint32_t at(Op op) { return static_cast<uint32_t>(op); }
constexpr uint32_t kWide = at(Op::i64_add_s) - at(Op::i32_add_s);
constexpr uint32_t kWidePairs = at(Op::i64_add_add_ss) - at(Op::i32_add_add_ss);

// In the order of RUSTG_INTEGER_OPS, then the ones that are not in it.
enum Kind : uint32_t { kAdd, kMul, kAnd, kOr, kXor, kShl, kShrs, kShru, kRotl, kSub, kRotr, kNotBinary };
constexpr bool commutes(uint32_t kind) { return kind <= kXor; }

Kind kind_of(ir::Op op) {
  switch (op) {
    case ir::Op::iadd: return kAdd;
    case ir::Op::imul: return kMul;
    case ir::Op::iand: return kAnd;
    case ir::Op::ior: return kOr;
    case ir::Op::ixor: return kXor;
    case ir::Op::shl: return kShl;
    case ir::Op::sshr: return kShrs;
    case ir::Op::ushr: return kShru;
    case ir::Op::rotl: return kRotl;
    case ir::Op::isub: return kSub;
    case ir::Op::rotr: return kRotr;
    default: return kNotBinary;
  }
}

// In the order of RUSTG_LOADED_INTEGER.
uint32_t loaded_kind(uint32_t kind) {
  return kind == kAdd ? 0 : kind == kAnd ? 1 : kind == kOr ? 2 : kind == kXor ? 3 : kind == kSub ? 4 : kNone;
}
// In the order of RUSTG_LONG_INTEGER.
uint32_t long_kind(uint32_t kind) { return kind <= kXor ? kind : kNone; }

// eq ne lts ltu les leu gts gtu ges geu: the negation, and what it is with the operands exchanged.
constexpr uint32_t kNegated[] = {1, 0, 8, 9, 6, 7, 4, 5, 2, 3};
constexpr uint32_t kSwapped[] = {0, 1, 6, 7, 8, 9, 2, 3, 4, 5};

uint32_t condition_of(ir::Op op) {
  switch (op) {
    case ir::Op::ieq: return 0;
    case ir::Op::ine: return 1;
    case ir::Op::slt: return 2;
    case ir::Op::ult: return 3;
    case ir::Op::sle: return 4;
    case ir::Op::ule: return 5;
    case ir::Op::sgt: return 6;
    case ir::Op::ugt: return 7;
    case ir::Op::sge: return 8;
    case ir::Op::uge: return 9;
    default: return kNone;
  }
}

}  // namespace

// An operation with a constant, if any, on its right; subtraction of a constant is an addition, a rotation by one goes left.
struct Binary {
  uint32_t kind = kNotBinary, a = 0, b = 0;
  bool immediate = false;  // then b is one
};

static Binary normalize(const FunctionState& s, uint32_t i) {
  const ir::Function& fn = *s.fn;
  Binary out{kind_of(fn.op[i]), 0, 0, false};
  if (out.kind == kNotBinary) return out;  // its columns may be no values
  out.a = s.resolve(fn.a[i]);
  out.b = s.resolve(fn.b[i]);
  const bool wide = fn.type[i] == ir::Type::i64;
  if (commutes(out.kind) && s.is_const(out.a) && !s.is_const(out.b)) std::swap(out.a, out.b);
  if (!s.is_const(out.b)) return out;
  int64_t value = wide ? static_cast<int64_t>(s.constant(out.b)) : static_cast<int32_t>(s.constant(out.b));
  const int64_t width = wide ? 64 : 32;
  if ((out.kind >= kShl && out.kind <= kRotl) || out.kind == kRotr) value &= width - 1;
  if (out.kind == kRotr) value = -value & (width - 1);
  if (out.kind == kSub)
    value = wide ? static_cast<int64_t>(-static_cast<uint64_t>(value))
                 : static_cast<int32_t>(-static_cast<uint32_t>(value));
  if (!fits16(value)) return out;
  if (out.kind == kRotr) out.kind = kRotl;
  if (out.kind == kSub) out.kind = kAdd;
  out.immediate = true;
  out.b = static_cast<uint16_t>(value);
  return out;
}

void Selector::integer(uint32_t i) {
  const bool wide = fn_.type[i] == ir::Type::i64;
  const auto unary = [&](Op op) { push(op, i, {dest(i), slot(low(i, fn_.a[i]))}); };
  const auto plain = [&](Op op) {
    push(static_cast<Op>(at(op) + (wide ? kWide : 0)), i, {dest(i), slot(low(i, fn_.a[i])), slot(low(i, fn_.b[i]))});
  };
  switch (fn_.op[i]) {
    case ir::Op::sdiv: return plain(Op::i32_divs_s);
    case ir::Op::udiv: return plain(Op::i32_divu_s);
    case ir::Op::srem: return plain(Op::i32_rems_s);
    case ir::Op::urem: return plain(Op::i32_remu_s);
    case ir::Op::clz: return unary(wide ? Op::i64_clz : Op::i32_clz);
    case ir::Op::ctz: return unary(wide ? Op::i64_ctz : Op::i32_ctz);
    case ir::Op::popcnt: return unary(wide ? Op::i64_popcnt : Op::i32_popcnt);
    case ir::Op::sext8: return unary(wide ? Op::i64_sext8 : Op::i32_sext8);
    case ir::Op::sext16: return unary(wide ? Op::i64_sext16 : Op::i32_sext16);
    case ir::Op::wrap: return push(Op::wrap, i, {dest(i), slot(fn_.a[i])});
    case ir::Op::sextend:
    case ir::Op::sext32: return push(Op::sext32, i, {dest(i), slot(fn_.a[i])});
    default: break;
  }
  if (hash(i)) return;
  const Binary outer = normalize(s_, i);
  // A load on either side.
  if (const uint32_t n = loaded_kind(outer.kind); n != kNone && !outer.immediate) {
    const uint32_t first = at(wide ? Op::i64_add_load : Op::i32_add_load);
    if (loaded(i, static_cast<Op>(first + n), outer.a, outer.b)) return;
    if (loaded(i, static_cast<Op>(first + (outer.kind == kSub ? n + 1 : n)), outer.b, outer.a)) return;
  }
  if (outer.kind != kRotr) {
    if (pair(i, outer.kind, outer.immediate, outer.b, outer.a, false)) return;
    if (!outer.immediate && (commutes(outer.kind) || outer.kind == kSub) &&
        pair(i, outer.kind, false, outer.a, outer.b, true))
      return;
  }
  if (long_kind(outer.kind) != kNone && !outer.immediate && s_.is_const(outer.b) && s_.outer_loop[block_] == kNone) {
    const uint64_t bits = s_.constant(outer.b);
    if (!wide || static_cast<int64_t>(bits) == static_cast<int32_t>(bits))
      return push(static_cast<Op>(at(wide ? Op::i64_add_l : Op::i32_add_l) + long_kind(outer.kind)), i,
                  {dest(i), slot(low(i, outer.a)), 0, 0, 0, static_cast<uint32_t>(bits)});
  }
  const uint32_t a = slot(low(i, outer.a));
  if (outer.kind == kSub)
    return push(static_cast<Op>(at(Op::i32_sub_s) + (wide ? kWide : 0)), i, {dest(i), a, slot(low(i, outer.b))});
  if (outer.kind == kRotr)
    return push(static_cast<Op>(at(Op::i32_rotr_s) + (wide ? kWide : 0)), i, {dest(i), a, slot(low(i, outer.b))});
  const uint32_t op = at(Op::i32_add_s) + (wide ? kWide : 0) + 2 * outer.kind;
  if (outer.immediate)
    push(static_cast<Op>(op + 1), i, {dest(i), a, outer.b});
  else
    push(static_cast<Op>(op), i, {dest(i), a, slot(low(i, outer.b))});
}

// rotl(x, n) ^ rotl(x, m) ^ rotl or shru(x, k), as SHA-2 has them.
bool Selector::hash(uint32_t i) {
  if (fn_.op[i] != ir::Op::ixor) return false;
  uint32_t terms[3] = {s_.resolve(fn_.a[i]), s_.resolve(fn_.b[i]), 0};
  if (fn_.op[terms[0]] != ir::Op::ixor) std::swap(terms[0], terms[1]);
  const uint32_t inner = terms[0];
  if (fn_.op[inner] != ir::Op::ixor || !fusible(inner)) return false;
  terms[0] = s_.resolve(fn_.a[inner]);
  terms[2] = s_.resolve(fn_.b[inner]);
  uint32_t x = kNone, shift = kNone, counts[3] = {};
  for (uint32_t t = 0; t < 3; ++t) {
    const Binary term = normalize(s_, terms[t]);
    if ((term.kind != kRotl && term.kind != kShru) || !term.immediate || !fusible(terms[t])) return false;
    if (x != kNone && x != term.a) return false;
    x = term.a;
    counts[t] = term.b;
    if (term.kind != kShru) continue;
    if (shift != kNone) return false;
    shift = t;
  }
  if (shift != kNone) std::swap(counts[shift], counts[2]);
  const bool wide = fn_.type[i] == ir::Type::i64;
  const Op op = wide ? (shift == kNone ? Op::i64_rotl3 : Op::i64_rotl2_shru)
                     : (shift == kNone ? Op::i32_rotl3 : Op::i32_rotl2_shru);
  push(op, i, {dest(i), slot(low(i, x)), counts[0], counts[1], counts[2]});
  return true;
}

// 32-bit operations read only the low half of a slot, so they need no wrapped copy of a 64-bit value.
uint32_t Selector::low(uint32_t i, uint32_t value) const {
  value = s_.resolve(value);
  if (fn_.type[i] == ir::Type::i64) return value;
  while (fn_.op[value] == ir::Op::wrap) value = s_.resolve(fn_.a[value]);
  return value;
}

// Operation i = inner `kind` other (or other `kind` inner, if swapped), with the inner operation taken in.
bool Selector::pair(uint32_t i, uint32_t kind, bool other_immediate, uint32_t other, uint32_t inner_value,
                    bool swapped) {
  if (!fusible(inner_value)) return false;
  const Binary inner = normalize(s_, inner_value);
  if (inner.kind == kNotBinary || inner.kind == kRotr || fn_.type[inner_value] != fn_.type[i]) return false;
  uint32_t op = 0;
  if (inner.kind == kSub) {
    if (kind == kSub) return false;
    op = at(Op::i32_sub_add_ss) + 2 * kind + (other_immediate ? 1 : 0);
  } else {
    constexpr uint32_t kRow = at(Op::i32_mul_add_ss) - at(Op::i32_add_add_ss);
    op = at(Op::i32_add_add_ss) + kRow * inner.kind;
    if (kind == kSub)
      op += 36 + (swapped ? 2 : 0) + (inner.immediate ? 1 : 0);
    else
      op += 4 * kind + (inner.immediate ? 2 : 0) + (other_immediate ? 1 : 0);
  }
  if (fn_.type[i] == ir::Type::i64) op += kWidePairs;
  push(static_cast<Op>(op), i,
       {dest(i), slot(low(i, inner.a)), inner.immediate ? inner.b : slot(low(i, inner.b)),
        other_immediate ? other : slot(low(i, other))});
  return true;
}

// What `value` compares, or that it is compared with 0.
bool Selector::comparison(uint32_t value, bool negate, Compare& out) const {
  const ir::Op op = fn_.op[value];
  if (ir::info(op).values == 0) return false;
  const uint32_t a = s_.resolve(fn_.a[value]);
  if (op == ir::Op::ieqz || op == ir::Op::ref_is_null) {
    if (op == ir::Op::ieqz && fusible(a) && comparison(a, !negate, out)) return true;
    out = {false, true, fn_.type[a] != ir::Type::i32, negate ? 1u : 0u, a, 0};
    return true;
  }
  if (const uint32_t condition = condition_of(op); condition != kNone) {
    const uint32_t b = s_.resolve(fn_.b[value]);
    // The operand's own type: what it is an alias of may be a float's bits, or the low half.
    out = {false, false, fn_.type[fn_.a[value]] == ir::Type::i64, negate ? kNegated[condition] : condition, a, b};
    if (s_.is_const(a) && !s_.is_const(b)) out.a = b, out.b = a, out.condition = kSwapped[out.condition];
    int64_t value16 = 0;
    if (immediate(out.b, value16)) {
      out.immediate = true;
      out.b = static_cast<uint16_t>(value16);
    } else if (out.condition >= 6 && !s_.is_const(out.b)) {
      std::swap(out.a, out.b);
      out.condition = kSwapped[out.condition];
    }
    return true;
  }
  // eq ne lt le nlt nle
  uint32_t condition = 0;
  bool swap = false;
  switch (op) {
    case ir::Op::feq: condition = 0; break;
    case ir::Op::fne: condition = 1; break;
    case ir::Op::flt: condition = 2; break;
    case ir::Op::fle: condition = 3; break;
    case ir::Op::fgt: condition = 2, swap = true; break;
    case ir::Op::fge: condition = 3, swap = true; break;
    default: return false;
  }
  constexpr uint32_t kNegatedFloat[] = {1, 0, 4, 5, 2, 3};
  const uint32_t b = s_.resolve(fn_.b[value]);
  out = {true,         false,       fn_.type[a] == ir::Type::f64, negate ? kNegatedFloat[condition] : condition,
         swap ? b : a, swap ? a : b};
  return true;
}

// A family's opcode for a comparison: the families follow each other in the order slots, immediates.
static Op compare_op(Op int_slots, Op int_immediates, Op f32, const bool is_float, const bool wide,
                     const bool immediate, uint32_t condition) {
  constexpr uint32_t kWideFloat = at(Op::f64_add_s) - at(Op::f32_add_s);
  if (is_float) return static_cast<Op>(at(f32) + condition + (wide ? kWideFloat : 0));
  return static_cast<Op>(at(immediate ? int_immediates : int_slots) + condition + (wide ? kWide : 0));
}

// Of two slots only the first six conditions exist, but for branches.
Selector::Compare Selector::six(Compare c) {
  if (c.is_float || c.immediate || c.condition < 6) return c;
  std::swap(c.a, c.b);
  c.condition = kSwapped[c.condition];
  return c;
}

void Selector::compare(uint32_t i) {
  Compare c;
  comparison(i, false, c);
  c = six(c);
  const Op op = compare_op(Op::i32_eq_s, Op::i32_eq_i, Op::f32_eq_s, c.is_float, c.wide, c.immediate, c.condition);
  push(op, i, {dest(i), operand(c, c.a), c.immediate ? c.b : operand(c, c.b)});
}

Value Selector::operand(const Compare& c, uint32_t value) {
  if (!c.is_float && !c.wide)
    while (fn_.op[value] == ir::Op::wrap) value = s_.resolve(fn_.a[value]);
  return slot(value);
}

void Selector::branch(uint32_t i) {
  const uint32_t condition = s_.resolve(fn_.a[i]);
  Compare c;
  if (!fusible(condition) || !comparison(condition, false, c)) {
    c = {.immediate = true, .condition = 1, .a = condition, .b = 0};
    if (step(i, c) || branch_on_load(i, c)) return;
    return push(Op::br_if, i, {slot(condition)});
  }
  if (step(i, c) || branch_on_load(i, c)) return;
  if (!c.is_float && !c.immediate && s_.is_const(c.b) && s_.outer_loop[block_] == kNone) {
    const uint64_t bits = s_.constant(c.b);
    if (!c.wide || static_cast<int64_t>(bits) == static_cast<int32_t>(bits)) {
      const Op op = static_cast<Op>(at(c.wide ? Op::br_i64_eq_l : Op::br_i32_eq_l) + c.condition);
      return push(op, i, {operand(c, c.a), 0, 0, 0, 0, static_cast<uint32_t>(bits)});
    }
  }
  if (!c.is_float && !c.wide && c.immediate && c.b == 0 && c.condition <= 1)
    return push(c.condition == 1 ? Op::br_if : Op::br_ifz, i, {operand(c, c.a)});
  const Op op =
      compare_op(Op::br_i32_eq_s, Op::br_i32_eq_i, Op::br_f32_eq_s, c.is_float, c.wide, c.immediate, c.condition);
  push(op, i, {operand(c, c.a), c.immediate ? c.b : operand(c, c.b)});
}

// A branch on what a load reads.
bool Selector::branch_on_load(uint32_t i, const Compare& c) {
  if (c.is_float || c.wide || (!c.immediate && s_.is_const(c.b))) return false;
  Compare order = c;
  const auto of = [&](uint32_t value) { return fusible_load(value, i, 4, false) || fusible_load(value, i, 1, true); };
  if (!of(order.a)) {
    if (c.immediate || !of(order.b)) return false;
    std::swap(order.a, order.b);
    order.condition = kSwapped[order.condition];
  }
  const Address from = address_of(order.a);
  const Op first = ir::Access::unpack(fn_.aux[order.a]).width_log2 == 0 ? Op::br_load8u_eq_s : Op::br_load32_eq_s;
  done_[order.a] = 1;
  push(static_cast<Op>(at(first) + 2 * order.condition + (c.immediate ? 1 : 0)), i,
       {slot(from.base), from.offset, 0, c.immediate ? order.b : operand(c, order.b), from.immediate});
  return true;
}

// A loop's counter: x = y + constant; branch on x. x may have other readers, but none between its making and the branch.
bool Selector::step(uint32_t i, const Compare& c) {
  if (c.is_float) return false;
  const uint32_t x = c.a;
  if (s_.block_of[x] != block_ || done_[x] || fn_.op[x] == ir::Op::param || s_.is_const(x) || i - x > 24) return false;
  if ((fn_.type[x] == ir::Type::i64) != c.wide) return false;
  const Binary add = normalize(s_, x);
  if (add.kind != kAdd || !add.immediate || (!c.immediate && c.b == x)) return false;
  const auto reads_x = [&](uint32_t k) {
    const ir::OpInfo& info = ir::info(fn_.op[k]);
    for (uint32_t n = 0; n < info.values; ++n)
      if (s_.resolve(fn_.operand(k, n).value) == x) return true;
    if (fn_.op[k] != ir::Op::call && fn_.op[k] != ir::Op::call_indirect) return false;
    if (fn_.op[k] == ir::Op::call_indirect && s_.resolve(fn_.c[k]) == x) return true;
    for (const ir::ValueId v : fn_.call_args(k))
      if (s_.resolve(v.value) == x) return true;
    return false;
  };
  for (uint32_t k = x + 1; k < i; ++k) {
    if (!reads_x(k) || s_.alias[k] != k) continue;
    // The comparison itself, or the `ieqz` of it, has been taken in.
    if (s_.uses[k] == 1 && (condition_of(fn_.op[k]) != kNone || fn_.op[k] == ir::Op::ieqz)) {
      Compare other;
      if (comparison(k, false, other) && other.a == c.a && other.b == c.b && s_.resolve(fn_.a[i]) == k) continue;
    }
    return false;
  }
  const Op op =
      compare_op(Op::step_i32_eq_s, Op::step_i32_eq_i, Op::step_i32_eq_s, false, c.wide, c.immediate, c.condition);
  done_[x] = 1;
  push(op, i, {x, slot(add.a), add.b, c.immediate ? c.b : operand(c, c.b)});
  return true;
}

void Selector::select_value(uint32_t i) {
  const uint32_t condition = s_.resolve(fn_.c[i]);
  Compare c;
  if (!fusible(condition) || !comparison(condition, false, c))
    return push(Op::select, i, {dest(i), slot(fn_.a[i]), slot(fn_.b[i]), slot(condition)});
  c = six(c);
  const Op op = compare_op(Op::select_i32_eq_s, Op::select_i32_eq_i, Op::select_f32_eq_s, c.is_float, c.wide,
                           c.immediate, c.condition);
  push(op, i, {dest(i), slot(fn_.a[i]), slot(fn_.b[i]), operand(c, c.a), c.immediate ? c.b : operand(c, c.b)});
}

}  // namespace rustg::bytecode
