// Loads, stores and guards.
//
// Memory 0 is cached: %base, and %last = size - 1 as 32 bits (a memory has up to 2^32 bytes, and here at least one page). An access
// to address a with k = offset + width bytes is in bounds when a + k <= size, that is a <= %last - (k - 1) in 32 bits with no carry, as
// long as k is no more than the memory's minimal size: one subtraction, which accesses share, and one comparison. Other memories,
// larger offsets and a memory that may be empty take the 64-bit comparison against the size in the instance.
//
// PTX loads and stores must be aligned. What is proven aligned (alignment.h) is one instruction; what the source hints to be unaligned is
// the branch-free unaligned sequence; the rest is checked in the same branch as the bounds, and the unaligned sequence lies aside.
#include "target/ptx/function.h"

namespace rustg::ptx {

void FunctionEmitter::load_memory0() {
  static_assert(offsetof(abi::Memory, base) == 0 && offsetof(abi::Memory, size) == 8);
  line("ld.global.v2.b64 {%base, %size}, [%inst];");
  line("cvt.u32.u64 %last, %size;");
  line("sub.u32 %last, %last, 1;");
  ++epoch_;
}

// Base and size of another memory.
void FunctionEmitter::memory_pair(uint32_t memory, Operand& base, Operand& size) {
  const Operand record = new_l();
  base = new_l(), size = new_l();
  if (memory == 0) {
    line("ld.global.v2.b64 {", base, ", ", size, "}, [%inst];");
    return;
  }
  line("ld.global.b64 ", record, ", [%inst+", static_cast<uint32_t>(offsetof(abi::Instance, more_memories)), "];");
  const auto at = static_cast<uint32_t>((memory - 1) * sizeof(abi::Memory));
  line("ld.global.b64 ", base, ", [", record, '+', at, "];");
  line("ld.global.b64 ", size, ", [", record, '+', at + 8, "];");
}

bool FunctionEmitter::in_bounds_always(uint32_t address, const ir::Access& access, uint64_t end) const {
  if (access.unchecked || access.memory == ir::Access::kFlat) return true;
  if (f_.op[address] != Op::iconst || access.memory >= program_.memories.size()) return false;
  return f_.a[address] + end <= program_.memories[access.memory].min_pages * ir::kPageSize;
}

// A predicate: address + end > size of the memory, or *or_else.
Operand FunctionEmitter::out_of_bounds(uint32_t address, const ir::Access& access, uint64_t end,
                                       const Operand* or_else) {
  const Operand p = new_p();
  auto compare = [&](const char* type, const Operand& a, const Operand& b) {
    if (or_else)
      line("setp.gt.or.", type, ' ', p, ", ", a, ", ", b, ", ", *or_else, ';');
    else
      line("setp.gt.", type, ' ', p, ", ", a, ", ", b, ';');
  };
  if (access.memory == 0 && end >= 1 && end <= memory0_minimum_) {
    const Operand limit = new_r();
    line("sub.u32 ", limit, ", %last, ", end - 1, ';');
    compare("u32", reg(address), limit);
    return p;
  }
  Operand base, size;
  memory_pair(access.memory, base, size);
  const Operand sum = new_l();
  line("cvt.u64.u32 ", sum, ", ", reg(address), ';');
  line("add.u64 ", sum, ", ", sum, ", ", end, ';');
  compare("u64", sum, size);
  return p;
}

void FunctionEmitter::check_bounds(uint32_t address, const ir::Access& access, uint64_t end) {
  if (in_bounds_always(address, access, end)) return;
  trap_if(out_of_bounds(address, access, end, nullptr), Trap::memory_out_of_bounds);
}

// Where an access goes in the address space.
FunctionEmitter::Place FunctionEmitter::place(uint32_t address, const ir::Access& access, uint32_t offset) {
  Operand pointer;
  if (access.memory == ir::Access::kFlat) {
    pointer = reg(address);
  } else if (access.memory == 0 && pointer_epoch_[address] == epoch_) {
    pointer = {Operand::Kind::l, pointer_[address]};
  } else {
    const Operand wide = new_l();
    line("cvt.u64.u32 ", wide, ", ", reg(address), ';');
    pointer = new_l();
    if (access.memory == 0) {
      line("add.s64 ", pointer, ", ", wide, ", %base;");
      pointer_[address] = static_cast<uint32_t>(pointer.value);
      pointer_epoch_[address] = epoch_;
    } else {
      Operand base, size;
      memory_pair(access.memory, base, size);
      line("add.s64 ", pointer, ", ", wide, ", ", base, ';');
    }
  }
  if (offset <= INT32_MAX - 8) return {pointer, offset};
  const Operand far = new_l();
  line("add.s64 ", far, ", ", pointer, ", ", offset, ';');
  return {far, 0};
}

void FunctionEmitter::access(uint32_t i) {
  const ir::Access access = ir::Access::unpack(f_.aux[i]);
  const uint32_t address = f_.a[i], offset = f_.imm[i], width = access.bytes();
  const Check asked = check_of(i);
  if (!asked.aligned || c_.options.trust_alignment) {
    check(i);
    const Place at = place(address, access, offset);
    const uint32_t known = std::min(1u << known_align(address), offset == 0 ? 1u << kMaxAlign : offset & (~offset + 1));
    if (asked.aligned || known >= width) return aligned_access(i, access, at);
    return width == 8 && known == 4 ? halves_access(i, at) : unaligned_access(i, access, at);
  }
  // Expected to be aligned, but not to be relied on: checked in one branch with the bounds, and right in any case.
  const uint32_t label = new_label();
  const Place at = place(address, access, offset);
  Operand aside = new_p();
  line("setp.ne.s32 ", aside, ", ", low_bits(asked), ", 0;");
  if (asked.end) aside = out_of_bounds(address, access, asked.end, &aside);
  line("@", aside, " bra $C", label, ';');
  aligned_access(i, access, at);
  line("$J", label, ':');
  cold_begin(label);
  if (asked.end) trap_if(out_of_bounds(address, access, asked.end, nullptr), Trap::memory_out_of_bounds);
  unaligned_access(i, access, at);
  line("bra $J", label, ';');
  cold_end();
}

void FunctionEmitter::aligned_access(uint32_t i, const ir::Access& access, const Place& at) {
  const uint32_t width = 8 * access.bytes();
  if (f_.op[i] == Op::store) {
    const uint32_t v = f_.b[i];
    Operand value = bits(v);
    // A b8 or b16 store takes the low bits of a wider register.
    const char family = width < 32 ? 'u' : 'b';
    if (!value.is_register() && width < 32) value = number(static_cast<int64_t>(value.value & ((1u << width) - 1)));
    if (!value.is_register() && width == 32) value = number(static_cast<int32_t>(value.value));
    line("st.global.", width == 32 && is_wide(v) ? 'u' : family, width, " [", at.pointer, '+', at.offset, "], ", value,
         ';');
    return;
  }
  const bool narrow = width < 8 * ir::size_of(f_.type[i]);
  const char family = !narrow ? 'b' : access.is_signed ? 's' : 'u';
  line("ld.global.", family, width, ' ', def(i), ", [", at.pointer, '+', at.offset, "];");
}

// 8 bytes known to be aligned to 4.
void FunctionEmitter::halves_access(uint32_t i, const Place& at) {
  const Operand low = new_r(), high = new_r();
  if (f_.op[i] == Op::store) {
    const Operand value = is_constant(f_.b[i]) ? reg(f_.b[i]) : bits(f_.b[i]);
    line("mov.b64 {", low, ", ", high, "}, ", value, ';');
    line("st.global.b32 [", at.pointer, '+', at.offset, "], ", low, ';');
    line("st.global.b32 [", at.pointer, '+', at.offset + 4, "], ", high, ';');
  } else {
    line("ld.global.b32 ", low, ", [", at.pointer, '+', at.offset, "];");
    line("ld.global.b32 ", high, ", [", at.pointer, '+', at.offset + 4, "];");
    line("mov.b64 ", def(i), ", {", low, ", ", high, "};");
  }
}

void FunctionEmitter::memory_size(uint32_t i) {
  Operand base, size;
  memory_pair(ir::Access::unpack(f_.aux[i]).memory, base, size);
  line("shr.u64 ", size, ", ", size, ", 16;");
  line("cvt.u32.u64 ", def(i), ", ", size, ';');
}

}  // namespace rustg::ptx
