#include "lex/recent.h"

#include <bit>

#include "lex/avx512.h"

namespace rustg::lex {

uint64_t RecentTexts::find_portable(const RecentTexts& recent, const uint8_t* bytes, uint32_t base, const Placed& placed, Edition edition,
                                    const TokensRef& out, uint32_t number) {
  uint64_t missing = 0;
  for (uint64_t rest = placed.words; rest != 0; rest &= rest - 1) {
    const uint32_t k = uint32_t(std::countr_zero(rest));
    const Key key = recent.key(bytes, base + placed.at[k], placed.length[k], edition);
    const Entry& e = recent.entries_[key.place];
    if (!is(e, key, bytes)) {
      missing |= rest & -rest;
      continue;
    }
    out.kinds[number + k] = uint8_t(kind(e));
    out.symbols[number + k] = e.value;
  }
  return missing;
}

#if defined(__x86_64__)

#  if defined(__GNUC__) && !defined(__clang__)
#    pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // in its own headers, of a register whose old content does not count
#  endif

// Eight words at a time, without a branch that words decide: those of more than 16 bytes, which would have to be compared with where they were met, count
// as missing.
__attribute__((target(RUSTG_AVX512))) uint64_t RecentTexts::find_avx512(const RecentTexts& recent, const uint8_t* bytes, uint32_t base,
                                                                        const Placed& placed, Edition edition, const TokensRef& out,
                                                                        uint32_t number) {
  const uint64_t words = placed.words;
  const uint32_t count = uint32_t(__builtin_popcountll(words));
  alignas(64) uint8_t ats[kBlockBytes], lengths[kBlockBytes], kinds[kBlockBytes];
  alignas(64) uint32_t values[kBlockBytes + 16];
  _mm512_store_si512(ats, _mm512_maskz_compress_epi8(words, _mm512_load_si512(placed.at)));
  _mm512_store_si512(lengths, _mm512_maskz_compress_epi8(words, _mm512_load_si512(placed.length)));
  const uint8_t* p = bytes + base;
  const long long* entries = reinterpret_cast<const long long*>(recent.entries_);
  const __m512i ones = _mm512_set1_epi64(1), eights = _mm512_set1_epi64(8), all = _mm512_set1_epi64(-1);
  const __m512i batch = _mm512_set1_epi64(static_cast<long long>(recent.batch_ | uint64_t(edition) << 8));
  uint64_t found = 0;
  for (uint32_t j = 0; j < count; j += 8) {
    const __m512i at = _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(ats + j)));
    const __m512i length = _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(lengths + j)));
    // As key(): 1 << 64 is 0 here, and 0 - 1 all ones.
    const __m512i first = _mm512_and_si512(_mm512_i64gather_epi64(at, p, 1),
                                           _mm512_add_epi64(_mm512_sllv_epi64(ones, _mm512_slli_epi64(length, 3)), all));
    const __mmask8 longer = _mm512_cmpgt_epi64_mask(length, eights), longest = _mm512_cmpgt_epi64_mask(length, _mm512_set1_epi64(16));
    const __m512i behind = _mm512_sub_epi64(length, eights);
    const __m512i last = _mm512_maskz_and_epi64(longer, _mm512_i64gather_epi64(_mm512_add_epi64(at, _mm512_mask_mov_epi64(eights, longest, behind)), p, 1),
                                                _mm512_add_epi64(_mm512_sllv_epi64(ones, _mm512_slli_epi64(behind, 3)), all));
    const __m512i mixed = _mm512_xor_si512(
        _mm512_xor_si512(first, length), _mm512_mullo_epi64(last, _mm512_set1_epi64(static_cast<long long>(kLastMultiplier))));
    const __m512i place = _mm512_slli_epi64(
        _mm512_srli_epi64(_mm512_mullo_epi64(mixed, _mm512_set1_epi64(static_cast<long long>(kMultiplier))), 64 - kBits), 2);
    const __m512i its_first = _mm512_i64gather_epi64(place, entries, 8), its_last = _mm512_i64gather_epi64(place, entries + 1, 8),
                  what = _mm512_i64gather_epi64(place, entries + 2, 8), rest = _mm512_i64gather_epi64(place, entries + 3, 8);
    const __m512i differ =
        _mm512_or_si512(_mm512_or_si512(_mm512_xor_si512(first, its_first), _mm512_xor_si512(last, its_last)),
                        _mm512_slli_epi64(_mm512_xor_si512(what, _mm512_or_si512(batch, length)), 64 - kKindAt));
    found |= uint64_t(_mm512_mask_testn_epi64_mask(__mmask8(~longest), differ, differ)) << j;
    _mm256_store_si256(reinterpret_cast<__m256i*>(values + j), _mm512_cvtepi64_epi32(_mm512_srli_epi64(rest, 32)));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(kinds + j), _mm512_cvtepi64_epi8(_mm512_srli_epi64(what, kKindAt)));
  }
  _mm512_mask_storeu_epi8(out.kinds + number, words, _mm512_maskz_expand_epi8(words, _mm512_load_si512(kinds)));
  uint32_t from = 0;
  for (uint32_t k = 0; words >> k != 0;) {
    const __mmask16 some = __mmask16(words >> k);
    _mm512_mask_storeu_epi32(out.symbols + number + k, some, _mm512_maskz_expand_epi32(some, _mm512_loadu_si512(values + from)));
    from += uint32_t(__builtin_popcount(some));
    k += 16;
    if (k == kBlockBytes) break;
  }
  return _pdep_u64(~found, words);
}

RecentTexts::FindWords* const RecentTexts::kFindWords = has_avx512() ? find_avx512 : find_portable;

#else

RecentTexts::FindWords* const RecentTexts::kFindWords = find_portable;

#endif

}  // namespace rustg::lex
