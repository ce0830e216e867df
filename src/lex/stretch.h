// How the text of a batch is divided among cores, or among the lanes of a GPU.
#pragma once
#include <cstdint>

#include "device/types.h"
#include "lex/scan.h"
#include "source/sources.h"

namespace rustg::lex {

// A core goes through much text at once and in order, a lane of a GPU through little. A queue with kLaneBytes is taken for a GPU's.
template <class Queue>
concept OfCores = requires { Queue::kChunk; } && !requires { Queue::kLaneBytes; };

template <class Queue>
struct Stretch {
  static constexpr uint32_t kLane = 256;  // bytes of a lane
  static constexpr uint32_t kBytes = kLane, kAlone = 0, kBytesPerText = 12;
};
template <class Queue>
  requires requires { Queue::kLaneBytes; }
struct Stretch<Queue> {
  static constexpr uint32_t kLane = Queue::kLaneBytes, kBytes = kLane, kAlone = 0, kBytesPerText = 12;
};
// A file of up to kAlone bytes is one core's work.
template <OfCores Queue>
struct Stretch<Queue> {
  static constexpr uint32_t kLane = 512, kBytes = Queue::kChunk, kAlone = Queue::kAlone;
};

namespace detail {

using source::Sources;

RUSTG_HD inline Text text_of(const Sources& s, uint32_t file, const MadeBlock* blocks = nullptr) {
  return {s.bytes, s.ends[file], Edition(s.editions[file]), blocks};
}

// Stretches are cut at the first safe place at or after multiples of their size, or at the file's end if there is none. A line's end is best:
// less goes over it.
constexpr uint32_t kNear = 64;
RUSTG_HD inline uint32_t safe_place(const Text& t, uint32_t pos, uint32_t bound = 0xffffffffu) {
  if (pos >= t.end) return t.end;
  uint32_t near = t.end - pos < kNear ? t.end : pos + kNear, line = find_line_end(t, pos - 1, near);
  if (line < near) return line + 1;
  while (pos < t.end && !is_safe(t.bytes[pos - 1])) {
    if (++pos > bound) return t.end;
  }
  return pos;
}
// Where the stretch of [begin, end) begins, or the file's end if there is nothing of it: no safe place from its begin to so far behind its end that
// the next stretch begins at the same one. Who has no such place to begin at does not look further, or all that lie within one long token would.
RUSTG_HD inline uint32_t stretch_begin(const Text& t, uint32_t begin, uint32_t end) {
  return safe_place(t, begin, t.end - end <= 2 * kNear || end >= t.end ? t.end : end + 2 * kNear);
}

}  // namespace detail
}  // namespace rustg::lex
