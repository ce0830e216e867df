// Going through a stretch of a file from token to token, and what a stretch means for those after it when what is before it is not
// yet known.
#pragma once
#include <bit>
#include <cstdint>

#include "base/hd.h"
#include "lex/scan.h"

namespace rustg::lex {

// Inside, packed into four bits: what a stretch can begin in. Deeper comments and raw strings with more hashes are kTooDeep: whoever meets
// it leaves the file to one lane (scan_alone).
constexpr uint32_t kInCode = 0, kInLine = 1, kInDocLine = 2, kInString = 3, kInQuote = 4, kInBlock = 5, kMostBlocks = 3, kInDocBlock = 8,
                   kMostDocBlocks = 1, kInRaw = 9, kMostHashes = 6, kTooDeep = 15;

RUSTG_HD inline uint32_t pack(Inside inside) {
  switch (inside.kind) {
    case Inside::code: return kInCode;
    case Inside::line: return inside.doc ? kInDocLine : kInLine;
    case Inside::string: return kInString;
    case Inside::quote: return kInQuote;
    case Inside::block:
      return inside.count > (inside.doc ? kMostDocBlocks : kMostBlocks) ? kTooDeep
                                                                       : (inside.doc ? kInDocBlock : kInBlock) + inside.count - 1;
    case Inside::raw: return inside.count < kMostHashes ? kInRaw + inside.count : kTooDeep;
    default: return kTooDeep;
  }
}
RUSTG_HD inline Inside unpack(uint32_t state) {
  if (state >= kInRaw) return state == kTooDeep ? Inside{Inside::deep} : Inside{Inside::raw, state - kInRaw};
  if (state >= kInDocBlock) return {Inside::block, state - kInDocBlock + 1, true};
  if (state >= kInBlock) return {Inside::block, state - kInBlock + 1};
  if (state == kInDocLine) return {Inside::line, 0, true};
  return {state == kInCode     ? Inside::code
          : state == kInLine   ? Inside::line
          : state == kInString ? Inside::string
                               : Inside::quote};
}

// Where each of the sixteen states leads: four bits each, that of state 0 lowest. Together with then() a monoid.
struct States {
  uint64_t map;
  static constexpr uint64_t kIdentity = 0xfedcba9876543210u;

  RUSTG_HD uint32_t operator[](uint32_t state) const { return map >> 4 * state & 15; }
  RUSTG_HD static States all(uint32_t state) { return {state * 0x1111111111111111u}; }
};
struct Then {
  RUSTG_HD States operator()(const States& a, const States& b) const {
    uint64_t map = 0;
    for (uint32_t s = 0; s < 16; ++s) map |= (b.map >> 4 * (a.map >> 4 * s & 15) & 15) << 4 * s;
    return {map};
  }
};

RUSTG_HD inline uint32_t highest_bit(uint64_t word) {  // of a word that is not 0
#if defined(__CUDA_ARCH__)
  return uint32_t(63 - __clzll(static_cast<long long>(word)));
#else
  return uint32_t(63 - std::countl_zero(word));
#endif
}
RUSTG_HD inline uint32_t lowest_bit(uint64_t word) {  // of a word that is not 0
#if defined(__CUDA_ARCH__)
  return uint32_t(__ffsll(static_cast<long long>(word)) - 1);
#else
  return uint32_t(std::countr_zero(word));
#endif
}

// From `pos` to `limit`, which is the file's end or the place behind a safe byte. tokens(block, bits) is called with the places in a block of 64
// bytes where tokens begin, in order, and stops the run if it is true; error() for what the lexer will have to report, other than
// malformed contents. Returns what `limit` is inside of. `alone`: the run goes on to the end of the file, so nothing is too deep.
template <class Tokens, class Error>
RUSTG_HD Inside run(const Text& t, uint32_t pos, uint32_t limit, Inside inside, bool alone, Tokens tokens, Error error) {
  Blocks blocks(t.bytes, t.blocks, limit);
  bool takes_suffix = inside.kind == Inside::string || inside.kind == Inside::quote || inside.kind == Inside::raw;
  uint32_t guard = 0;
  while (true) {
    if (inside.kind != Inside::code) {
      bool quote = inside.kind == Inside::quote;
      pos = close(t, pos, limit, inside);
      if (quote && inside.kind == Inside::deep) {  // a newline in it: not terminated
        inside = {};
        takes_suffix = false;
        error();
      }
      if (inside.kind != Inside::code) {
        if (guard != 0 && !alone) return {Inside::deep, 0};
        return inside;
      }
      for (; guard != 0 && t.bytes[pos] == '#'; --guard) ++pos;
      guard = 0;
      if (takes_suffix) pos = suffix_end(t, pos);
    }
    uint64_t carry = 0, number = 0;  // 1: the byte before `pos` belongs to a word, to one that begins with a digit
    uint32_t last_start = 0;  // of the last token
    while (pos < limit) {
      // Bits alone, as far as they reach.
      uint32_t block = pos / kBlockBytes, base = block * kBlockBytes;
      const Block m = blocks.at(block);
      uint64_t live = ~uint64_t(0) << (pos - base);
      if (limit - base < kBlockBytes) live &= ~(~uint64_t(0) << (limit - base));
      uint64_t words = m.word & live, behind_words = words << 1 | carry, word_starts = words & ~behind_words;
      uint64_t hashes = m.hash & behind_words;
      if (t.edition >= Edition::e2024) hashes |= m.hash & ((m.hash | m.hard) >> 1 | uint64_t(1) << 63);
      // Adding a word's first bit clears all of it.
      uint64_t numbers = words & ~(words + ((word_starts & m.digit) | (words & number)));
      uint64_t hard = (m.hard | hashes | (m.after & (numbers << 1 | number))) & live;
      uint64_t starts = (word_starts | m.punctuation) & live;
      if (hard == 0) {
        if (starts != 0) {
          if (tokens(block, starts)) return {};
          last_start = base + highest_bit(starts);
        }
        carry = words >> 63;
        number = numbers >> 63;
        pos = base + kBlockBytes;
        continue;
      }
      uint32_t at = lowest_bit(hard);
      uint64_t before = starts & ((uint64_t(1) << at) - 1);
      pos = base + at;
      if (behind_words >> at & 1) pos = before != 0 ? base + highest_bit(before) : last_start;
      Begin b = begin(t, pos);
      if (pos == base + at && b.what == Begin::token) before |= uint64_t(1) << at;
      if (before != 0 && tokens(block, before)) return {};
      if (b.error) error();
      carry = number = 0;
      pos = b.end;
      if (b.inside.kind != Inside::code) {
        inside = b.inside;
        takes_suffix = b.takes_suffix;
        guard = b.guard;
        break;
      }
      if (pos > limit) return {Inside::quote, 0};  // a character literal that holds the safe byte: ' '
      if (b.takes_suffix) pos = suffix_end(t, pos);
    }
    if (inside.kind == Inside::code) return {};
  }
}

}  // namespace rustg::lex
