// Checks of accesses, and making many of them at once. On a GPU the branch costs more than the comparison: it ends the run of
// instructions in which loads overlap, and ptxas wraps it in convergence barriers. So one branch is made for a whole run of accesses,
// from the first that needs a check on, as far as nothing else can end the function: all whose addresses are known by then.
#include "target/ptx/function.h"

namespace rustg::ptx {

uint8_t FunctionEmitter::known_align(uint32_t v, uint32_t depth) const {
  uint8_t known = align_[v];
  for (uint32_t k = checked_of_[v]; k != ir::ValueId::kNone; k = checked_[k].next)
    if (flow_.dominates(checked_[k].block, block_)) known = std::max(known, checked_[k].align);
  constexpr uint32_t kMaxDepth = 4;
  if (depth < kMaxDepth && (f_.op[v] == Op::iadd || f_.op[v] == Op::isub))
    known = std::max(known, std::min(known_align(f_.a[v], depth + 1), known_align(f_.b[v], depth + 1)));
  return known;
}

void FunctionEmitter::note_align(uint32_t v, uint8_t align) {
  checked_.push_back({block_, checked_of_[v], align});
  checked_of_[v] = static_cast<uint32_t>(checked_.size() - 1);
}

// What a load, store or guard has to ask.
FunctionEmitter::Check FunctionEmitter::check_of(uint32_t i) {
  const ir::Access access = ir::Access::unpack(f_.aux[i]);
  const uint32_t address = f_.a[i], offset = f_.imm[i], width = access.bytes();
  const bool guard = f_.op[i] == Op::guard;
  const uint64_t end = uint64_t{offset} + (guard ? 0 : width);
  Check check{address, access, in_bounds_always(address, access, end) ? 0 : end, offset, false};
  if (guard || width == 1 || access.unaligned) return check;
  const uint32_t known_address = 1u << known_align(address);
  const uint32_t known = std::min(known_address, offset == 0 ? 1u << kMaxAlign : offset & (~offset + 1));
  // Not where it is known to be aligned; nor where only the address is, so that the sum is known not to be.
  check.aligned = known < width && known_address < width;
  // Two halves are cheaper than a check with a slow path.
  if (width == 8 && known == 4 && !c_.options.trust_alignment) check.aligned = false;
  return check;
}

// The bits of address + offset that must be 0, in a 32-bit register.
Operand FunctionEmitter::low_bits(const Check& check) {
  const bool flat = check.access.memory == ir::Access::kFlat;
  const uint32_t width = check.access.bytes();
  Operand low = reg(check.address);
  if (flat) {
    const Operand word = new_r();
    line("cvt.u32.u64 ", word, ", ", low, ';');
    low = word;
  }
  if (check.offset % width != 0) {
    const Operand sum = new_r();
    line("add.s32 ", sum, ", ", low, ", ", check.offset % width, ';');
    low = sum;
  }
  const Operand rest = new_r();
  line("and.b32 ", rest, ", ", low, ", ", width - 1, ';');
  return rest;
}

// Whether value v can be had ahead of instruction `before`, which is now to be emitted; a few pure operations are brought forward
// for it.
bool FunctionEmitter::make_available(uint32_t v, uint32_t before, uint32_t depth) {
  const ir::OpInfo& op = ir::info(f_.op[v]);
  // Of an access `emitted_` says that its check is, not that its value is there.
  if (v < before || is_constant(v) || (emitted_[v] && op.pure())) return true;
  constexpr uint32_t kMaxDepth = 3;
  if (!op.pure() || depth == kMaxDepth || f_.op[v] == Op::param || f_.op[v] == Op::result || f_.op[v] == Op::select)
    return false;
  for (uint32_t k = 0; k < op.values; ++k)
    if (!make_available(f_.operand(v, k).value, before, depth + 1)) return false;
  instruction(v);
  emitted_[v] = 1;
  return true;
}

// Check access i, and with it those that follow.
void FunctionEmitter::check(uint32_t i) {
  if (emitted_[i]) return;
  const Check first = check_of(i);
  if (first.end == 0 && !first.aligned) return;
  std::vector<Check> checks;
  auto add = [&](const Check& check) {
    // One comparison for all accesses from one address. All of these run, or none.
    for (Check& c : checks)
      if (check.end && c.end && c.address == check.address && c.access.memory == check.access.memory) {
        c.end = std::max(c.end, check.end);
        if (check.aligned) checks.push_back({check.address, check.access, 0, check.offset, true});
        return;
      }
    checks.push_back(check);
  };
  auto take = [&](uint32_t k, const Check& check) {
    add(check);
    emitted_[k] = 1;
    if (check.aligned && check.offset % check.access.bytes() == 0) note_align(check.address, check.access.width_log2);
  };
  take(i, first);
  constexpr size_t kMaxChecks = 16;
  constexpr uint32_t kMaxDistance = 96;
  const uint32_t end = std::min(f_.block_begin[block_ + 1] - 1, i + kMaxDistance);
  for (uint32_t k = i + 1; c_.options.imprecise && k < end && checks.size() < kMaxChecks; ++k) {
    const Op op = f_.op[k];
    if (op == Op::load || op == Op::store || op == Op::guard) {
      const Check check = check_of(k);
      if (check.end == 0 && !check.aligned) continue;
      if (check.aligned && !c_.options.trust_alignment) continue;
      if (make_available(check.address, i)) take(k, check);
    } else if (!ir::info(op).pure() && op != Op::global_get && op != Op::global_set && op != Op::memory_size &&
               op != Op::table_size) {
      break;
    }
  }
  emit_checks(checks);
}

void FunctionEmitter::emit_checks(const std::vector<Check>& checks) {
  Operand failed = new_p(), low{};
  bool any_low = false, any_failed = false;
  uint32_t branches = 0;
  for (const Check& c : checks) {
    branches += c.aligned + (c.end != 0);
    if (!c.aligned) continue;
    Operand bits = low_bits(c);
    if (any_low) {
      const Operand both = new_r();
      line("or.b32 ", both, ", ", low, ", ", bits, ';');
      bits = both;
    }
    low = bits, any_low = true;
  }
  if (any_low) line("setp.ne.s32 ", failed, ", ", low, ", 0;"), any_failed = true;
  for (const Check& c : checks)
    if (c.end) failed = out_of_bounds(c.address, c.access, c.end, any_failed ? &failed : nullptr), any_failed = true;
  // Why is found out aside: out of bounds unless it is the other.
  const bool bounds_only = !any_low;
  if (bounds_only) return trap_if(failed, Trap::memory_out_of_bounds);
  if (branches == 1) return trap_if(failed, Trap::unaligned_access);
  const uint32_t label = new_label();
  line("@", failed, " bra $C", label, ';');
  cold_begin(label);
  const Operand odd = new_p();
  line("setp.ne.s32 ", odd, ", ", low, ", 0;");
  trap_if(odd, Trap::unaligned_access);
  traps_ |= 1u << static_cast<uint32_t>(Trap::memory_out_of_bounds);
  line("bra.uni $T", static_cast<uint32_t>(Trap::memory_out_of_bounds), ';');
  cold_end();
}

}  // namespace rustg::ptx
