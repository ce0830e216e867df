#include "ir/passes/fold_constant.h"

#include <bit>

namespace rustg::ir {
namespace {

template <class U>
std::optional<uint64_t> fold_in(Op op, U a, U b) {
  using S = std::make_signed_t<U>;
  constexpr U kBits = sizeof(U) * 8;
  constexpr U kMin = U{1} << (kBits - 1);
  const S sa = static_cast<S>(a), sb = static_cast<S>(b);
  const auto count = static_cast<int>(b & (kBits - 1));
  switch (op) {
    case Op::iadd: return static_cast<U>(a + b);
    case Op::isub: return static_cast<U>(a - b);
    case Op::imul: return static_cast<U>(a * b);
    case Op::sdiv:
      if (b == 0 || (a == kMin && sb == -1)) return {};
      return static_cast<U>(sa / sb);
    case Op::udiv:
      if (b == 0) return {};
      return a / b;
    case Op::srem:
      if (b == 0) return {};
      return sb == -1 ? U{0} : static_cast<U>(sa % sb);
    case Op::urem:
      if (b == 0) return {};
      return a % b;
    case Op::iand: return a & b;
    case Op::ior: return a | b;
    case Op::ixor: return a ^ b;
    case Op::shl: return static_cast<U>(a << count);
    case Op::sshr: return static_cast<U>(sa >> count);
    case Op::ushr: return a >> count;
    case Op::rotl: return std::rotl(a, count);
    case Op::rotr: return std::rotr(a, count);
    case Op::clz: return std::countl_zero(a);
    case Op::ctz: return std::countr_zero(a);
    case Op::popcnt: return std::popcount(a);
    case Op::sext8: return static_cast<U>(static_cast<S>(static_cast<int8_t>(a)));
    case Op::sext16: return static_cast<U>(static_cast<S>(static_cast<int16_t>(a)));
    case Op::sext32: return static_cast<U>(static_cast<S>(static_cast<int32_t>(a)));
    case Op::ieqz: return a == 0;
    case Op::ieq: return a == b;
    case Op::ine: return a != b;
    case Op::slt: return sa < sb;
    case Op::ult: return a < b;
    case Op::sgt: return sa > sb;
    case Op::ugt: return a > b;
    case Op::sle: return sa <= sb;
    case Op::ule: return a <= b;
    case Op::sge: return sa >= sb;
    case Op::uge: return a >= b;
    case Op::wrap: return static_cast<uint32_t>(a);
    case Op::zextend: return a;
    case Op::sextend: return static_cast<uint64_t>(static_cast<int64_t>(sa));
    default: return {};
  }
}

}  // namespace

std::optional<uint64_t> fold_constant(Op op, Type type, Type operand, uint64_t a, uint64_t b) {
  if (!is_int(type) || !is_int(operand)) return {};
  return operand == Type::i32 ? fold_in(op, static_cast<uint32_t>(a), static_cast<uint32_t>(b)) : fold_in(op, a, b);
}

}  // namespace rustg::ir
