// Memory, atomics, tables and globals.
#include "target/bytecode/select.h"

namespace rustg::bytecode {

namespace {
constexpr uint32_t at(Op op) { return static_cast<uint32_t>(op); }
// The forms of a load or store, in the order of opcodes.def.
enum Form : uint32_t { kNear, kIndexed, kFar, kFree, kWrapping, kImmediate = 4, kStoreWrapping };
}  // namespace

// An address that is a sum is summed in the access itself, even if others want the sum too: it often vanishes then, and where it
// does not, nothing is lost.
Selector::Address Selector::address_of(uint32_t i) const {
  const uint32_t address = s_.resolve(fn_.a[i]);
  int64_t immediate16 = 0;
  if (fn_.op[address] == ir::Op::iadd && s_.block_of[address] == block_ && !done_[address]) {
    const uint32_t a = s_.resolve(fn_.a[address]), b = s_.resolve(fn_.b[address]);
    if (!s_.is_const(a) && immediate(b, immediate16)) return {a, static_cast<uint16_t>(immediate16), fn_.imm[i]};
    if (!s_.is_const(b) && immediate(a, immediate16)) return {b, static_cast<uint16_t>(immediate16), fn_.imm[i]};
  }
  return {address, 0, fn_.imm[i]};
}

bool Selector::fusible_load(uint32_t value, uint32_t consumer, uint32_t bytes, bool extended) const {
  if (fn_.op[value] != ir::Op::load || !fusible(value) || s_.effects[value] != s_.effects[consumer]) return false;
  const ir::Access access = ir::Access::unpack(fn_.aux[value]);
  if (access.memory != 0 || access.bytes() != bytes || fn_.imm[value] > 0xffff) return false;
  return !extended || !access.is_signed;
}

// d = a op (what `load` reads)
bool Selector::loaded(uint32_t i, Op op, uint32_t a, uint32_t load) {
  if (!fusible_load(load, i, ir::size_of(fn_.type[i]), false)) return false;
  const Address at_ = address_of(load);
  done_[load] = 1;
  push(op, i, {dest(i), slot(a), slot(at_.base), at_.offset, at_.immediate});
  return true;
}

// address = base + (index << shift), both in slots.
bool Selector::index_address(uint32_t address, uint32_t& base, uint32_t& index, uint32_t& shift) {
  if (fn_.op[address] != ir::Op::iadd || s_.block_of[address] != block_ || done_[address]) return false;
  base = s_.resolve(fn_.a[address]);
  index = s_.resolve(fn_.b[address]);
  if (s_.is_const(base) || s_.is_const(index)) return false;
  shift = 0;
  int64_t count = 0;
  const auto is_shift = [&](uint32_t v) {
    return fn_.op[v] == ir::Op::shl && fusible(v) && immediate(fn_.b[v], count);
  };
  if (is_shift(base)) std::swap(base, index);
  if (is_shift(index)) {
    shift = static_cast<uint32_t>(count & 31);
    index = s_.resolve(fn_.a[index]);
  }
  return true;
}

void Selector::load(uint32_t i) {
  const ir::Access access = ir::Access::unpack(fn_.aux[i]);
  const uint32_t offset = fn_.imm[i], address = s_.resolve(fn_.a[i]);
  const bool wide = ir::size_of(fn_.type[i]) == 8;
  if (access.memory != 0) return push(Op::load_any, i, {dest(i), slot(address), fn_.aux[i], 0, wide ? 1u : 0u, offset});
  constexpr Op kUnsigned[] = {Op::load8u, Op::load16u, Op::load32, Op::load64};
  Op op = kUnsigned[access.width_log2];
  if (access.is_signed && access.bytes() < ir::size_of(fn_.type[i])) {
    constexpr Op kSigned[2][3] = {{Op::load8s32, Op::load16s32, Op::load32},
                                  {Op::load8s64, Op::load16s64, Op::load32s64}};
    op = kSigned[wide][access.width_log2];
  }
  const auto form = [&](Form f) { return static_cast<Op>(at(op) + f); };
  uint32_t base = 0, index = 0, shift = 0;
  if (index_address(address, base, index, shift))
    return push(form(kIndexed), i, {dest(i), slot(base), slot(index), 0, shift, offset});
  if (offset > 0xffff) return push(form(kFar), i, {dest(i), slot(address), 0, 0, 0, offset});
  if (const Address sum = address_of(i); sum.base != address && offset == 0)
    return push(form(kWrapping), i, {dest(i), slot(sum.base), sum.immediate});
  push(form(access.unchecked ? kFree : kNear), i, {dest(i), slot(address), offset});
}

void Selector::store(uint32_t i) {
  const ir::Access access = ir::Access::unpack(fn_.aux[i]);
  const uint32_t offset = fn_.imm[i], address = s_.resolve(fn_.a[i]);
  uint32_t value = s_.resolve(fn_.b[i]);
  if (access.memory != 0) return push(Op::store_any, i, {slot(value), slot(address), fn_.aux[i], 0, 0, offset});
  constexpr Op kStores[] = {Op::store8, Op::store16, Op::store32, Op::store64};
  const Op op = kStores[access.width_log2];
  const auto form = [&](Form f) { return static_cast<Op>(at(op) + f); };
  // Only the bytes stored are read of the value.
  if (access.width_log2 < 3)
    while (fn_.op[value] == ir::Op::wrap) value = s_.resolve(fn_.a[value]);
  uint32_t base = 0, index = 0, shift = 0;
  // From memory to memory. What the store stores is all that the load has to read.
  if (offset <= 0xffff && value == s_.resolve(fn_.b[i]) && fusible_load(value, i, access.bytes(), false)) {
    const Address to = address_of(i), from = address_of(value);
    constexpr Op kCopies[] = {Op::copy8, Op::copy16, Op::copy32, Op::copy64};
    done_[value] = 1;
    return push(kCopies[access.width_log2], i,
                {slot(to.base), slot(from.base), from.offset, to.offset, from.immediate, to.immediate});
  }
  if (s_.is_const(value) && offset <= 0xffff) {
    const uint64_t bits = s_.constant(value);
    const uint32_t unused = 64 - 8 * access.bytes();
    const int64_t signed_bits = static_cast<int64_t>(bits << unused) >> unused;
    if (fits16(signed_bits))
      return push(form(kImmediate), i, {static_cast<uint16_t>(signed_bits), slot(address), offset});
  }
  if (index_address(address, base, index, shift))
    return push(form(kIndexed), i, {slot(value), slot(base), slot(index), 0, shift, offset});
  if (offset > 0xffff) return push(form(kFar), i, {slot(value), slot(address), 0, 0, 0, offset});
  if (const Address sum = address_of(i); sum.base != address && offset == 0)
    return push(form(kStoreWrapping), i, {slot(value), slot(sum.base), sum.immediate});
  push(form(access.unchecked ? kFree : kNear), i, {slot(value), slot(address), offset});
}

void Selector::global(uint32_t i) {
  const uint32_t global = fn_.imm[i];
  if (fn_.op[i] == ir::Op::global_get) {
    if (global > 0xffff) return push(Op::global_far_get, i, {dest(i), global});
    return push(Op::global_get, i, {dest(i), 0, global});
  }
  const uint32_t value = s_.resolve(fn_.a[i]);
  if (global > 0xffff) return push(Op::global_far_set, i, {slot(value), global});
  if (global_sum(i, value)) return;
  push(Op::global_set, i, {0, slot(value), global});
}

// Moving a stack pointer: global = sum = global + constant, or global = slot + constant.
bool Selector::global_sum(uint32_t i, uint32_t sum) {
  if (fn_.op[sum] != ir::Op::iadd || fn_.type[sum] != ir::Type::i32 || s_.block_of[sum] != block_ || done_[sum])
    return false;
  uint32_t base = s_.resolve(fn_.a[sum]);
  int64_t immediate16 = 0;
  if (s_.is_const(base) || !immediate(fn_.b[sum], immediate16)) return false;
  const uint32_t immediate = static_cast<uint16_t>(immediate16);
  // The sum must not be read before, and nothing may be between the reading and the writing.
  if (fn_.op[base] == ir::Op::global_get && fn_.imm[base] == fn_.imm[i] && fusible(base) &&
      s_.effects[base] == s_.effects[i]) {
    bool only_constants = true;
    for (uint32_t k = base + 1; k < i; ++k) only_constants &= k == sum || s_.is_const(k);
    if (only_constants) {
      done_[base] = done_[sum] = 1;
      push(Op::global_add, i, {sum, immediate, fn_.imm[i]});
      return true;
    }
  }
  if (!fusible(sum)) return false;
  push(Op::global_set_add, i, {immediate, slot(base), fn_.imm[i]});
  return true;
}

void Selector::other_memory(uint32_t i) {
  const uint32_t aux = fn_.aux[i], imm = fn_.imm[i];
  const ir::Access access = ir::Access::unpack(fn_.aux[i]);
  const auto operand = [&](uint32_t n) { return slot(fn_.operand(i, n).value); };
  using enum ir::Op;
  switch (fn_.op[i]) {
    case guard:
      if (access.memory == 0) return push(Op::guard, i, {0, operand(0), 0, 0, 0, imm});
      return push(Op::guard_any, i, {0, operand(0), aux, 0, 0, imm});
    case atomic_load: return push(Op::atomic_load, i, {dest(i), operand(0), aux, 0, 0, imm});
    case atomic_store: return push(Op::atomic_store, i, {operand(1), operand(0), aux, 0, 0, imm});
    case atomic_rmw_add: return push(Op::atomic_add, i, {dest(i), operand(0), aux, operand(1), 0, imm});
    case atomic_rmw_sub: return push(Op::atomic_sub, i, {dest(i), operand(0), aux, operand(1), 0, imm});
    case atomic_rmw_and: return push(Op::atomic_and, i, {dest(i), operand(0), aux, operand(1), 0, imm});
    case atomic_rmw_or: return push(Op::atomic_or, i, {dest(i), operand(0), aux, operand(1), 0, imm});
    case atomic_rmw_xor: return push(Op::atomic_xor, i, {dest(i), operand(0), aux, operand(1), 0, imm});
    case atomic_rmw_xchg: return push(Op::atomic_xchg, i, {dest(i), operand(0), aux, operand(1), 0, imm});
    case atomic_cmpxchg: return push(Op::atomic_cmpxchg, i, {dest(i), operand(0), aux, operand(1), operand(2), imm});
    case atomic_wait: return push(Op::atomic_wait, i, {dest(i), operand(0), aux, operand(1), operand(2), imm});
    case atomic_notify: return push(Op::atomic_notify, i, {dest(i), operand(0), aux, operand(1), 0, imm});
    case fence: return push(Op::fence, i, {});
    case memory_size: return push(Op::memory_size, i, {dest(i), access.memory});
    case memory_grow: return push(Op::memory_grow, i, {dest(i), operand(0), access.memory});
    case memory_fill: return push(Op::memory_fill, i, {operand(0), operand(1), operand(2), access.memory});
    case memory_copy: return push(Op::memory_copy, i, {operand(0), operand(1), operand(2), access.memory});
    case memory_init: return push(Op::memory_init, i, {operand(0), operand(1), operand(2), access.memory, 0, imm});
    case data_drop: return push(Op::data_drop, i, {0, imm});
    case table_get: return push(Op::table_get, i, {dest(i), operand(0), imm});
    case table_set: return push(Op::table_set, i, {operand(0), operand(1), imm});
    case table_size: return push(Op::table_size, i, {dest(i), imm});
    case table_grow: return push(Op::table_grow, i, {dest(i), operand(0), operand(1), imm});
    case table_fill: return push(Op::table_fill, i, {operand(0), operand(1), operand(2), imm});
    case table_copy: return push(Op::table_copy, i, {operand(0), operand(1), operand(2), imm, aux});
    case table_init: return push(Op::table_init, i, {operand(0), operand(1), operand(2), aux, 0, imm});
    case elem_drop: return push(Op::elem_drop, i, {0, imm});
    default: break;
  }
}

}  // namespace rustg::bytecode
