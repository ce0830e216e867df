// Accesses whose address may be any: without branches, so that lanes stay together.
#include "target/ptx/function.h"

namespace rustg::ptx {

void FunctionEmitter::unaligned_access(uint32_t i, const ir::Access& access, const Place& place) {
  Operand at = place.pointer;
  if (place.offset != 0) {
    at = new_l();
    line("add.s64 ", at, ", ", place.pointer, ", ", place.offset, ';');
  }
  if (f_.op[i] == Op::load) return unaligned_load(i, access, at);
  const uint32_t v = f_.b[i];
  const Operand value = is_constant(v) ? reg(v) : bits(v);
  if (!is_wide(v)) return store_bytes(value, access.bytes(), at, 0);
  const Operand low = new_r(), high = new_r();
  line("mov.b64 {", low, ", ", high, "}, ", value, ';');
  store_bytes(low, std::min(access.bytes(), 4u), at, 0);
  if (access.bytes() == 8) store_bytes(high, 4, at, 4);
}

void FunctionEmitter::store_bytes(const Operand& word, uint32_t bytes, const Operand& at, uint32_t offset) {
  line("st.global.u8 [", at, '+', offset, "], ", word, ';');
  for (uint32_t k = 1; k < bytes; ++k) {
    const Operand byte = new_r();
    line("shr.u32 ", byte, ", ", word, ", ", 8 * k, ';');
    line("st.global.u8 [", at, '+', offset + k, "], ", byte, ';');
  }
}

// The aligned words that the bytes lie in, shifted into place. The last one is that of the last byte, so that nothing past the
// accessed bytes' own words is read: memories are 4-byte aligned at both ends.
void FunctionEmitter::unaligned_load(uint32_t i, const ir::Access& access, const Operand& at) {
  const uint32_t bytes = access.bytes();
  const bool wide = is_wide(i);
  if (bytes == 2) {
    const Operand low = new_r(), high = new_r(), value = wide ? new_r() : def(i);
    line("ld.global.u8 ", low, ", [", at, "];");
    line(access.is_signed ? "ld.global.s8 " : "ld.global.u8 ", high, ", [", at, "+1];");
    line("shl.b32 ", high, ", ", high, ", 8;");
    line("or.b32 ", value, ", ", low, ", ", high, ';');
    if (wide) line(access.is_signed ? "cvt.s64.s32 " : "cvt.u64.u32 ", def(i), ", ", value, ';');
    return;
  }
  const Operand first = new_l(), last = new_l(), shift = new_r();
  line("and.b64 ", first, ", ", at, ", -4;");
  line("add.s64 ", last, ", ", at, ", ", bytes - 1, ';');
  line("and.b64 ", last, ", ", last, ", -4;");
  line("cvt.u32.u64 ", shift, ", ", at, ';');
  line("shl.b32 ", shift, ", ", shift, ", 3;");  // the funnel shift takes it modulo 32
  auto word = [&](const Operand& from, uint32_t offset) {
    const Operand w = new_r();
    line("ld.global.b32 ", w, ", [", from, '+', offset, "];");
    return w;
  };
  auto funnel = [&](const Operand& to, const Operand& low, const Operand& high) {
    line("shf.r.wrap.b32 ", to, ", ", low, ", ", high, ", ", shift, ';');
  };
  if (bytes == 4) {
    const Operand w0 = word(first, 0), w1 = word(last, 0), value = wide ? new_r() : def(i);
    funnel(value, w0, w1);
    if (wide) line(access.is_signed ? "cvt.s64.s32 " : "cvt.u64.u32 ", def(i), ", ", value, ';');
    return;
  }
  const Operand w0 = word(first, 0), w1 = word(first, 4), w2 = word(last, 0), low = new_r(), high = new_r();
  funnel(low, w0, w1);
  funnel(high, w1, w2);
  line("mov.b64 ", def(i), ", {", low, ", ", high, "};");
}

}  // namespace rustg::ptx
