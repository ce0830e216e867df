// Words that are keywords: one multiplication finds the only one that a word can be.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/hd.h"
#include "lex/token.h"

namespace rustg::lex {

constexpr uint32_t kLongestKeyword = 8, kShortestKeyword = 1;

struct KeywordTable {
  static constexpr uint32_t kBits = 8;
  uint64_t words[1 << kBits] = {};  // the letters, the first lowest; 0: none
  uint8_t kinds[1 << kBits] = {};
  uint8_t editions[1 << kBits] = {};
  uint64_t multiplier = 0;

  RUSTG_HD constexpr uint32_t place(uint64_t word) const { return uint32_t(word * multiplier >> (64 - kBits)); }
  constexpr bool try_multiplier(uint64_t m) {
    *this = {};
    multiplier = m;
    struct Keyword {
      std::string_view text;
      TokenKind kind;
      int edition;
    };
    constexpr Keyword keywords[] = {
#define KEYWORD(name, text, edition) {text, TokenKind::name, edition},
#include "lex/token.def"
    };
    for (const Keyword& k : keywords) {
      uint64_t word = 0;
      for (size_t i = 0; i < k.text.size(); ++i) word |= uint64_t(uint8_t(k.text[i])) << 8 * i;
      uint32_t at = place(word);
      if (words[at] != 0) return false;
      words[at] = word;
      kinds[at] = uint8_t(k.kind);
      editions[at] = uint8_t((k.edition - 2015) / 3);
    }
    return true;
  }
  // Begins with a multiplier that is known to do; another list of keywords finds another.
  static constexpr KeywordTable make() {
    KeywordTable table;
    for (uint64_t m = 0xe58a19d7d4014866; !table.try_multiplier(m);) m = m * 6364136223846793005 + 1442695040888963407;
    return table;
  }
};

inline constexpr KeywordTable kKeywords = KeywordTable::make();
#if defined(__CUDACC__)
static __device__ const KeywordTable kDeviceKeywords = KeywordTable::make();
#endif

// The keyword with these letters, or ident.
RUSTG_HD inline TokenKind keyword(uint64_t word, Edition edition) {
#if defined(__CUDA_ARCH__)
  const KeywordTable& table = kDeviceKeywords;
#else
  const KeywordTable& table = kKeywords;
#endif
  uint32_t at = table.place(word);
  return table.words[at] == word && edition >= Edition(table.editions[at]) ? TokenKind(table.kinds[at])
                                                                           : TokenKind::ident;
}

}  // namespace rustg::lex
