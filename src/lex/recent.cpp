#include "lex/recent.h"

#include <bit>
#include <cstring>

#include "lex/avx512.h"

namespace rustg::lex {

void RecentTexts::find_portable(const RecentTexts& recent, const uint8_t* bytes, PlacedBlock* blocks, uint32_t count, const TokensRef& out) {
  for (PlacedBlock* b = blocks; b != blocks + count; ++b) {
    b->missing = 0;
    for (uint64_t rest = b->tokens.words; rest != 0; rest &= rest - 1) {
      const uint32_t k = uint32_t(std::countr_zero(rest));
      const Key key = recent.key(bytes, b->base + b->tokens.at[k], b->tokens.length[k], b->edition);
      const Entry& e = recent.entries_[key.place];
      if (!is(e, key, bytes)) {
        b->missing |= rest & -rest;
        continue;
      }
      out.kinds[b->number + k] = uint8_t(kind(e));
      out.symbols[b->number + k] = e.value;
    }
  }
}

#if defined(__x86_64__)

#  if defined(__GNUC__) && !defined(__clang__)
#    pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // in its own headers, of a register whose old content does not count
#  endif

// Eight words at a time, of whatever blocks, without a branch that words decide: those of more than 16 bytes, which would have to be compared with where
// they were met, count as missing.
__attribute__((target(RUSTG_AVX512))) void RecentTexts::find_avx512(const RecentTexts& recent, const uint8_t* bytes, PlacedBlock* blocks,
                                                                    uint32_t count, const TokensRef& out) {
  // All words: where they begin, their lengths with the edition above; what was found. Writes go over the end by one vector.
  constexpr uint32_t kMost = kBlocksPerGroup * kBlockBytes;
  alignas(64) uint32_t begins[kMost + 16], values[kMost + 16];
  alignas(64) uint16_t lengths[kMost + 32];
  alignas(64) uint8_t kinds[kMost + 64], found[kMost / 8 + 8];
  uint32_t words = 0;
  for (const PlacedBlock* b = blocks; b != blocks + count; ++b) {
    const __m512i at = _mm512_maskz_compress_epi8(b->tokens.words, _mm512_load_si512(b->tokens.at));
    const __m512i length = _mm512_maskz_compress_epi8(b->tokens.words, _mm512_load_si512(b->tokens.length));
    const __m512i base = _mm512_set1_epi32(int(b->base)), edition = _mm512_set1_epi16(short(uint32_t(b->edition) << 8));
    const uint32_t many = uint32_t(__builtin_popcountll(b->tokens.words));
    // A word is of two bytes at least with what is behind it: 32 in a block, but for one.
    _mm512_storeu_si512(begins + words, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(at)), base));
    _mm512_storeu_si512(lengths + words, _mm512_or_si512(_mm512_cvtepu8_epi16(_mm512_castsi512_si256(length)), edition));
    if (many > 16) _mm512_storeu_si512(begins + words + 16, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_extracti64x2_epi64(at, 1)), base));
    words += many;
  }
  const long long* entries = reinterpret_cast<const long long*>(recent.entries_);
  const __m512i ones = _mm512_set1_epi64(1), eights = _mm512_set1_epi64(8), all = _mm512_set1_epi64(-1);
  const __m512i batch = _mm512_set1_epi64(static_cast<long long>(recent.batch_));
  for (uint32_t j = 0; j < words; j += 8) {
    const __m512i begin = _mm512_maskz_cvtepu32_epi64(__mmask8(words - j >= 8 ? 255 : (1u << (words - j)) - 1),
                                                      _mm256_load_si256(reinterpret_cast<const __m256i*>(begins + j)));
    const __m512i sized = _mm512_cvtepu16_epi64(_mm_load_si128(reinterpret_cast<const __m128i*>(lengths + j)));
    const __m512i length = _mm512_and_si512(sized, _mm512_set1_epi64(255));
    // As key(): 1 << 64 is 0 here, and 0 - 1 all ones.
    const __m512i first = _mm512_and_si512(_mm512_i64gather_epi64(begin, bytes, 1),
                                           _mm512_add_epi64(_mm512_sllv_epi64(ones, _mm512_slli_epi64(length, 3)), all));
    const __mmask8 longer = _mm512_cmpgt_epi64_mask(length, eights), longest = _mm512_cmpgt_epi64_mask(length, _mm512_set1_epi64(16));
    const __m512i behind = _mm512_sub_epi64(length, eights);
    const __m512i last = _mm512_maskz_and_epi64(
        longer, _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), longer, _mm512_add_epi64(begin, _mm512_mask_mov_epi64(eights, longest, behind)), bytes, 1),
        _mm512_add_epi64(_mm512_sllv_epi64(ones, _mm512_slli_epi64(behind, 3)), all));
    const __m512i mixed = _mm512_xor_si512(
        _mm512_xor_si512(first, length), _mm512_mullo_epi64(last, _mm512_set1_epi64(static_cast<long long>(kLastMultiplier))));
    const __m512i place = _mm512_slli_epi64(
        _mm512_srli_epi64(_mm512_mullo_epi64(mixed, _mm512_set1_epi64(static_cast<long long>(kMultiplier))), 64 - kBits), 2);
    const __m512i its_first = _mm512_i64gather_epi64(place, entries, 8), its_last = _mm512_i64gather_epi64(place, entries + 1, 8),
                  what = _mm512_i64gather_epi64(place, entries + 2, 8), rest = _mm512_i64gather_epi64(place, entries + 3, 8);
    const __m512i differ =
        _mm512_or_si512(_mm512_or_si512(_mm512_xor_si512(first, its_first), _mm512_xor_si512(last, its_last)),
                        _mm512_slli_epi64(_mm512_xor_si512(what, _mm512_or_si512(batch, sized)), 64 - kKindAt));
    found[j / 8] = uint8_t(_mm512_mask_testn_epi64_mask(__mmask8(~longest), differ, differ));
    _mm256_store_si256(reinterpret_cast<__m256i*>(values + j), _mm512_cvtepi64_epi32(_mm512_srli_epi64(rest, 32)));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(kinds + j), _mm512_cvtepi64_epi8(_mm512_srli_epi64(what, kKindAt)));
  }
  uint32_t from = 0;
  for (PlacedBlock* b = blocks; b != blocks + count; ++b) {
    const uint64_t here = b->tokens.words;
    uint64_t these;
    std::memcpy(&these, found + from / 8, 8);
    b->missing = _pdep_u64(~(these >> from % 8), here);  // of up to 57 words
    _mm512_mask_storeu_epi8(out.kinds + b->number, here, _mm512_maskz_expand_epi8(here, _mm512_loadu_si512(kinds + from)));
    for (uint32_t k = 0; here >> k != 0;) {
      const __mmask16 some = __mmask16(here >> k);
      _mm512_mask_storeu_epi32(out.symbols + b->number + k, some, _mm512_maskz_expand_epi32(some, _mm512_loadu_si512(values + from)));
      from += uint32_t(__builtin_popcount(some));
      k += 16;
      if (k == kBlockBytes) break;
    }
  }
}

RecentTexts::FindWords* const RecentTexts::kFindWords = has_avx512() ? find_avx512 : find_portable;

#else

RecentTexts::FindWords* const RecentTexts::kFindWords = find_portable;

#endif

}  // namespace rustg::lex
