// Atomic accesses, sequentially consistent: a fence.sc and then an acquire, release or acq_rel operation, after the mapping of
// C++ atomics in NVIDIA's PTX memory model (Lustig et al., ASPLOS 2019). The other agents are lanes of the same device.
#include "target/ptx/function.h"

namespace rustg::ptx {
namespace {

// The atom operation, `sub` being an add of the negated operand.
const char* atom(ir::Op op) {
  switch (op) {
    case ir::Op::atomic_rmw_add:
    case ir::Op::atomic_rmw_sub: return "add.u";
    case ir::Op::atomic_rmw_and: return "and.b";
    case ir::Op::atomic_rmw_or: return "or.b";
    case ir::Op::atomic_rmw_xor: return "xor.b";
    case ir::Op::atomic_rmw_xchg: return "exch.b";
    default: return "cas.b";
  }
}

}  // namespace

void FunctionEmitter::atomic(uint32_t i) {
  const ir::Access access = ir::Access::unpack(f_.aux[i]);
  const uint32_t address = f_.a[i], offset = f_.imm[i], width = access.bytes();
  check_bounds(address, access, uint64_t{offset} + width);
  const Place p = place(address, access, offset);
  const Operand at = new_l();
  line("add.s64 ", at, ", ", p.pointer, ", ", p.offset, ';');
  if (width > 1) {  // memories are aligned, so the sum's alignment is the address's
    const Operand low = new_l(), odd = new_p();
    line("and.b64 ", low, ", ", at, ", ", width - 1, ';');
    line("setp.ne.s64 ", odd, ", ", low, ", 0;");
    trap_if(odd, Trap::unaligned_atomic);
  }
  line("fence.sc.gpu;");
  const Op op = f_.op[i];
  const uint32_t bits_wide = 8 * width;
  if (op == Op::atomic_load) return line("ld.acquire.gpu.global.u", bits_wide, ' ', def(i), ", [", at, "];");
  if (op == Op::atomic_store) return line("st.release.gpu.global.u", bits_wide, " [", at, "], ", reg(f_.b[i]), ';');
  if (width < ir::size_of(f_.type[i])) return atomic_narrow(i, at, bits_wide);
  Operand value = reg(f_.b[i]);
  if (op == Op::atomic_rmw_sub) {
    const Operand negated = new_of(f_.type[i]);
    line("neg.s", bits_wide, ' ', negated, ", ", value, ';');
    value = negated;
  }
  if (op == Op::atomic_cmpxchg)
    line("atom.acq_rel.gpu.global.cas.b", bits_wide, ' ', def(i), ", [", at, "], ", value, ", ", reg(f_.c[i]), ';');
  else
    line("atom.acq_rel.gpu.global.", atom(op), bits_wide, ' ', def(i), ", [", at, "], ", value, ';');
}

// Narrower than the type: a compare-and-swap loop on the word around it. The old value comes out zero-extended, and a cmpxchg
// compares it so with the whole expected value.
void FunctionEmitter::atomic_narrow(uint32_t i, const Operand& at, uint32_t width) {
  const Op op = f_.op[i];
  const bool wide = is_wide(i);
  const uint32_t ones = width == 32 ? 0xffffffffu : (1u << width) - 1;
  auto low_word = [&](uint32_t v) {
    if (!wide) return reg(v);
    const Operand word = new_r();
    line("cvt.u32.u64 ", word, ", ", reg(v), ';');
    return word;
  };
  const Operand word = new_l(), shift = new_r(), mask = new_r(), old = new_r(), current = new_r(), next = new_r(),
                seen = new_r();
  const Operand lost = new_p();
  const Operand value = low_word(op == Op::atomic_cmpxchg ? f_.c[i] : f_.b[i]);
  const uint32_t label = new_label();
  line("and.b64 ", word, ", ", at, ", -4;");
  line("cvt.u32.u64 ", shift, ", ", at, ';');
  line("and.b32 ", shift, ", ", shift, ", 3;");
  line("shl.b32 ", shift, ", ", shift, ", 3;");
  line("shl.b32 ", mask, ", ", ones, ", ", shift, ';');
  line("ld.relaxed.gpu.global.b32 ", old, ", [", word, "];");
  line("$L", label, ':');
  line("shr.u32 ", current, ", ", old, ", ", shift, ';');
  line("and.b32 ", current, ", ", current, ", ", ones, ';');
  if (wide)
    line("cvt.u64.u32 ", def(i), ", ", current, ';');
  else
    line("mov.b32 ", def(i), ", ", current, ';');
  switch (op) {
    case Op::atomic_rmw_add: line("add.s32 ", next, ", ", current, ", ", value, ';'); break;
    case Op::atomic_rmw_sub: line("sub.s32 ", next, ", ", current, ", ", value, ';'); break;
    case Op::atomic_rmw_and: line("and.b32 ", next, ", ", current, ", ", value, ';'); break;
    case Op::atomic_rmw_or: line("or.b32 ", next, ", ", current, ", ", value, ';'); break;
    case Op::atomic_rmw_xor: line("xor.b32 ", next, ", ", current, ", ", value, ';'); break;
    default: line("mov.b32 ", next, ", ", value, ';'); break;
  }
  if (op == Op::atomic_cmpxchg) {
    const Operand different = new_p();
    line("setp.ne.s", wide ? 64 : 32, ' ', different, ", ", def(i), ", ", reg(f_.b[i]), ';');
    line("@", different, " bra $M", label, ';');
  }
  line("shl.b32 ", next, ", ", next, ", ", shift, ';');
  line("xor.b32 ", next, ", ", next, ", ", old, ';');
  line("and.b32 ", next, ", ", next, ", ", mask, ';');
  line("xor.b32 ", next, ", ", next, ", ", old, ';');  // old outside the mask, the new value inside
  line("atom.acq_rel.gpu.global.cas.b32 ", seen, ", [", word, "], ", old, ", ", next, ';');
  line("setp.ne.s32 ", lost, ", ", seen, ", ", old, ';');
  line("mov.b32 ", old, ", ", seen, ';');
  line("@", lost, " bra $L", label, ';');
  line("$M", label, ':');
}

}  // namespace rustg::ptx
