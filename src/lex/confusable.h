// Characters above ASCII that look like punctuation: they stand for the token that seems to be meant, and the lexer says so.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "lex/token.h"

namespace rustg::lex {

enum class Meant : uint8_t {
#define MEANT(name, text, title, kind) name,
#include "lex/confusable.def"
};

constexpr TokenKind kind_of(Meant meant) {
  constexpr TokenKind kinds[] = {
#define MEANT(name, text, title, kind) TokenKind::kind,
#include "lex/confusable.def"
  };
  return kinds[uint32_t(meant)];
}

struct ConfusableTable {
  static constexpr uint32_t kCount = 0
#define CONFUSABLE(code_point, title, meant) +1
#include "lex/confusable.def"
      ;
  uint32_t code_points[kCount] = {
#define CONFUSABLE(code_point, title, meant) code_point,
#include "lex/confusable.def"
  };
  TokenKind kinds[kCount] = {
#define CONFUSABLE(code_point, title, meant) kind_of(Meant::meant),
#include "lex/confusable.def"
  };

  // Its place, or kCount.
  RUSTG_HD constexpr uint32_t find(uint32_t c) const {
    uint32_t low = 0, high = kCount;
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (code_points[middle] < c)
        low = middle + 1;
      else
        high = middle;
    }
    return low < kCount && code_points[low] == c ? low : kCount;
  }
};
inline constexpr ConfusableTable kConfusables;
#if defined(__CUDACC__)
static __device__ const ConfusableTable kDeviceConfusables;
#endif

// The token that a character stands for; eof: none.
RUSTG_HD inline TokenKind meant_token(uint32_t c) {
#if defined(__CUDA_ARCH__)
  const ConfusableTable& table = kDeviceConfusables;
#else
  const ConfusableTable& table = kConfusables;
#endif
  const uint32_t at = table.find(c);
  return at == ConfusableTable::kCount ? TokenKind::eof : table.kinds[at];
}

}  // namespace rustg::lex
