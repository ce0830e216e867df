// What both ways to find where tokens begin are made of (starts_cores.pass.h, starts_lanes.pass.h).
#pragma once
#include <cstdint>

#include "device/atomic.h"
#include "lex/run.h"
#include "lex/stretch.h"

namespace rustg::lex::detail {

// Sets bits of an array of words, for the bytes in [begin, limit). Only the words at its ends are shared with neighbours.
class BitWriter {
 public:
  RUSTG_HD BitWriter(uint64_t* words, uint32_t begin, uint32_t limit)
      : words_(words), first_(begin / kBlockBytes), last_((limit - 1) / kBlockBytes), at_(first_) {}
  RUSTG_HD void set(uint32_t word, uint64_t bits) {
    if (word != at_) flush(), at_ = word;
    bits_ |= bits;
  }
  RUSTG_HD void flush() {
    if (at_ > first_ && at_ < last_)
      words_[at_] |= bits_;
    else if (bits_ != 0)
      device::atomic_or(&words_[at_], bits_);
    bits_ = 0;
  }

 private:
  uint64_t* words_;
  uint64_t bits_ = 0;
  uint32_t first_, last_, at_;
};

// Clears those of bytes in [begin, limit).
RUSTG_HD inline void clear_bits(uint64_t* words, uint32_t begin, uint32_t limit) {
  const uint32_t first = begin / kBlockBytes, last = (limit - 1) / kBlockBytes;
  const uint64_t from = ~uint64_t(0) << begin % kBlockBytes, to = ~uint64_t(0) >> (63 - (limit - 1) % kBlockBytes);
  device::atomic_and(&words[first], ~(first == last ? from & to : from));
  for (uint32_t word = first + 1; word < last; ++word) words[word] = 0;
  if (last != first) device::atomic_and(&words[last], ~to);
}

// Sets the bits of all tokens that begin in [begin, limit), and returns what the limit is inside of. error() as in run().
template <class Error>
RUSTG_HD Inside mark_run(const Text& t, uint32_t begin, uint32_t limit, Inside inside, bool alone, uint64_t* bits, Error error) {
  BitWriter writer(bits, begin, limit);
  auto token = [&](uint32_t block, uint64_t starts) {
    writer.set(block, starts);
    return false;
  };
  inside = run(t, begin, limit, inside, alone, token, error);
  writer.flush();
  return inside;
}

// Which of the things that end strings and block comments are in [begin, limit).
struct Enders {
  bool quote = false, quote_hash = false, comment = false;
};

// A comment to the line's end does not go over it, a character only if the end is in quotes or behind a backslash.
struct Before {
  bool new_line, no_quote;
  RUSTG_HD Before(const uint8_t* p, uint32_t begin)
      : new_line(p[begin - 1] == '\n'), no_quote(new_line && p[begin] != '\'' && p[begin - 2] != '\\') {}
};

// What a stretch that begins in the middle of a file means, if `from_code` is what it leads to from code. Most states last through most stretches.
// Where one ends, a run in code begins; tokens that begin at the same place go on the same way, so it stops as soon as it meets a token of the run
// from the stretch's begin: met(block, bits).
template <class Met>
RUSTG_HD States other_states(const Text& t, uint32_t begin, uint32_t limit, uint32_t from_code, const Enders& enders, Met met) {
  uint64_t map = (States::kIdentity & ~uint64_t(15)) | from_code;
  uint32_t known_end = 0, known = 0;
  const Before before(t.bytes, begin);
  for (uint32_t state = kInCode + 1; state < kTooDeep; ++state) {
    Inside inside = unpack(state);
    if ((before.new_line && (state == kInLine || state == kInDocLine)) || (before.no_quote && state == kInQuote)) continue;
    if ((inside.kind == Inside::string && !enders.quote) || (inside.kind == Inside::block && !enders.comment) ||
        (inside.kind == Inside::raw && !(inside.count == 0 ? enders.quote : enders.quote_hash)))
      continue;
    uint32_t pos = begin, to;
    if (inside.kind == Inside::string || inside.kind == Inside::raw || inside.kind == Inside::block) {
      bool suffix = inside.kind != Inside::block;
      pos = close(t, begin, limit, inside);
      if (inside.kind == Inside::code && suffix) pos = suffix_end(t, pos);
    }
    if (inside.kind == Inside::code && pos == known_end) {
      to = known;  // as from the state before
    } else {
      bool joined = false;
      inside = run(t, pos, limit, inside, false, [&](uint32_t block, uint64_t bits) { return joined = met(block, bits); }, [] {});
      to = joined ? from_code : pack(inside);
      if (state > kInQuote || state == kInString) known_end = pos, known = to;
    }
    map = (map & ~(uint64_t(15) << 4 * state)) | uint64_t(to) << 4 * state;
  }
  return {map};
}

}  // namespace rustg::lex::detail
