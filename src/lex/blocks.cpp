#include "lex/blocks.h"

#if defined(__x86_64__)
#  include <immintrin.h>
#endif

namespace rustg::lex {

namespace {

#if defined(__x86_64__)

// What both widths do, on vectors V of kLanes bytes.
#  define RUSTG_CLASSIFY(name, isa, V, lanes, set1, op_or, op_and, op_andnot, op_add, op_gt, op_eq, movemask, load)                    \
    __attribute__((target(isa))) void name(const uint8_t* p, uint32_t count, Block* blocks) {                                       \
      for (; count != 0; --count, p += kBlockBytes, ++blocks) {                                                                     \
        uint64_t word = 0, digit = 0, punctuation = 0, hard = 0, hash = 0, slash = 0, star = 0;                                     \
        for (uint32_t i = 0; i < kBlockBytes; i += lanes) {                                                                         \
          V c = load(reinterpret_cast<const V*>(p + i));                                                                            \
          V letters = op_gt(op_add(op_or(c, set1(0x20)), set1(127 - 'z')), set1(127 - 26));                                         \
          V digits = op_gt(op_add(c, set1(127 - '9')), set1(127 - 10));                                                             \
          V words = op_or(op_or(letters, digits), op_eq(c, set1('_')));                                                             \
          V spaces = op_or(op_gt(op_add(c, set1(127 - 13)), set1(127 - 5)), op_eq(c, set1(' ')));                                   \
          V graphic = op_andnot(op_eq(c, set1(127)), op_gt(c, set1(' ')));                                                          \
          V odd = op_or(op_or(op_eq(c, set1('"')), op_eq(c, set1('\''))), op_or(op_eq(c, set1('\\')), op_eq(c, set1('`'))));         \
          V tokens = op_andnot(op_or(words, odd), graphic);                                                                         \
          auto bits = [i](V v) __attribute__((target(isa))) { return uint64_t(uint32_t(movemask(v))) << i; };                         \
          word |= bits(words);                                                                                                      \
          digit |= bits(digits);                                                                                                    \
          punctuation |= bits(tokens);                                                                                              \
          hard |= bits(spaces); /* not hard, for now */                                                                             \
          hash |= bits(op_eq(c, set1('#')));                                                                                        \
          slash |= bits(op_eq(c, set1('/')));                                                                                       \
          star |= bits(op_eq(c, set1('*')));                                                                                        \
        }                                                                                                                           \
        bool opens = p[kBlockBytes] == '/' || p[kBlockBytes] == '*';                                                                \
        hard = ~(word | punctuation | hard) | (slash & ((slash | star) >> 1 | uint64_t(opens) << 63));                              \
        *blocks = {word, digit, punctuation, hard, hash};                                                                           \
      }                                                                                                                             \
    }

RUSTG_CLASSIFY(classify_sse2, "sse2", __m128i, 16, _mm_set1_epi8, _mm_or_si128, _mm_and_si128, _mm_andnot_si128, _mm_add_epi8,
               _mm_cmpgt_epi8, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_load_si128)
RUSTG_CLASSIFY(classify_avx2, "avx2", __m256i, 32, _mm256_set1_epi8, _mm256_or_si256, _mm256_and_si256, _mm256_andnot_si256,
               _mm256_add_epi8, _mm256_cmpgt_epi8, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_load_si256)
#  undef RUSTG_CLASSIFY

using Classify = void (*)(const uint8_t*, uint32_t, Block*);
const Classify kClassify = __builtin_cpu_supports("avx2") ? classify_avx2 : classify_sse2;

#else

void kClassify(const uint8_t* p, uint32_t count, Block* blocks) {
  for (; count != 0; --count, p += kBlockBytes, ++blocks) {
    Block b{};
    for (uint32_t i = 0; i < kBlockBytes; ++i) {
      uint8_t c = p[i];
      uint64_t bit = uint64_t(1) << i;
      bool digit = c - '0' < 10u, word = digit || (c | 32) - 'a' < 26u || c == '_';
      bool space = c == ' ' || c - 9 < 5u, odd = c == '"' || c == '\'' || c == '\\' || c == '`' || c < 33 || c > 126;
      bool comment = c == '/' && (p[i + 1] == '/' || p[i + 1] == '*');
      if (digit) b.digit |= bit;
      if (word) b.word |= bit;
      if (c == '#') b.hash |= bit;
      if (!word && !space && !odd) b.punctuation |= bit;
      if ((odd && !space) || comment) b.hard |= bit;
    }
    *blocks = b;
  }
}

#endif

}  // namespace

void classify(const uint8_t* p, uint32_t count, Block* blocks) { kClassify(p, count, blocks); }

}  // namespace rustg::lex
