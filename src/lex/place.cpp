#include "lex/place.h"

#include <bit>

#include "lex/avx512.h"
#include "lex/scan.h"

namespace rustg::lex {

namespace {

// Where tokens and the words among them end, by the bits of their last bytes: as many, in the same order.
struct Lasts {
  uint64_t all, words;
};

// Punctuation. A # is, but before a quote or another one, where it may begin a guarded string.
uint64_t simple_tokens(const Block& m, uint64_t here) {
  const uint64_t guards = m.hash & ((m.hard | m.hash) >> 1 | uint64_t(1) << (kBlockBytes - 1));
  return here & m.punctuation & ~m.hard & ~guards;
}

Lasts lasts(const Block& m, uint64_t here, uint64_t simple, uint64_t dots) {
  // Adding a run's first bit clears the run and sets the bit behind it.
  uint64_t starts = here & m.word, ends = (m.word + starts) & ~m.word, digits = starts & m.digit;
  uint64_t bad = m.hard | m.hash;
  // Words of digits alone end where their digits end.
  uint64_t whole_numbers = (m.digit + digits) & ~m.digit & ~m.word & ~dots;
  uint64_t number_ends = (m.word + digits) & ~m.word;
  uint64_t good = ((ends & ~number_ends) | (ends & whole_numbers)) & ~bad;
  // One that goes on into the next block ends with this one.
  uint64_t last_run = ~m.word == 0 ? ~uint64_t(0) : ~(~uint64_t(0) >> std::countl_one(m.word));
  uint64_t open = starts & last_run & -last_run ? uint64_t(1) << 63 : 0;
  return {simple | (here & ~simple & ~starts) | ends >> 1 | open, good >> 1};
}

using PlaceFunction = void(const uint8_t*, uint32_t, const Block&, uint64_t, uint64_t, const TokensRef&, uint32_t, Placed&);

void place_portable(const uint8_t* bytes, uint32_t base, const Block& m, uint64_t here, uint64_t joint, const TokensRef& out,
                    uint32_t number, Placed& placed) {
  const uint64_t simple = simple_tokens(m, here);
  uint64_t dots = 0;
  for (uint64_t rest = m.after; rest != 0; rest &= rest - 1) {
    if (bytes[base + uint32_t(std::countr_zero(rest))] == '.') dots |= rest & -rest;
  }
  Lasts last = lasts(m, here, simple, dots);
  uint32_t n = uint32_t(std::popcount(here));
  placed.count = n;
  placed.words = placed.others = 0;
  const bool known = uint32_t(std::popcount(last.all)) == n;
  uint64_t lasts_left = last.all;
  uint32_t k = 0;
  for (uint64_t rest = here; rest != 0; rest &= rest - 1, ++k) {
    uint32_t at = uint32_t(std::countr_zero(rest)), end = known ? uint32_t(std::countr_zero(lasts_left)) : at;
    lasts_left &= lasts_left - 1;
    if (!known)
      placed.others |= uint64_t(!(simple >> at & 1)) << k;
    else if (last.words >> end & m.word >> at & 1)
      placed.words |= uint64_t(1) << k;
    else
      placed.others |= uint64_t(!(simple >> at & 1)) << k;
    uint32_t i = number + k;
    placed.at[k] = uint8_t(at);
    placed.length[k] = uint8_t(end - at + 1);
    out.kinds[i] = uint8_t(detail::punctuation(bytes[base + at]));
    out.flags[i] = uint8_t(joint >> end & 1) * kJoint;
    out.starts[i] = base + at;
    out.lengths[i] = end - at + 1;
    out.symbols[i] = kNoSymbol;
  }
}

using ListFunction = void(const uint64_t*, uint32_t, TokenList&);

void list_portable(const uint64_t* bits, uint32_t blocks, TokenList& list) {
  constexpr uint64_t kHighest = uint64_t(1) << (kBlockBytes - 1);  // so that the lowest bit is always there
  list.count = 0;
  for (uint32_t block = 0; block != blocks; ++block) {
    // Most often few: four are written without asking how many there are.
    uint64_t rest = bits[block];
    const uint32_t many = uint32_t(std::popcount(rest));
    for (uint32_t from = 0; from < many; from += 4) {
      for (uint32_t i = 0; i != 4; ++i, rest &= rest - 1)
        list.items[list.count + from + i] = uint16_t(block * kBlockBytes + uint32_t(std::countr_zero(rest | kHighest)));
    }
    list.count += many;
  }
}

#if defined(__x86_64__)

struct KindTable {
  alignas(64) uint8_t of[128] = {};
  constexpr KindTable() {
    for (uint32_t c = 0; c < 128; ++c) of[c] = uint8_t(detail::punctuation(uint8_t(c)));
  }
};
constexpr KindTable kKinds;

struct Numbers {
  alignas(64) uint8_t of[kBlockBytes];
  constexpr Numbers() : of() {
    for (uint32_t i = 0; i < kBlockBytes; ++i) of[i] = uint8_t(i);
  }
};
constexpr Numbers kNumbers;

__attribute__((target(RUSTG_AVX512))) void place_avx512(const uint8_t* bytes, uint32_t base, const Block& m, uint64_t here, uint64_t joint,
                                                        const TokensRef& out, uint32_t number, Placed& placed) {
  const uint64_t simple = simple_tokens(m, here);
  const __m512i c = _mm512_load_si512(bytes + base);
  Lasts last = lasts(m, here, simple, _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('.')));
  uint32_t n = uint32_t(__builtin_popcountll(here));
  if (uint32_t(__builtin_popcountll(last.all)) != n) last = {here, 0};
  placed.count = n;
  placed.words = _pext_u64(last.words, last.all);
  placed.others = _pext_u64(here & ~simple, here) & ~placed.words;
  const __m512i numbers = _mm512_load_si512(kNumbers.of);
  const __m512i at = _mm512_maskz_compress_epi8(here, numbers);
  const __m512i end = _mm512_maskz_compress_epi8(last.all, numbers);
  const __m512i length = _mm512_add_epi8(_mm512_sub_epi8(end, at), _mm512_set1_epi8(1));
  _mm512_store_si512(placed.at, at);
  _mm512_store_si512(placed.length, length);
  const uint64_t all = n == 64 ? ~uint64_t(0) : (uint64_t(1) << n) - 1;
  const __m512i characters = _mm512_maskz_compress_epi8(here, c);
  const __m512i kinds = _mm512_permutex2var_epi8(_mm512_load_si512(kKinds.of), characters, _mm512_load_si512(kKinds.of + 64));
  _mm512_mask_storeu_epi8(out.kinds + number, all, kinds);
  _mm512_mask_storeu_epi8(out.flags + number, all, _mm512_maskz_set1_epi8(_pext_u64(joint, last.all), kJoint));
  const __m512i bases = _mm512_set1_epi32(int(base)), none = _mm512_set1_epi32(-1);
  for (uint32_t k = 0; k < n; k += 16) {
    __mmask16 some = __mmask16(all >> k);
    __m512i starts = _mm512_maskz_cvtepu8_epi32(some, _mm_load_si128(reinterpret_cast<const __m128i*>(placed.at + k)));
    __m512i lengths = _mm512_maskz_cvtepu8_epi32(some, _mm_load_si128(reinterpret_cast<const __m128i*>(placed.length + k)));
    _mm512_mask_storeu_epi32(out.starts + number + k, some, _mm512_add_epi32(starts, bases));
    _mm512_mask_storeu_epi32(out.lengths + number + k, some, lengths);
    _mm512_mask_storeu_epi32(out.symbols + number + k, some, none);
  }
}

__attribute__((target(RUSTG_AVX512))) void list_avx512(const uint64_t* bits, uint32_t blocks, TokenList& list) {
  const __m512i low = _mm512_cvtepu8_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(kNumbers.of)));
  uint32_t count = 0;
  for (uint32_t block = 0; block != blocks; ++block) {
    const __m512i items = _mm512_add_epi16(low, _mm512_set1_epi16(short(block * kBlockBytes)));
    const uint32_t first = uint32_t(bits[block]), second = uint32_t(bits[block] >> 32);
    _mm512_storeu_si512(list.items + count, _mm512_maskz_compress_epi16(first, items));
    count += uint32_t(__builtin_popcount(first));
    _mm512_storeu_si512(list.items + count, _mm512_maskz_compress_epi16(second, _mm512_add_epi16(items, _mm512_set1_epi16(32))));
    count += uint32_t(__builtin_popcount(second));
  }
  list.count = count;
}

PlaceFunction* const kPlace = has_avx512() ? place_avx512 : place_portable;
ListFunction* const kList = has_avx512() ? list_avx512 : list_portable;

#else

PlaceFunction* const kPlace = place_portable;
ListFunction* const kList = list_portable;

#endif

}  // namespace

void place(const uint8_t* bytes, uint32_t base, const Block& block, uint64_t here, uint64_t joint, const TokensRef& out,
           uint32_t number, Placed& placed) {
  kPlace(bytes, base, block, here, joint, out, number, placed);
}

void list_tokens(const uint64_t* bits, uint32_t blocks, TokenList& list) { kList(bits, blocks, list); }

}  // namespace rustg::lex
