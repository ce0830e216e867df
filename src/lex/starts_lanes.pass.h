// Where tokens begin, by the lanes of a GPU. Nearly every stretch begins in code: so all are gone through at once as if they did. What it would mean
// to begin inside of something is asked of those only that hold an end of a string or a block comment; a scan over what stretches mean then tells
// where each really begins, and the few that do not begin in code are gone through again.
#pragma once
#include "lex/lex.h"
#include "lex/starts.h"
#include "lex/stretch.h"

namespace rustg::lex {

namespace detail {

// What is known of a stretch, if it begins in code, beside its States.
constexpr uint8_t kGuessError = 1, kGuessDeep = 2, kGuessOpen = 4;  // open: what else it can mean has not been looked for

// The part of a lane's text that belongs to a file begun before it; empty if `begin` is not before `limit`.
struct Guessed {
  Text t;
  uint32_t file, begin = 0, limit = 0;
};
template <uint32_t kLane>
RUSTG_HD Guessed guessed_part(const Sources& s, const uint32_t* contents, const MadeBlock* blocks, uint32_t file, uint32_t stretch) {
  Guessed g{text_of(s, file, blocks), file};
  const uint32_t from = stretch * kLane, to = s.size - from < kLane ? s.size : from + kLane;
  if (contents[file] >= from) return g;
  g.begin = stretch_begin(g.t, from, to);
  g.limit = g.begin == g.t.end ? g.begin : safe_place(g.t, to);
  return g;
}

// Bits behind the limit count too, which costs a look and changes nothing.
RUSTG_HD inline Enders enders_in(const MadeBlock* blocks, uint32_t begin, uint32_t limit) {
  uint64_t string = 0, hash = 0, comment = 0, live = ~uint64_t(0) << begin % kBlockBytes;
  for (uint32_t block = begin / kBlockBytes; block <= (limit - 1) / kBlockBytes; ++block, live = ~uint64_t(0)) {
    string |= blocks[block].string & live;
    hash |= blocks[block].hash & live;
    comment |= blocks[block].comment & live;
  }
  return {string != 0, string != 0 && hash != 0, comment != 0};
}

template <uint32_t kLane, class Work>
RUSTG_HD void guess_starts(const Sources& s, const Work& work, uint32_t* errors, uint32_t stretch) {
  const uint32_t from = stretch * kLane, to = s.size - from < kLane ? s.size : from + kLane;
  uint32_t file = s.file_at(from);
  const bool some = file != s.files;
  if (!some) file = 0;
  work.stretch_files[stretch] = file;
  States states{States::kIdentity};
  uint8_t guess = 0;
  for (; file < s.files && s.begins[file] < to; ++file) {
    const Guessed g = guessed_part<kLane>(s, work.contents, work.blocks, file, stretch);
    const bool guessed = work.contents[file] < from;
    uint32_t begin = g.begin, limit = g.limit;
    if (!guessed) {
      begin = work.contents[file];
      states = States::all(kInCode);
      if (begin >= to) break;
      limit = safe_place(g.t, to);
    }
    if (begin >= limit) continue;
    bool error = false;
    const uint32_t state = pack(mark_run(g.t, begin, limit, {}, false, work.bits, [&] { error = true; }));
    if (limit == g.t.end && state > kInDocLine) error = true;  // not terminated
    if (!guessed) {
      states = States::all(state);
      if (error) errors[file] = 1;
      if (state == kTooDeep) work.slow[file] = 1;
      continue;
    }
    states = {(States::kIdentity & ~uint64_t(15)) | state};
    guess = uint8_t((error ? kGuessError : 0) | (state == kTooDeep ? kGuessDeep : 0));
    if (limit == g.t.end) continue;  // and nobody asks what it leads to
    const Before before(s.bytes, begin);
    const Enders enders = enders_in(work.blocks, begin, limit);
    if (!before.new_line || !before.no_quote || enders.quote || enders.comment) guess |= kGuessOpen;
  }
  work.states[stretch] = states.map;
  work.guesses[stretch] = guess;
}

template <uint32_t kLane, class Work>
RUSTG_HD void complete_states(const Sources& s, const Work& work, uint32_t stretch) {
  const Guessed g = guessed_part<kLane>(s, work.contents, work.blocks, work.stretch_files[stretch], stretch);
  const uint64_t* bits = work.bits;
  auto met = [=](uint32_t block, uint64_t starts) { return (bits[block] & starts) != 0; };
  const Enders enders = enders_in(work.blocks, g.begin, g.limit);
  work.states[stretch] = other_states(g.t, g.begin, g.limit, uint32_t(work.states[stretch] & 15), enders, met).map;
}

// A stretch whose begin is known now.
template <uint32_t kLane, class Work>
RUSTG_HD void settle_starts(const Sources& s, const Work& work, uint32_t* errors, uint32_t stretch) {
  const uint8_t guess = work.guesses[stretch];
  const uint32_t state = work.stretches[stretch], file = work.stretch_files[stretch];
  if (state == kInCode) {
    if (guess & kGuessError) errors[file] = 1;
    if (guess & kGuessDeep) work.slow[file] = 1;
    return;
  }
  const Guessed g = guessed_part<kLane>(s, work.contents, work.blocks, file, stretch);
  if (g.begin >= g.limit) return;
  clear_bits(work.bits, g.begin, g.limit);
  if (state == kTooDeep) {
    work.slow[file] = 1;
    return;
  }
  const uint32_t after = pack(mark_run(g.t, g.begin, g.limit, unpack(state), false, work.bits, [&] { errors[file] = 1; }));
  if (after == kTooDeep) work.slow[file] = 1;
  if (g.limit == g.t.end && after > kInDocLine) errors[file] = 1;  // not terminated
}

}  // namespace detail

template <class Queue>
void find_starts_by_lanes(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  constexpr uint32_t kLane = Stretch<Queue>::kLane;
  const auto work = tokens.workspace();
  uint32_t* errors = tokens.ref().errors;
  const uint32_t stretches = (s.size + kLane - 1) / kLane;
  queue.for_each(s.size / kBlockBytes, [=] RUSTG_HD(uint32_t block) {
    if (block != 0) work.blocks[block] = make_block(s.bytes, block);
  });
  queue.for_each(stretches, [=] RUSTG_HD(uint32_t stretch) { guess_starts<kLane>(s, work, errors, stretch); });
  queue.compact(
      stretches, [=] RUSTG_HD(uint32_t stretch) { return (work.guesses[stretch] & kGuessOpen) != 0; },
      [=] RUSTG_HD(uint32_t stretch, uint32_t position) { work.open[position] = stretch; }, work.open_count);
  queue.for_each(device::Count(work.open_count, stretches),
                 [=] RUSTG_HD(uint32_t i) { complete_states<kLane>(s, work, work.open[i]); });
  queue.exclusive_scan(
      stretches, [=] RUSTG_HD(uint32_t stretch) { return States{work.states[stretch]}; },
      [=] RUSTG_HD(uint32_t stretch, const States& before) { work.stretches[stretch] = uint8_t(before[kInCode]); },
      States{States::kIdentity}, Then{});
  queue.for_each(stretches, [=] RUSTG_HD(uint32_t stretch) { settle_starts<kLane>(s, work, errors, stretch); });
}

}  // namespace rustg::lex
