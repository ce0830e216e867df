// Where tokens begin, by cores: a scan over what stretches mean, in which a stretch is gone through while it is in cache.
#pragma once
#include <algorithm>

#include "lex/lex.h"
#include "lex/starts.h"

namespace rustg::lex {

namespace detail {

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

// A core's: what the run from the begin met is remembered, as far as there is room.
template <uint32_t kBytes>
RUSTG_HD States summarize_stretch(const Text& t, uint32_t begin, uint32_t limit) {
  constexpr uint32_t kBlocks = kBytes / kBlockBytes + 1;
  uint64_t marks[kBlocks];
  uint32_t first = begin / kBlockBytes, blocks = (limit - 1) / kBlockBytes - first + 1;
  if (blocks > kBlocks) blocks = kBlocks;
  for (uint32_t i = 0; i < blocks; ++i) marks[i] = 0;
  auto mark = [&](uint32_t block, uint64_t bits) {
    if (block - first < blocks) marks[block - first] |= bits;
    return false;
  };
  auto met = [&](uint32_t block, uint64_t bits) { return block - first < blocks && (marks[block - first] & bits) != 0; };
  uint32_t from_code = pack(run(t, begin, limit, {}, false, mark, [] {}));
  return other_states(t, begin, limit, from_code, find_enders(t.bytes, begin, limit), met);
}

template <uint32_t kBytes>
RUSTG_HD States summarize(const Sources& s, const uint32_t* contents, uint32_t most_alone, device::Chunk chunk) {
  uint32_t file = s.file_at(chunk.end - 1);
  if (file == s.files) return {States::kIdentity};
  if (s.ends[file] - s.begins[file] <= most_alone) return States::all(kInCode);  // nobody asks
  const Text t = text_of(s, file);
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

// Sets the bits of all tokens that begin in the chunk's stretches; `state` is that at its begin. Returns that at its end. Files of up to `most_alone`
// bytes are gone through as a whole by whoever has their begin.
RUSTG_HD inline uint32_t mark_starts(const Sources& s, const uint32_t* contents, uint64_t* bits, uint32_t* errors, uint32_t* slow,
                                     uint32_t most_alone, device::Chunk chunk, uint32_t state) {
  uint32_t file = s.file_at(chunk.begin);
  if (file == s.files) file = 0;
  for (; file < s.files && s.begins[file] < chunk.end; ++file) {
    const Text t = text_of(s, file);
    const bool alone = t.end - s.begins[file] <= most_alone;
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
    state = pack(mark_run(t, begin, limit, unpack(state), false, bits, [&] { errors[file] = 1; }));
    if (state == kTooDeep) slow[file] = 1;
    if (limit == t.end && state > kInDocLine) errors[file] = 1;  // not terminated
  }
  return state;
}

}  // namespace detail

template <class Queue>
void find_starts_by_cores(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const auto work = tokens.workspace();
  uint32_t* errors = tokens.ref().errors;
  // A file that is cut is gone through twice. One that is no more than a small part of a core's work need not be.
  constexpr uint32_t kMost = Stretch<Queue>::kBytes, kAlone = Stretch<Queue>::kAlone, kParts = 16;
  const uint32_t most_alone = kAlone == 0 ? 0 : std::max(kAlone, s.size / kParts / uint32_t(queue.threads()));
  queue.scan_chunks(
      s.size, Stretch<Queue>::kLane, [=] RUSTG_HD(device::Chunk chunk) { return summarize<kMost>(s, work.contents, most_alone, chunk); },
      [=] RUSTG_HD(device::Chunk chunk, const States& before) {
        return States::all(mark_starts(s, work.contents, work.bits, errors, work.slow, most_alone, chunk, before[kInCode]));
      },
      States{States::kIdentity}, Then{});
}

}  // namespace rustg::lex
