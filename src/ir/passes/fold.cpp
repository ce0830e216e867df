#include "ir/analysis.h"
#include "ir/passes.h"
#include "ir/passes/edit.h"
#include "ir/passes/fold_constant.h"
#include "ir/passes/upper_bounds.h"

namespace rustg::ir {
namespace {

// The comparison that is true where this one is false. Of floats only equality has one: NaN is neither below nor not below.
Op inverse(Op op) {
  switch (op) {
    case Op::ieq: return Op::ine;
    case Op::ine: return Op::ieq;
    case Op::slt: return Op::sge;
    case Op::ult: return Op::uge;
    case Op::sgt: return Op::sle;
    case Op::ugt: return Op::ule;
    case Op::sle: return Op::sgt;
    case Op::ule: return Op::ugt;
    case Op::sge: return Op::slt;
    case Op::uge: return Op::ult;
    case Op::feq: return Op::fne;
    case Op::fne: return Op::feq;
    default: return Op::param;
  }
}

// The operation that gives the same with its operands exchanged; param if there is none.
Op exchanged(Op op) {
  switch (op) {
    case Op::iadd:
    case Op::imul:
    case Op::iand:
    case Op::ior:
    case Op::ixor:
    case Op::ieq:
    case Op::ine: return op;
    case Op::slt: return Op::sgt;
    case Op::ult: return Op::ugt;
    case Op::sgt: return Op::slt;
    case Op::ugt: return Op::ult;
    case Op::sle: return Op::sge;
    case Op::ule: return Op::uge;
    case Op::sge: return Op::sle;
    case Op::uge: return Op::ule;
    default: return Op::param;
  }
}

class Folding {
 public:
  explicit Folding(Function& f) : f_(f), edit_(f), bounds_(upper_bounds(f)) {}

  void run() {
    forward_edges_in_.assign(f_.block_count(), 0);
    for (uint32_t k = 0; k < f_.block_count(); ++k) {
      const auto [first, count] = f_.edges(f_.block_begin[k + 1] - 1);
      for (uint32_t e = first; e < first + count; ++e)
        forward_edges_in_[f_.edge_target[e].value] += f_.edge_target[e].value > k;
    }
    // In block order what an operand has become is known, but for parameters around loops, which stay as they are.
    for (uint32_t k = 0; k < f_.block_count(); ++k)
      for (uint32_t i = f_.block_begin[k]; i < f_.block_begin[k + 1]; ++i) {
        const uint8_t values = info(f_.op[i]).values;
        if (values > 0) f_.a[i] = edit_.resolve(ValueId{f_.a[i]}).value;
        if (values > 1) f_.b[i] = edit_.resolve(ValueId{f_.b[i]}).value;
        if (values > 2) f_.c[i] = edit_.resolve(ValueId{f_.c[i]}).value;
        instruction(k, i);
      }
    if (!edit_.empty() || edges_changed_) edit_.apply();
  }

 private:
  bool is_constant(uint32_t v) const { return f_.op[v] == Op::iconst; }
  bool is_constant(uint32_t v, uint64_t bits) const { return is_constant(v) && f_.constant(v) == bits; }
  // 0 or 1.
  bool is_bool(uint32_t v) const { return bounds_[v] <= 1; }

  void become_constant(uint32_t i, uint64_t bits) {
    f_.op[i] = Op::iconst;
    f_.a[i] = static_cast<uint32_t>(bits);
    f_.b[i] = static_cast<uint32_t>(bits >> 32);
    f_.c[i] = 0;
    bounds_[i] = bits;
  }
  void become(uint32_t i, uint32_t value) { edit_.replace(ValueId{i}, ValueId{value}); }

  void instruction(uint32_t k, uint32_t i);
  void binary(uint32_t i);
  void compare_zero(uint32_t i);
  void condition(uint32_t i, uint32_t& value, bool& inverted);
  void branch(uint32_t k, uint32_t i);
  void access(uint32_t i);

  Function& f_;
  Edit edit_;
  std::vector<uint64_t> bounds_;
  std::vector<uint32_t> forward_edges_in_;
  bool edges_changed_ = false;
};

void Folding::binary(uint32_t i) {
  const Op op = f_.op[i];
  const uint64_t ones = f_.type[i] == Type::i32 ? 0xffffffff : ~0ull;
  if (const Op other = exchanged(op); other != Op::param && is_constant(f_.a[i]) && !is_constant(f_.b[i])) {
    std::swap(f_.a[i], f_.b[i]);
    f_.op[i] = other;
    return binary(i);  // once: the constant is on the right now
  }
  const uint32_t a = f_.a[i], b = f_.b[i];
  switch (op) {
    case Op::iadd:
    case Op::shl:
    case Op::sshr:
    case Op::ushr:
    case Op::rotl:
    case Op::rotr:
      if (is_constant(b, 0)) become(i, a);
      break;
    case Op::isub:
      if (a == b)
        become_constant(i, 0);
      else if (is_constant(b, 0))
        become(i, a);
      break;
    case Op::imul:
      if (is_constant(b, 0)) become(i, b);
      if (is_constant(b, 1)) become(i, a);
      break;
    case Op::udiv:
      if (is_constant(b, 1)) become(i, a);
      break;
    case Op::iand:
      // A mask that takes away only what is not there.
      if (a == b || is_constant(b, ones))
        become(i, a);
      else if (is_constant(b, 0))
        become(i, b);
      else if (is_constant(b) && ((f_.constant(b) + 1) & f_.constant(b)) == 0 && bounds_[a] <= f_.constant(b))
        become(i, a);
      break;
    case Op::ior:
      if (a == b || is_constant(b, 0))
        become(i, a);
      else if (is_constant(b, ones))
        become(i, b);
      break;
    case Op::ixor:
      if (a == b)
        become_constant(i, 0);
      else if (is_constant(b, 0))
        become(i, a);
      break;
    case Op::ieq:
      if (is_constant(b, 0)) {
        f_.op[i] = Op::ieqz;
        f_.b[i] = 0;
        compare_zero(i);
      } else if (is_constant(b, 1) && f_.type[a] == Type::i32 && is_bool(a)) {
        become(i, a);
      }
      break;
    case Op::ine:
      if (is_constant(b, 0) && f_.type[a] == Type::i32 && is_bool(a)) become(i, a);
      break;
    default: break;
  }
}

// i is an ieqz.
void Folding::compare_zero(uint32_t i) {
  const uint32_t a = f_.a[i];
  if (f_.op[a] == Op::ieqz && f_.type[f_.a[a]] == Type::i32 && is_bool(f_.a[a])) {
    become(i, f_.a[a]);
  } else if (const Op other = inverse(f_.op[a]); other != Op::param) {
    f_.op[i] = other;
    f_.a[i] = f_.a[a];
    f_.b[i] = f_.b[a];
  }
}

// Only whether `value` is 0 matters: look through tests for that.
void Folding::condition(uint32_t, uint32_t& value, bool& inverted) {
  for (;;) {
    const uint32_t of = f_.a[value];
    if (f_.op[value] == Op::ieqz && f_.type[of] == Type::i32)
      inverted = !inverted;
    else if (!(f_.op[value] == Op::ine && f_.type[of] == Type::i32 && is_constant(f_.b[value], 0)))
      return;
    value = of;
  }
}

void Folding::branch(uint32_t k, uint32_t i) {
  uint32_t value = f_.a[i];
  bool inverted = false;
  condition(i, value, inverted);
  f_.a[i] = value;
  const uint32_t e = f_.imm[i];
  if (inverted) {
    // Exchange the two edges, and with them their arguments: [x…][y…] becomes [y…][x…].
    std::swap(f_.edge_target[e], f_.edge_target[e + 1]);
    const auto begin = f_.operands.begin() + f_.edge_begin[e], middle = f_.operands.begin() + f_.edge_begin[e + 1],
               end = f_.operands.begin() + f_.edge_begin[e + 2];
    const auto second = static_cast<uint32_t>(end - middle);
    std::rotate(begin, middle, end);
    f_.edge_begin[e + 1] = f_.edge_begin[e] + second;
  }
  const auto then = f_.edge_args(e), otherwise = f_.edge_args(e + 1);
  bool same = f_.edge_target[e] == f_.edge_target[e + 1];
  for (size_t n = 0; same && n < then.size(); ++n) same = edit_.resolve(then[n]) == edit_.resolve(otherwise[n]);
  if (!same && !is_constant(value)) return;
  const uint32_t taken = same || f_.constant(value) != 0 ? e : e + 1;
  const uint32_t dropped = f_.edge_target[taken == e ? e + 1 : e].value;
  // No block may become unreachable.
  if (dropped > k && forward_edges_in_[dropped] < 2) return;
  if (dropped > k) --forward_edges_in_[dropped];
  f_.op[i] = Op::br;
  f_.a[i] = 0;
  f_.imm[i] = taken;
  edges_changed_ = true;
}

// [x + c] + offset is [x] + (c + offset) where x + c does not wrap.
void Folding::access(uint32_t i) {
  const uint32_t base = f_.a[i];
  if (f_.op[base] != Op::iadd || f_.type[base] != Type::i32 || !is_constant(f_.b[base])) return;
  const uint64_t constant = f_.constant(f_.b[base]);
  if (bounds_[f_.a[base]] + constant > 0xffffffff || constant + f_.imm[i] > 0xffffffff) return;
  f_.imm[i] += static_cast<uint32_t>(constant);
  f_.a[i] = f_.a[base];
}

void Folding::instruction(uint32_t k, uint32_t i) {
  const Op op = f_.op[i];
  const OpInfo& about = info(op);
  if (op == Op::br_if) return branch(k, i);
  if (op == Op::load || op == Op::store) return access(i);
  if (op == Op::select) {
    bool inverted = false;
    condition(i, f_.c[i], inverted);
    if (inverted) std::swap(f_.a[i], f_.b[i]);
    if (f_.a[i] == f_.b[i])
      become(i, f_.a[i]);
    else if (is_constant(f_.c[i]))
      become(i, f_.constant(f_.c[i]) != 0 ? f_.a[i] : f_.b[i]);
    return;
  }
  if (op == Op::result || (about.values != 1 && about.values != 2)) return;
  const bool of_constants = is_constant(f_.a[i]) && (about.values == 1 || is_constant(f_.b[i]));
  if (of_constants && (about.pure() || (op >= Op::sdiv && op <= Op::urem))) {
    const uint64_t b = about.values == 2 ? f_.constant(f_.b[i]) : 0;
    if (const auto value = fold_constant(op, f_.type[i], f_.type[f_.a[i]], f_.constant(f_.a[i]), b)) {
      become_constant(i, *value);
      return;
    }
  }
  if (op == Op::ieqz) return compare_zero(i);
  if (op == Op::wrap && (f_.op[f_.a[i]] == Op::zextend || f_.op[f_.a[i]] == Op::sextend))
    return become(i, f_.a[f_.a[i]]);
  if (about.values == 2) binary(i);
}

}  // namespace

void fold(Function& f) { Folding(f).run(); }

}  // namespace rustg::ir
