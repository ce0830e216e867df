// The first half of the lexer's pass: where tokens begin, a bit a byte.
#pragma once
#include <algorithm>

#include "device/atomic.h"
#include "lex/frontmatter.h"
#include "lex/lex.h"
#include "lex/run.h"
#include "lex/stretch.h"

namespace rustg::lex {

namespace detail {

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

// Which of the things that end strings and block comments are in [begin, limit).
struct Enders {
  bool quote = false, quote_hash = false, comment = false;
};
RUSTG_HD inline Enders find_enders(const uint8_t* p, uint32_t begin, uint32_t limit) {
  Enders e;
  for (uint32_t pos = begin; (pos = find_either(p, pos, limit, '"', '*')) < limit; ++pos) {
    if (p[pos] == '"') {
      e.quote = true;
      e.quote_hash |= p[pos + 1] == '#';
    } else {
      e.comment |= p[pos + 1] == '/' || p[pos - 1] == '/';
    }
    if (e.quote_hash && e.comment) break;
  }
  return e;
}

// What a stretch that begins in the middle of a file means. Most states last through most stretches. Where one ends, a run in code begins;
// tokens that begin at the same place go on the same way, so it stops as soon as it meets a token of the run from the stretch's begin.
template <uint32_t kBytes>
RUSTG_HD States summarize_stretch(const Text& t, uint32_t begin, uint32_t limit) {
  constexpr uint32_t kBlocks = kBytes / kBlockBytes + 1;
  uint64_t met[kBlocks];
  uint32_t first = begin / kBlockBytes, blocks = (limit - 1) / kBlockBytes - first + 1;
  if (blocks > kBlocks) blocks = kBlocks;  // what is further is not remembered
  for (uint32_t i = 0; i < blocks; ++i) met[i] = 0;
  const Enders enders = find_enders(t.bytes, begin, limit);
  uint64_t map = States::kIdentity;
  uint32_t from_code = kInCode, known_end = 0, known = 0;
  // A comment to the line's end does not go over it, a character only if the end is in quotes or behind a backslash.
  const bool new_line = t.bytes[begin - 1] == '\n', no_quote = new_line && t.bytes[begin] != '\'' && t.bytes[begin - 2] != '\\';
  for (uint32_t state = kInCode; state < kTooDeep; ++state) {
    Inside inside = unpack(state);
    if ((new_line && (state == kInLine || state == kInDocLine)) || (no_quote && state == kInQuote)) continue;
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
      inside = run(
          t, pos, limit, inside, false,
          [&](uint32_t block, uint64_t bits) {
            if (block - first >= blocks) return false;
            if (state == kInCode) met[block - first] |= bits;
            joined = state != kInCode && (met[block - first] & bits) != 0;
            return joined;
          },
          [] {});
      to = joined ? from_code : pack(inside);
      if (state == kInCode) from_code = to;
      if (state > kInQuote || state == kInString) known_end = pos, known = to;
    }
    map = (map & ~(uint64_t(15) << 4 * state)) | uint64_t(to) << 4 * state;
  }
  return {map};
}

template <uint32_t kBytes, uint32_t kAlone>
RUSTG_HD States summarize(const Sources& s, const uint32_t* contents, const Block* blocks, device::Chunk chunk) {
  uint32_t file = s.file_at(chunk.end - 1);
  if (file == s.files) return {States::kIdentity};
  if (s.ends[file] - s.begins[file] <= kAlone) return States::all(kInCode);  // nobody asks
  const Text t = text_of(s, file, blocks);
  uint32_t content = contents[file];
  if (content >= chunk.end) return States::all(kInCode);
  if (content >= chunk.begin) {
    auto go_on = [](uint32_t, uint64_t) { return false; };
    return States::all(pack(run(t, content, safe_place(t, chunk.end), {}, false, go_on, [] {})));
  }
  uint32_t begin = stretch_begin(t, chunk.begin, chunk.end);
  if (begin == t.end) return {States::kIdentity};
  uint32_t limit = safe_place(t, chunk.end);
  if (begin >= limit) return {States::kIdentity};
  return summarize_stretch<kBytes>(t, begin, limit);
}

// Sets the bits of all tokens that begin in the chunk's stretches; `state` is that at its begin. Returns that at its end. Small files are gone
// through as a whole by whoever has their begin.
template <uint32_t kAlone>
RUSTG_HD uint32_t mark_starts(const Sources& s, const uint32_t* contents, const Block* blocks, uint64_t* bits, uint32_t* errors,
                              uint32_t* slow, device::Chunk chunk, uint32_t state) {
  uint32_t file = s.file_at(chunk.begin);
  if (file == s.files) file = 0;
  for (; file < s.files && s.begins[file] < chunk.end; ++file) {
    const Text t = text_of(s, file, blocks);
    const bool alone = t.end - s.begins[file] <= kAlone;
    uint32_t begin = contents[file];
    if (alone && s.begins[file] < chunk.begin) continue;
    if (begin >= chunk.end && !alone) return kInCode;
    if (begin < chunk.begin) {
      begin = stretch_begin(t, chunk.begin, chunk.end);
      if (begin == t.end) continue;
    } else {
      state = kInCode;
    }
    uint32_t limit = alone ? t.end : safe_place(t, chunk.end);
    if (begin >= limit) continue;
    if (state == kTooDeep) {
      slow[file] = 1;
      continue;
    }
    BitWriter writer(bits, begin, limit);
    auto token = [&](uint32_t block, uint64_t starts) {
      writer.set(block, starts);
      return false;
    };
    state = pack(run(t, begin, limit, unpack(state), false, token, [&] { errors[file] = 1; }));
    writer.flush();
    if (state == kTooDeep) slow[file] = 1;
    if (limit == t.end && state > kInDocLine) errors[file] = 1;  // not terminated
  }
  return state;
}

// A file with something too deep for States, by one lane.
RUSTG_HD inline void scan_alone(const Sources& s, const uint32_t* contents, const Block* blocks, uint64_t* bits, uint32_t* errors,
                                uint32_t file) {
  const Text t = text_of(s, file, blocks);
  BitWriter writer(bits, contents[file], t.end);
  auto token = [&](uint32_t block, uint64_t starts) {
    writer.set(block, starts);
    return false;
  };
  Inside inside = run(t, contents[file], t.end, {}, true, token, [&] { errors[file] = 1; });
  writer.flush();
  if (inside.kind > Inside::line) errors[file] = 1;
}

}  // namespace detail

// contents, starts: the first half.
template <class Queue>
void find_starts(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const auto work = tokens.workspace();
  uint32_t* errors = tokens.ref().errors;
  queue.set_bytes(work.bits, 0, s.size / kBlockBytes + 1);
  queue.for_each(s.files, [=] RUSTG_HD(uint32_t file) {
    work.slow[file] = 0;
    errors[file] = 0;
    work.contents[file] = content_begin(text_of(s, file), s.begins[file], &errors[file]);
    uint32_t end = s.ends[file];  // its eof
    device::atomic_or(&work.bits[end >> 6], uint64_t(1) << (end & 63));
  });
  constexpr uint32_t kMost = Stretch<Queue>::kBytes, kAlone = Stretch<Queue>::kAlone, kLane = Stretch<Queue>::kLane;
  if (work.blocks != nullptr) {
    queue.for_each(s.size / kBlockBytes, [=] RUSTG_HD(uint32_t block) {
      if (block != 0) work.blocks[block] = make_block(s.bytes, block);
    });
  }
  queue.scan_chunks(
      s.size, kLane, [=] RUSTG_HD(device::Chunk chunk) { return summarize<kMost, kAlone>(s, work.contents, work.blocks, chunk); },
      [=] RUSTG_HD(device::Chunk chunk, const States& before) {
        if (work.stretches != nullptr) work.stretches[chunk.begin / kLane] = uint8_t(before[kInCode]);
        return States::all(mark_starts<kAlone>(s, work.contents, work.blocks, work.bits, errors, work.slow, chunk, before[kInCode]));
      },
      States{States::kIdentity}, Then{});
  queue.for_each(s.files, [=] RUSTG_HD(uint32_t file) {
    if (work.slow[file]) scan_alone(s, work.contents, work.blocks, work.bits, errors, file);
  });
}

}  // namespace rustg::lex
