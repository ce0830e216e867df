#include "lex/blocks.h"

#include "lex/avx512.h"
#include "lex/scan.h"

namespace rustg::lex {

namespace {

#if defined(__x86_64__)

// What both widths do, on vectors V of kLanes bytes.
#  define RUSTG_CLASSIFY(name, isa, V, lanes, set1, op_or, op_and, op_andnot, op_add, op_gt, op_eq, movemask, load)                    \
    __attribute__((target(isa))) void name(const uint8_t* p, uint32_t count, Block* blocks) {                                       \
      for (; count != 0; --count, p += kBlockBytes, ++blocks) {                                                                     \
        uint64_t word = 0, digit = 0, punctuation = 0, hard = 0, hash = 0, slash = 0, star = 0, dot = 0, sign = 0, exponent = 0;    \
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
          dot |= bits(op_eq(c, set1('.')));                                                                                         \
          sign |= bits(op_or(op_eq(c, set1('+')), op_eq(c, set1('-'))));                                                            \
          exponent |= bits(op_eq(op_or(c, set1(0x20)), set1('e')));                                                                 \
        }                                                                                                                           \
        bool opens = p[kBlockBytes] == '/' || p[kBlockBytes] == '*';                                                                \
        hard = ~(word | punctuation | hard) | (slash & ((slash | star) >> 1 | uint64_t(opens) << 63));                              \
        *blocks = {word, digit, punctuation, hard, hash, dot | (sign & (exponent << 1 | uint64_t((p[-1] | 32) == 'e')))};           \
      }                                                                                                                             \
    }

RUSTG_CLASSIFY(classify_sse2, "sse2", __m128i, 16, _mm_set1_epi8, _mm_or_si128, _mm_and_si128, _mm_andnot_si128, _mm_add_epi8,
               _mm_cmpgt_epi8, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_load_si128)
RUSTG_CLASSIFY(classify_avx2, "avx2", __m256i, 32, _mm256_set1_epi8, _mm256_or_si256, _mm256_and_si256, _mm256_andnot_si256,
               _mm256_add_epi8, _mm256_cmpgt_epi8, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_load_si256)
#  undef RUSTG_CLASSIFY

// What a byte is, from a table of 128.
enum Class : uint8_t { kWord = 1, kDigit = 2, kPunctuation = 4, kHard = 8, kDot = 16, kSign = 32, kExponent = 64, kSlash = 128 };
struct ClassTable {
  alignas(64) uint8_t of[128] = {};
  constexpr ClassTable() {
    for (uint32_t c = 0; c < 128; ++c) {
      bool digit = is_digit(c), word = is_ascii_word(c), space = is_ascii_space(c);
      bool odd = c == '"' || c == '\'' || c == '\\' || c == '`' || c < 33 || c == 127;
      of[c] = uint8_t((word ? kWord : 0) | (digit ? kDigit : 0) | (!word && !space && !odd ? kPunctuation : 0) | (odd && !space ? kHard : 0) |
                      (c == '.' ? kDot : 0) | (c == '+' || c == '-' ? kSign : 0) | ((c | 32) == 'e' ? kExponent : 0) | (c == '/' ? kSlash : 0));
    }
  }
};
constexpr ClassTable kClasses;

__attribute__((target(RUSTG_AVX512))) void classify_avx512(const uint8_t* p, uint32_t count, Block* blocks) {
  const __m512i low = _mm512_load_si512(kClasses.of), high = _mm512_load_si512(kClasses.of + 64);
  for (; count != 0; --count, p += kBlockBytes, ++blocks) {
    __m512i c = _mm512_load_si512(p);
    uint64_t above = _mm512_movepi8_mask(c);
    __m512i cls = _mm512_maskz_permutex2var_epi8(~above, low, c, high);
    auto bits = [cls](uint8_t which) __attribute__((target(RUSTG_AVX512))) {
      return uint64_t(_mm512_test_epi8_mask(cls, _mm512_set1_epi8(char(which))));
    };
    uint64_t star = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('*')), slash = bits(kSlash);
    bool opens = p[kBlockBytes] == '/' || p[kBlockBytes] == '*';
    uint64_t openers = slash & ((slash | star) >> 1 | uint64_t(opens) << 63);
    *blocks = {bits(kWord),
               bits(kDigit),
               bits(kPunctuation),
               above | bits(kHard) | openers,
               _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('#')),
               bits(kDot) | (bits(kSign) & (bits(kExponent) << 1 | uint64_t((p[-1] | 32) == 'e')))};
  }
}

using Classify = void (*)(const uint8_t*, uint32_t, Block*);
const Classify kClassify = has_avx512() ? classify_avx512 : __builtin_cpu_supports("avx2") ? classify_avx2 : classify_sse2;

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
      if (c == '.' || ((c == '+' || c == '-') && (p[int(i) - 1] | 32) == 'e')) b.after |= bit;
      if ((odd && !space) || comment) b.hard |= bit;
    }
    *blocks = b;
  }
}

#endif

}  // namespace

void classify(const uint8_t* p, uint32_t count, Block* blocks) { kClassify(p, count, blocks); }

}  // namespace rustg::lex
