// Sixty-four bytes at once: which of them are what, one bit each. In plain code, where most bytes are letters and punctuation, the bits alone tell
// where tokens begin; what they cannot tell is `hard` and left to scan.h.
//
// This is the one part of the lexer that is written for each kind of processor.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "device/bytes.h"

#if defined(__SSE2__)
#  include <emmintrin.h>
#endif

namespace rustg::lex {

constexpr uint32_t kBlockBytes = 64;

struct Block {
  uint64_t word;   // ASCII letters, digits, _
  uint64_t digit;
  uint64_t punctuation;  // characters that are tokens by themselves, unless they are hard
  uint64_t hard;   // quotes, bytes above 127, what begins no token; / before / or *
  uint64_t hash;   // #; hard behind a word or before a quote or another one
  uint64_t after;  // . and a sign behind an e: hard behind a number
};

// What a GPU's lanes have of all blocks beforehand: also where comments and strings may end, so that their text need not be searched.
struct MadeBlock : Block {
  uint64_t line;     // newlines
  uint64_t string;   // ", \\ and CR
  uint64_t comment;  // the first characters of */ and /*
};

// The blocks of `count` * 64 bytes from p on, a multiple of 64. A byte more on both sides is read.
#if !defined(__CUDA_ARCH__)
void classify(const uint8_t* p, uint32_t count, Block* blocks);
#endif

// Blocks one after the other, the bytes at multiples of 64.
class Blocks {
 public:
  // Of bytes up to `end`; nothing behind the block that holds end - 1 is looked at, except by a byte. `made`: all of them, or null.
  RUSTG_HD Blocks(const uint8_t* bytes, const MadeBlock* made, uint32_t end)
      : bytes_(bytes), made_(made), end_((end + kBlockBytes - 1) / kBlockBytes) {}

#if defined(__CUDA_ARCH__)
  // The last one is kept: code asks again after everything that the bits leave open.
  __device__ const Block& at(uint32_t block) {
    if (block != last_) last_ = block, block_ = made_ != nullptr ? made_[block] : classify(bytes_, block);
    return block_;
  }
  __device__ static MadeBlock classify(const uint8_t* bytes, uint32_t block) {
    MadeBlock b{};
    const uint8_t* p = bytes + size_t(block) * kBlockBytes;
    uint64_t slashes = 0, stars = 0, signs = 0, exponents = 0;
#  pragma unroll 1
    for (uint32_t i = 0; i < kBlockBytes; i += 16) {
      const device::Bytes16 v = device::load_bytes16(p + i);
      uint32_t word16 = 0, digit16 = 0, hash16 = 0, hard16 = 0, punctuation16 = 0, dot16 = 0, slash16 = 0, star16 = 0, sign16 = 0,
               exponent16 = 0, line16 = 0, string16 = 0;
#  pragma unroll
      for (uint32_t k = 0; k < 4; ++k) {
        const uint32_t c = v.word[k], shift = 4 * k;
        uint32_t lower = c | 0x20202020u;
        uint32_t letter = __vcmpgeu4(lower, 0x61616161u) & __vcmpleu4(lower, 0x7a7a7a7au);
        uint32_t digit = __vcmpgeu4(c, 0x30303030u) & __vcmpleu4(c, 0x39393939u);
        uint32_t word = letter | digit | __vcmpeq4(c, 0x5f5f5f5fu);
        uint32_t space = __vcmpeq4(c, 0x20202020u) | (__vcmpgeu4(c, 0x09090909u) & __vcmpleu4(c, 0x0d0d0d0du));
        uint32_t quote = __vcmpeq4(c, 0x22222222u), backslash = __vcmpeq4(c, 0x5c5c5c5cu);
        uint32_t odd = backslash | __vcmpeq4(c, 0x60606060u) | ~(__vcmpgtu4(c, 0x1f1f1f1fu) & __vcmpltu4(c, 0x7f7f7f7fu));
        uint32_t hard = (quote | __vcmpeq4(c, 0x27272727u) | odd) & ~space;
        word16 |= bits(word) << shift;
        digit16 |= bits(digit) << shift;
        hash16 |= bits(__vcmpeq4(c, 0x23232323u)) << shift;
        hard16 |= bits(hard) << shift;
        punctuation16 |= bits(~(word | space | hard)) << shift;
        dot16 |= bits(__vcmpeq4(c, 0x2e2e2e2eu)) << shift;
        slash16 |= bits(__vcmpeq4(c, 0x2f2f2f2fu)) << shift;
        star16 |= bits(__vcmpeq4(c, 0x2a2a2a2au)) << shift;
        sign16 |= bits(__vcmpeq4(c, 0x2b2b2b2bu) | __vcmpeq4(c, 0x2d2d2d2du)) << shift;
        exponent16 |= bits(__vcmpeq4(lower, 0x65656565u)) << shift;
        line16 |= bits(__vcmpeq4(c, 0x0a0a0a0au)) << shift;
        string16 |= bits(quote | backslash | __vcmpeq4(c, 0x0d0d0d0du)) << shift;
      }
      b.word |= uint64_t(word16) << i;
      b.digit |= uint64_t(digit16) << i;
      b.hash |= uint64_t(hash16) << i;
      b.hard |= uint64_t(hard16) << i;
      b.punctuation |= uint64_t(punctuation16) << i;
      b.after |= uint64_t(dot16) << i;
      b.line |= uint64_t(line16) << i;
      b.string |= uint64_t(string16) << i;
      slashes |= uint64_t(slash16) << i;
      stars |= uint64_t(star16) << i;
      signs |= uint64_t(sign16) << i;
      exponents |= uint64_t(exponent16) << i;
    }
    uint8_t next = p[kBlockBytes], before = p[-1];
    uint64_t openers = (slashes | stars) >> 1 | uint64_t(next == '/' || next == '*') << 63;
    b.hard |= slashes & openers;
    b.comment = (slashes & (stars >> 1 | uint64_t(next == '*') << 63)) | (stars & (slashes >> 1 | uint64_t(next == '/') << 63));
    b.after |= signs & (exponents << 1 | uint64_t((before | 32) == 'e'));
    return b;
  }

 private:
  // A bit of each of four bytes that are 0 or 255.
  __device__ static uint32_t bits(uint32_t bytes) { return (bytes & 0x08040201u) * 0x01010101u >> 24 & 15; }
  const uint8_t* bytes_;
  const MadeBlock* made_;
  uint32_t end_, last_ = 0xffffffffu;
  Block block_;
#else
  Block at(uint32_t block) {
    if (made_ != nullptr) return made_[block];
    if (block - first_ >= count_) {
      first_ = block;
      count_ = end_ - block < kAtOnce ? end_ - block : kAtOnce;
      classify(bytes_ + size_t(block) * kBlockBytes, count_, buffer_);
    }
    return buffer_[block - first_];
  }

 private:
  static constexpr uint32_t kAtOnce = 16;
  const uint8_t* bytes_;
  const MadeBlock* made_;
  uint32_t end_;
  uint32_t first_ = 0, count_ = 0;
  Block buffer_[kAtOnce];
#endif
};

// One block; not the first one.
RUSTG_HD inline MadeBlock make_block(const uint8_t* bytes, uint32_t block) {
#if defined(__CUDA_ARCH__)
  return Blocks::classify(bytes, block);
#else
  MadeBlock b{};
  const uint8_t* p = bytes + size_t(block) * kBlockBytes;
  classify(p, 1, &b);
  for (uint32_t i = 0; i < kBlockBytes; ++i) {
    b.line |= uint64_t(p[i] == '\n') << i;
    b.string |= uint64_t(p[i] == '"' || p[i] == '\\' || p[i] == '\r') << i;
    b.comment |= uint64_t((p[i] == '/' && p[i + 1] == '*') || (p[i] == '*' && p[i + 1] == '/')) << i;
  }
  return b;
#endif
}

// The first of [pos, limit) with a bit in the blocks' masks, or limit.
template <uint64_t MadeBlock::*kMask>
RUSTG_HD uint32_t find_bit(const MadeBlock* blocks, uint32_t pos, uint32_t limit) {
  if (pos >= limit) return limit;
  uint32_t block = pos / kBlockBytes;
  uint64_t word = blocks[block].*kMask & ~uint64_t(0) << pos % kBlockBytes;
  while (word == 0) {
    if (limit - block * kBlockBytes <= kBlockBytes) return limit;
    word = blocks[++block].*kMask;
  }
#if defined(__CUDA_ARCH__)
  pos = block * kBlockBytes + uint32_t(__ffsll(static_cast<long long>(word)) - 1);
#else
  pos = block * kBlockBytes + uint32_t(__builtin_ctzll(word));
#endif
  return pos < limit ? pos : limit;
}

// The first of [pos, limit) that is `a` or `b`, or limit.
RUSTG_HD inline uint32_t find_either(const uint8_t* bytes, uint32_t pos, uint32_t limit, uint8_t a, uint8_t b) {
#if defined(__CUDA_ARCH__)
  const uint32_t as = a * 0x01010101u, bs = b * 0x01010101u;
  uint32_t ignore = pos & 15;  // bytes before pos
  for (uint32_t at = pos - ignore; at < limit; at += 16, ignore = 0) {
    device::Bytes16 v = device::load_bytes16(bytes + at);
    uint64_t low = 0, high = 0;
#  pragma unroll
    for (uint32_t k = 0; k < 4; ++k) {
      uint64_t found = __vcmpeq4(v.word[k], as) | __vcmpeq4(v.word[k], bs);
      (k < 2 ? low : high) |= found << (k & 1) * 32;
    }
    if (ignore != 0) {
      low &= ignore < 8 ? ~uint64_t(0) << 8 * ignore : 0;
      if (ignore > 8) high &= ~uint64_t(0) << 8 * (ignore - 8);
    }
    if ((low | high) == 0) continue;
    at += low != 0 ? uint32_t(__ffsll(static_cast<long long>(low)) - 1) / 8 : 8 + uint32_t(__ffsll(static_cast<long long>(high)) - 1) / 8;
    return at < limit ? at : limit;
  }
  return limit;
#elif defined(__SSE2__)
  const __m128i as = _mm_set1_epi8(char(a)), bs = _mm_set1_epi8(char(b));
  for (; pos < limit; pos += 16) {
    __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + pos));
    uint32_t found = uint32_t(_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(c, as), _mm_cmpeq_epi8(c, bs))));
    if (found == 0) continue;
    pos += uint32_t(__builtin_ctz(found));
    return pos < limit ? pos : limit;
  }
  return limit;
#else
  constexpr uint64_t kOnes = 0x0101010101010101u, kHighs = 0x8080808080808080u;
  while (pos < limit) {
    uint64_t word = device::load_word(bytes + pos);
    uint64_t x = word ^ a * kOnes, y = word ^ b * kOnes;
    uint64_t found = (((x - kOnes) & ~x) | ((y - kOnes) & ~y)) & kHighs;  // exact up to the first one
    if (found != 0) {
      pos += uint32_t(__builtin_ctzll(found)) / 8;
      return pos < limit ? pos : limit;
    }
    pos += 8;
  }
  return limit;
#endif
}

}  // namespace rustg::lex
