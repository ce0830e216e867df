// Arithmetic exactly as the IR defines it, for the CPU and CUDA: float minimum, rounding and conversions with IEEE 754's NaN
// rules, bit counts, shifts. Nothing here may be contracted to a fused multiply-add: sources that include it are compiled with
// -ffp-contract=off, and device code uses the rounding intrinsics.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "ir/trap.h"
#include "target/abi/instance.h"

namespace rustg::runtime::numeric {

#if defined(__CUDA_ARCH__)
template <class To, class From>
RUSTG_HD inline To bits(From from) {
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}
#else
template <class To, class From>
RUSTG_HD inline To bits(From from) {
  return __builtin_bit_cast(To, from);
}
#endif

#define RUSTG_NUMERIC \
  template <class T>  \
  RUSTG_HD inline T
// Integers; T is uint32_t or uint64_t. Signed readings of them are conversions, which C++20 defines.
template <class T>
using Signed = std::make_signed_t<T>;
template <class T>
constexpr T kWidth = sizeof(T) * 8;

RUSTG_NUMERIC op_add(T a, T b) { return a + b; }
RUSTG_NUMERIC op_sub(T a, T b) { return a - b; }
RUSTG_NUMERIC op_rsub(T a, T b) { return b - a; }
RUSTG_NUMERIC op_mul(T a, T b) { return a * b; }
RUSTG_NUMERIC op_and(T a, T b) { return a & b; }
RUSTG_NUMERIC op_or(T a, T b) { return a | b; }
RUSTG_NUMERIC op_xor(T a, T b) { return a ^ b; }
RUSTG_NUMERIC op_shl(T a, T b) { return a << (b & (kWidth<T> - 1)); }
RUSTG_NUMERIC op_shru(T a, T b) { return a >> (b & (kWidth<T> - 1)); }
RUSTG_NUMERIC op_shrs(T a, T b) { return static_cast<T>(static_cast<Signed<T>>(a) >> (b & (kWidth<T> - 1))); }
RUSTG_NUMERIC op_rotl(T a, T b) { return a << (b & (kWidth<T> - 1)) | a >> (-b & (kWidth<T> - 1)); }
RUSTG_NUMERIC op_rotr(T a, T b) { return a >> (b & (kWidth<T> - 1)) | a << (-b & (kWidth<T> - 1)); }

#define RUSTG_COMPARE \
  template <class T>  \
  RUSTG_HD inline bool
RUSTG_COMPARE op_eq(T a, T b) { return a == b; }
RUSTG_COMPARE op_ne(T a, T b) { return a != b; }
RUSTG_COMPARE op_ltu(T a, T b) { return a < b; }
RUSTG_COMPARE op_leu(T a, T b) { return a <= b; }
RUSTG_COMPARE op_gtu(T a, T b) { return a > b; }
RUSTG_COMPARE op_geu(T a, T b) { return a >= b; }
RUSTG_COMPARE op_lts(T a, T b) { return static_cast<Signed<T>>(a) < static_cast<Signed<T>>(b); }
RUSTG_COMPARE op_les(T a, T b) { return static_cast<Signed<T>>(a) <= static_cast<Signed<T>>(b); }
RUSTG_COMPARE op_gts(T a, T b) { return static_cast<Signed<T>>(a) > static_cast<Signed<T>>(b); }
RUSTG_COMPARE op_ges(T a, T b) { return static_cast<Signed<T>>(a) >= static_cast<Signed<T>>(b); }
// Floats.
RUSTG_COMPARE op_lt(T a, T b) { return a < b; }
RUSTG_COMPARE op_le(T a, T b) { return a <= b; }
RUSTG_COMPARE op_nlt(T a, T b) { return !(a < b); }
RUSTG_COMPARE op_nle(T a, T b) { return !(a <= b); }
#undef RUSTG_COMPARE

// Divisions: which trap they would raise, asked before they are made.
template <class T>
RUSTG_HD inline ir::Trap trap_divs(T a, T b) {
  if (b == 0) return ir::Trap::integer_divide_by_zero;
  return a == T{1} << (kWidth<T> - 1) && b == ~T{0} ? ir::Trap::integer_overflow : ir::Trap::none;
}
template <class T>
RUSTG_HD inline ir::Trap trap_by_zero(T b) {
  return b == 0 ? ir::Trap::integer_divide_by_zero : ir::Trap::none;
}
RUSTG_NUMERIC op_divs(T a, T b) { return static_cast<T>(static_cast<Signed<T>>(a) / static_cast<Signed<T>>(b)); }
RUSTG_NUMERIC op_divu(T a, T b) { return a / b; }
RUSTG_NUMERIC op_rems(T a, T b) {
  return b == ~T{0} ? 0 : static_cast<T>(static_cast<Signed<T>>(a) % static_cast<Signed<T>>(b));
}
RUSTG_NUMERIC op_remu(T a, T b) { return a % b; }

#if defined(__CUDA_ARCH__)
RUSTG_HD inline uint32_t op_clz(uint32_t a) { return static_cast<uint32_t>(__clz(static_cast<int>(a))); }
RUSTG_HD inline uint64_t op_clz(uint64_t a) { return static_cast<uint64_t>(__clzll(static_cast<long long>(a))); }
RUSTG_HD inline uint32_t op_ctz(uint32_t a) {
  return a == 0 ? 32 : static_cast<uint32_t>(__ffs(static_cast<int>(a)) - 1);
}
RUSTG_HD inline uint64_t op_ctz(uint64_t a) {
  return a == 0 ? 64 : static_cast<uint64_t>(__ffsll(static_cast<long long>(a)) - 1);
}
RUSTG_HD inline uint32_t op_popcnt(uint32_t a) { return static_cast<uint32_t>(__popc(a)); }
RUSTG_HD inline uint64_t op_popcnt(uint64_t a) { return static_cast<uint64_t>(__popcll(a)); }
#else
RUSTG_NUMERIC op_clz(T a) { return static_cast<T>(std::countl_zero(a)); }
RUSTG_NUMERIC op_ctz(T a) { return static_cast<T>(std::countr_zero(a)); }
RUSTG_NUMERIC op_popcnt(T a) { return static_cast<T>(std::popcount(a)); }
#endif
RUSTG_NUMERIC op_sext8(T a) { return static_cast<T>(static_cast<int8_t>(a)); }
RUSTG_NUMERIC op_sext16(T a) { return static_cast<T>(static_cast<int16_t>(a)); }

// Floats; T is float or double.
#if defined(__CUDA_ARCH__)
// The device's own NaN of a float has every payload bit set, which is not IEEE's canonical one: make it so.
RUSTG_HD inline float result(float a) { return a == a ? a : bits<float>(0x7fc00000u); }
RUSTG_HD inline double result(double a) { return a == a ? a : bits<double>(uint64_t{0x7ff8000000000000}); }
RUSTG_HD inline float op_add(float a, float b) { return result(__fadd_rn(a, b)); }
RUSTG_HD inline float op_sub(float a, float b) { return result(__fsub_rn(a, b)); }
RUSTG_HD inline float op_rsub(float a, float b) { return result(__fsub_rn(b, a)); }
RUSTG_HD inline float op_mul(float a, float b) { return result(__fmul_rn(a, b)); }
RUSTG_HD inline float op_div(float a, float b) { return result(__fdiv_rn(a, b)); }
RUSTG_HD inline float op_sqrt(float a) { return result(__fsqrt_rn(a)); }
RUSTG_HD inline double op_add(double a, double b) { return result(__dadd_rn(a, b)); }
RUSTG_HD inline double op_sub(double a, double b) { return result(__dsub_rn(a, b)); }
RUSTG_HD inline double op_rsub(double a, double b) { return result(__dsub_rn(b, a)); }
RUSTG_HD inline double op_mul(double a, double b) { return result(__dmul_rn(a, b)); }
RUSTG_HD inline double op_div(double a, double b) { return result(__ddiv_rn(a, b)); }
RUSTG_HD inline double op_sqrt(double a) { return result(__dsqrt_rn(a)); }
#else
template <class T>
RUSTG_HD inline T result(T a) {
  return a;
}
RUSTG_NUMERIC op_div(T a, T b) { return a / b; }
RUSTG_NUMERIC op_sqrt(T a) { return std::sqrt(a); }
#endif
// The addition makes a signalling NaN quiet; what rounding does with one depends on how it is compiled.
RUSTG_NUMERIC op_ceil(T a) { return a == a ? std::ceil(a) : op_add(a, a); }
RUSTG_NUMERIC op_floor(T a) { return a == a ? std::floor(a) : op_add(a, a); }
RUSTG_NUMERIC op_trunc(T a) { return a == a ? std::trunc(a) : op_add(a, a); }
// The rounding mode is always to nearest, ties to even.
RUSTG_NUMERIC op_nearest(T a) { return a == a ? std::rint(a) : op_add(a, a); }

RUSTG_HD inline uint32_t raw(float a) { return bits<uint32_t>(a); }
RUSTG_HD inline uint64_t raw(double a) { return bits<uint64_t>(a); }
template <class T>
constexpr auto kSign = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>{1} << (sizeof(T) * 8 - 1);
RUSTG_NUMERIC op_abs(T a) { return bits<T>(raw(a) & ~kSign<T>); }
RUSTG_NUMERIC op_neg(T a) { return bits<T>(raw(a) ^ kSign<T>); }
RUSTG_NUMERIC op_copysign(T a, T b) { return bits<T>((raw(a) & ~kSign<T>) | (raw(b) & kSign<T>)); }
RUSTG_NUMERIC op_min(T a, T b) {
  if (a != a || b != b) return op_add(a, b);
  if (a == b) return bits<T>(raw(a) | raw(b));  // -0 is less than +0
  return a < b ? a : b;
}
RUSTG_NUMERIC op_max(T a, T b) {
  if (a != a || b != b) return op_add(a, b);
  if (a == b) return bits<T>(raw(a) & raw(b));
  return a > b ? a : b;
}

// Float to integer. Every float is a double exactly, so the bounds are asked of doubles.
template <class I>
RUSTG_HD inline bool in_range(double a) {
  if constexpr (std::is_same_v<I, int32_t>) return a > -2147483649.0 && a < 2147483648.0;
  if constexpr (std::is_same_v<I, uint32_t>) return a > -1.0 && a < 4294967296.0;
  if constexpr (std::is_same_v<I, int64_t>) return a >= -9223372036854775808.0 && a < 9223372036854775808.0;
  if constexpr (std::is_same_v<I, uint64_t>) return a > -1.0 && a < 18446744073709551616.0;
}
template <class I>
RUSTG_HD inline ir::Trap trunc_trap(double a) {
  if (in_range<I>(a)) return ir::Trap::none;
  return a != a ? ir::Trap::invalid_conversion_to_integer : ir::Trap::integer_overflow;
}
template <class I>
RUSTG_HD inline std::make_unsigned_t<I> trunc(double a) {
  return static_cast<std::make_unsigned_t<I>>(static_cast<I>(a));
}
template <class I>
RUSTG_HD inline std::make_unsigned_t<I> trunc_sat(double a) {
  using U = std::make_unsigned_t<I>;
  if (in_range<I>(a)) return trunc<I>(a);
  if (a != a) return 0;
  constexpr U kTop = U{1} << (sizeof(U) * 8 - 1);
  if constexpr (std::is_signed_v<I>) return a < 0 ? kTop : static_cast<U>(kTop - 1);
  return a < 0 ? 0 : static_cast<U>(~U{0});
}
RUSTG_HD inline float demote(double a) { return result(static_cast<float>(a)); }
RUSTG_HD inline double promote(float a) { return result(static_cast<double>(a)); }
#undef RUSTG_NUMERIC

// Memory is little-endian and accesses need not be aligned; a device faults on unaligned ones, so there they go by bytes.
template <class T>
RUSTG_HD inline T load(const uint8_t* at) {
#if defined(__CUDA_ARCH__)
  if constexpr (sizeof(T) > 1) {
    if ((reinterpret_cast<uintptr_t>(at) & (sizeof(T) - 1)) != 0) {
      std::make_unsigned_t<T> value = 0;
      for (uint32_t i = 0; i < sizeof(T); ++i) value |= static_cast<std::make_unsigned_t<T>>(at[i]) << (8 * i);
      return static_cast<T>(value);
    }
  }
  return *reinterpret_cast<const T*>(at);
#else
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
#endif
}
template <class T>
RUSTG_HD inline void store(uint8_t* at, T value) {
#if defined(__CUDA_ARCH__)
  if constexpr (sizeof(T) > 1) {
    if ((reinterpret_cast<uintptr_t>(at) & (sizeof(T) - 1)) != 0) {
      for (uint32_t i = 0; i < sizeof(T); ++i) at[i] = static_cast<uint8_t>(value >> (8 * i));
      return;
    }
  }
  *reinterpret_cast<T*>(at) = value;
#else
  std::memcpy(at, &value, sizeof value);
#endif
}

}  // namespace rustg::runtime::numeric
