// Going through a stretch of a file from token to token, and what a stretch means for those after it when what is before it is not
// yet known.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "lex/scan.h"

namespace rustg::lex {

// Inside, packed into four bits: what a stretch can begin in. Deeper comments and raw strings with more hashes are kTooDeep: whoever meets
// it leaves the file to one lane (scan_alone).
constexpr uint32_t kInCode = 0, kInLine = 1, kInString = 2, kInQuote = 3, kInBlock = 4, kMostBlocks = 5, kInRaw = 9,
                   kMostHashes = 6, kTooDeep = 15;

RUSTG_HD inline uint32_t pack(Inside inside) {
  switch (inside.kind) {
    case Inside::code: return kInCode;
    case Inside::line: return kInLine;
    case Inside::string: return kInString;
    case Inside::quote: return kInQuote;
    case Inside::block: return inside.count <= kMostBlocks ? kInBlock + inside.count - 1 : kTooDeep;
    case Inside::raw: return inside.count < kMostHashes ? kInRaw + inside.count : kTooDeep;
    default: return kTooDeep;
  }
}
RUSTG_HD inline Inside unpack(uint32_t state) {
  if (state >= kInRaw) return state == kTooDeep ? Inside{Inside::deep, 0} : Inside{Inside::raw, state - kInRaw};
  if (state >= kInBlock) return {Inside::block, state - kInBlock + 1};
  return {state == kInCode     ? Inside::code
          : state == kInLine   ? Inside::line
          : state == kInString ? Inside::string
                               : Inside::quote,
          0};
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

// From `pos` to `limit`, which is the file's end or the place behind a safe byte. token(start) is called for every token that begins in
// between and stops the run if it is true; error() for what the lexer will have to report, other than malformed contents.
// Returns what `limit` is inside of. `alone`: the run goes on to the end of the file, so nothing is too deep.
template <class Token, class Error>
RUSTG_HD Inside run(const Text& t, uint32_t pos, uint32_t limit, Inside inside, bool alone, Token token, Error error) {
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
    while (pos < limit) {
      Begin b = begin(t, pos);
      if (b.what == Begin::token && token(pos)) return {};
      if (b.error) error();
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
