#include "target/bytecode/select.h"

#include <algorithm>

namespace rustg::bytecode {

void select(FunctionState& state) { Selector(state).run(); }

void Selector::run() {
  const uint32_t blocks = fn_.block_count(), size = fn_.size();
  s_.insts.clear();
  s_.inst_begin.assign(blocks + 1, 0);
  s_.value_count = size;
  s_.needed.assign(size, 0);
  s_.outgoing.assign(size, 0);
  s_.outgoing_cells = 1;
  wanted_by_call_.assign(size, 0);
  done_.assign(size, 0);
  std::vector<uint8_t> charges(blocks, 0);
  if (s_.with_fuel) {
    charges[0] = 1;
    for (const ir::Scope& scope : fn_.scopes)
      if (scope.kind == ir::Scope::Kind::loop) charges[scope.first.value] = 1;
  }

  for (block_ = blocks; block_-- > 0;) {
    s_.inst_begin[block_ + 1] = static_cast<uint32_t>(s_.insts.size());
    calls_seen_ = 0;
    const uint32_t first = fn_.block_begin[block_], last = fn_.block_begin[block_ + 1] - 1;
    terminator(last);
    for (const auto& [block, constant] : hoisted_)
      if (block == block_) constant_into(constant.value, constant.bits);
    std::erase_if(hoisted_, [&](const auto& h) { return h.first == block_; });
    for (uint32_t i = last; i-- > first;) {
      if (done_[i] || fn_.op[i] == ir::Op::param || s_.alias[i] != i || s_.is_const(i)) continue;
      if (!s_.needed[i] && ir::info(fn_.op[i]).pure()) continue;
      if (s_.outgoing[i] != 0 && wanted_by_call_[i] != calls_seen_) s_.outgoing[i] = 0;
      instruction(i);
    }
    if (charges[block_]) push(Op::fuel, first, {0, 1});
  }

  // The walk went backward: turn everything around. inst_begin[k + 1] was the length when block k's end was reached.
  const uint32_t total = static_cast<uint32_t>(s_.insts.size());
  std::reverse(s_.insts.begin(), s_.insts.end());
  for (uint32_t b = 1; b <= blocks; ++b) s_.inst_begin[b] = total - s_.inst_begin[b];
}

void Selector::push(Op op, uint32_t i, std::initializer_list<uint32_t> fields) {
  Inst inst{op, 0, i, {}};
  std::copy(fields.begin(), fields.end(), inst.f);
  s_.insts.push_back(inst);
  while (!pending_.empty()) {
    const Constant c = pending_.back();
    pending_.pop_back();
    constant_into(c.value, c.bits);
  }
}

void Selector::constant_into(Value dest, uint64_t bits) {
  Inst inst{Op::const16, 0, 0, {dest, static_cast<uint16_t>(bits)}};
  if (!fits16(static_cast<int64_t>(bits)))
    inst = {Op::const64, 0, 0, {dest, 0, 0, static_cast<uint32_t>(bits), static_cast<uint32_t>(bits >> 32)}};
  s_.insts.push_back(inst);
}

// Constants that an instruction cannot hold get a slot of their own: before the outermost loop around it, if there is one, so
// that they are made once.
Value Selector::slot(uint32_t value) {
  value = s_.resolve(value);
  if (!s_.is_const(value)) {
    s_.needed[value] = 1;
    return value;
  }
  const uint64_t bits = s_.constant(value);
  uint32_t before = kNone;
  if (const uint32_t loop = s_.outer_loop[block_]; loop != kNone) {
    for (uint32_t p = s_.pred_begin[loop]; p < s_.pred_begin[loop + 1]; ++p) {
      if (s_.preds[p] >= loop) continue;
      before = before == kNone ? s_.preds[p] : kOutgoing;
    }
  }
  if (before < kOutgoing) {
    for (const auto& [block, constant] : hoisted_)
      if (block == before && constant.bits == bits) return constant.value;
    hoisted_.push_back({before, {bits, add_value()}});
    return hoisted_.back().second.value;
  }
  for (const Constant& c : pending_)
    if (c.bits == bits) return c.value;
  pending_.push_back({bits, add_value()});
  return pending_.back().value;
}

bool Selector::immediate(uint32_t value, int64_t& out) const {
  value = s_.resolve(value);
  if (!s_.is_const(value)) return false;
  const uint64_t bits = s_.constant(value);
  out = fn_.type[value] == ir::Type::i32 ? static_cast<int32_t>(bits) : static_cast<int64_t>(bits);
  return fits16(out);
}

bool Selector::fusible(uint32_t value) const {
  // One use, but what is read through it may have been asked for by others: an address's index, by those that compute the address
  // themselves. Then it has to have its slot.
  return s_.uses[value] == 1 && !s_.needed[value] && s_.block_of[value] == block_ && fn_.op[value] != ir::Op::param &&
         !done_[value] && !s_.is_const(value);
}

void Selector::instruction(uint32_t i) {
  using enum ir::Op;
  switch (fn_.op[i]) {
    case iadd:
    case isub:
    case imul:
    case iand:
    case ior:
    case ixor:
    case shl:
    case sshr:
    case ushr:
    case rotl:
    case rotr:
    case sdiv:
    case udiv:
    case srem:
    case urem:
    case clz:
    case ctz:
    case popcnt:
    case sext8:
    case sext16:
    case sext32:
    case wrap:
    case sextend: return integer(i);
    case ieqz:
    case ieq:
    case ine:
    case slt:
    case ult:
    case sgt:
    case ugt:
    case sle:
    case ule:
    case sge:
    case uge:
    case feq:
    case fne:
    case flt:
    case fgt:
    case fle:
    case fge:
    case ref_is_null: return compare(i);
    case fadd:
    case fsub:
    case fmul:
    case fdiv:
    case fmin:
    case fmax:
    case fcopysign:
    case fabs:
    case fneg:
    case fceil:
    case ffloor:
    case ftrunc:
    case fnearest:
    case fsqrt: return floating(i);
    case trunc_s:
    case trunc_u:
    case trunc_sat_s:
    case trunc_sat_u:
    case convert_s:
    case convert_u:
    case fdemote:
    case fpromote: return convert(i);
    case ir::Op::select: return select_value(i);
    case ir::Op::load: return this->load(i);
    case ir::Op::store: return this->store(i);
    case global_get:
    case global_set: return global(i);
    case ir::Op::call:
    case ir::Op::call_indirect: return this->call(i);
    case ir::Op::fuel: return push(Op::fuel, i, {0, fn_.imm[i]});
    case result:
      // Copied out of the callee's frame at once, in order: it may not be made in another callee's.
      s_.outgoing[i] = 0;
      if (s_.needed[i]) push(Op::mov, i, {i, kOutgoing + 1 + fn_.imm[i]});
      return;
    default: return other_memory(i);
  }
}

// Arguments are moved into the callee's frame, unless they were made there.
void Selector::call(uint32_t i) {
  const bool indirect = fn_.op[i] == ir::Op::call_indirect;
  const auto args = fn_.call_args(i);
  const uint32_t signature = indirect ? fn_.imm[i] : s_.program->functions[fn_.imm[i]].signature.value;
  const uint32_t results = static_cast<uint32_t>(s_.program->signatures[signature].results.size());
  s_.outgoing_cells = std::max(s_.outgoing_cells, 1 + std::max(static_cast<uint32_t>(args.size()), results));
  ++calls_seen_;
  // A call without one result still names a slot for it: `ret` leaves it alone.
  const Value to = results == 1 ? dest(i) : i;
  if (indirect)
    push(Op::call_indirect, i, {slot(fn_.c[i]), signature, 0, 0, to, fn_.aux[i]});
  else
    push(Op::call, i, {0, fn_.imm[i], 0, 0, to});
  for (uint32_t k = static_cast<uint32_t>(args.size()); k-- > 0;) {
    const uint32_t v = s_.resolve(args[k].value);
    const Value cell = kOutgoing + 1 + k;
    if (s_.is_const(v)) {
      constant_into(cell, s_.constant(v));
      continue;
    }
    if (fusible(v)) {
      wanted_by_call_[v] = calls_seen_;
      s_.outgoing[v] = 1 + k;
    }
    push(Op::mov, i, {cell, slot(v)});
  }
}

void Selector::terminator(uint32_t i) {
  const auto [first, count] = fn_.edges(i);
  const auto need = [&](ir::ValueId v) {
    const uint32_t value = s_.resolve(v.value);
    if (!s_.is_const(value)) s_.needed[value] = 1;
  };
  for (uint32_t e = first; e < first + count; ++e)
    for (const ir::ValueId v : fn_.edge_args(e)) need(v);
  switch (fn_.op[i]) {
    case ir::Op::br: return push(Op::jump, i, {});
    case ir::Op::br_if: return branch(i);
    case ir::Op::br_table: return push(Op::br_table, i, {slot(fn_.a[i]), fn_.b[i]});
    case ir::Op::ret:
      if (fn_.b[i] == 1) return push(Op::ret1, i, {slot(fn_.call_args(i)[0].value)});
      for (const ir::ValueId v : fn_.call_args(i)) need(v);
      return push(Op::ret, i, {});
    default: return push(Op::trap, i, {fn_.imm[i]});
  }
}

}  // namespace rustg::bytecode
