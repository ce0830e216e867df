// Characters above 127 as the lexer sees them: UTF-8, and the classes of UAX #31 by table.
#pragma once
#include <cstdint>

#include "base/hd.h"

namespace rustg::lex {

namespace unicode_host {
#define RUSTG_TABLE(type, name, size) inline constexpr type name[size]
#include "lex/unicode_tables.inc"
#undef RUSTG_TABLE
}  // namespace unicode_host
#if defined(__CUDACC__)
namespace unicode_device {
#  define RUSTG_TABLE(type, name, size) static __device__ const type name[size]
#  include "lex/unicode_tables.inc"
#  undef RUSTG_TABLE
}  // namespace unicode_device
#endif

// Bits of a code point's class.
constexpr uint32_t kXidStart = 1, kXidContinue = 2, kEmoji = 4, kMayNeedNfc = 8;

RUSTG_HD inline uint32_t unicode_class(uint32_t c) {
#if defined(__CUDA_ARCH__)
  using namespace unicode_device;
#else
  using namespace unicode_host;
#endif
  return kUnicodeBlocks[kUnicodeIndex[c >> 8] * 128 + (c >> 1 & 127)] >> (c & 1) * 4 & 15;
}

// Of valid UTF-8, by its first byte.
RUSTG_HD inline uint32_t utf8_length(uint8_t first) {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

// The code point at p, in valid UTF-8.
RUSTG_HD inline uint32_t decode_utf8(const uint8_t* p) {
  uint32_t a = p[0];
  if (a < 0x80) return a;
  if (a < 0xe0) return (a & 0x1f) << 6 | (p[1] & 0x3f);
  if (a < 0xf0) return (a & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
  return (a & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

// Pattern_White_Space above 127: NEL, LRM, RLM, LS, PS.
RUSTG_HD inline bool is_unicode_whitespace(uint32_t c) {
  return c == 0x85 || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029;
}

}  // namespace rustg::lex
