#include "ir/passes/upper_bounds.h"

#include <algorithm>
#include <bit>

namespace rustg::ir {
namespace {

// The smallest 2^k - 1 that is not below x.
uint64_t all_ones(uint64_t x) { return x == 0 ? 0 : ~0ull >> std::countl_zero(x); }

}  // namespace

std::vector<uint64_t> upper_bounds(const Function& f) {
  std::vector<uint64_t> bound(f.size());
  for (uint32_t i = 0; i < f.size(); ++i) {
    const uint64_t most = f.type[i] == Type::i32 ? 0xffffffffull : ~0ull;
    const uint8_t values = info(f.op[i]).values;
    const uint64_t a = values > 0 ? bound[f.a[i]] : 0, b = values > 1 ? bound[f.b[i]] : 0;
    const bool b_const = values > 1 && f.op[f.b[i]] == Op::iconst;
    const uint32_t shift = b_const ? f.a[f.b[i]] & (size_of(f.type[i]) * 8 - 1) : 0;
    uint64_t is = most;
    switch (f.op[i]) {
      case Op::iconst: is = f.constant(i); break;
      case Op::iadd:
        if (a <= most - b) is = a + b;
        break;
      case Op::imul:
        if (b == 0 || a <= most / b) is = a * b;
        break;
      case Op::iand: is = std::min(a, b); break;
      case Op::ior:
      case Op::ixor: is = all_ones(a | b); break;
      case Op::shl:
        if (b_const && a <= most >> shift) is = a << shift;
        break;
      case Op::ushr: is = b_const ? a >> shift : a; break;
      case Op::udiv: is = b_const && f.constant(f.b[i]) != 0 ? a / f.constant(f.b[i]) : a; break;
      case Op::urem: is = b == 0 ? a : std::min(a, b - 1); break;
      case Op::clz:
      case Op::ctz:
      case Op::popcnt: is = size_of(f.type[i]) * 8; break;
      case Op::load: {
        const Access access = Access::unpack(f.aux[i]);
        if (is_int(f.type[i]) && !access.is_signed && access.width_log2 < 3) is = (1ull << (8 * access.bytes())) - 1;
        break;
      }
      case Op::wrap:
        if (a <= most) is = a;
        break;
      case Op::zextend: is = a; break;
      case Op::sextend:
        if (a < 0x80000000) is = a;
        break;
      case Op::select: is = std::max(a, b); break;
      case Op::ieqz:
      case Op::ieq:
      case Op::ine:
      case Op::slt:
      case Op::ult:
      case Op::sgt:
      case Op::ugt:
      case Op::sle:
      case Op::ule:
      case Op::sge:
      case Op::uge:
      case Op::feq:
      case Op::fne:
      case Op::flt:
      case Op::fgt:
      case Op::fle:
      case Op::fge:
      case Op::ref_is_null: is = 1; break;
      default: break;
    }
    bound[i] = std::min(is, most);
  }
  return bound;
}

}  // namespace rustg::ir
