// What SSA construction must know of a function's locals before it starts: at which labels a local needs a block parameter.
// That is where it is live and was assigned in the construct that the label belongs to. One scan of the body makes a list of
// events; the list is then walked backwards once, or twice where there are loops, with bit sets of locals.
//
// Liveness at a loop's header needs what is live at its own back edges. In the structured (reducible) flow of WebAssembly a
// walk that ignores back edges gives, for every header, all but what the back edges of loops around it add (Boissinot et
// al., "Fast liveness checking for SSA-form programs", 2008). The second walk takes the union over the loops around as live at
// a back edge: exact but for a local that is dead at an inner loop's header and live at an outer one's.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "wasm/module.h"

namespace rustg::wasm {

class LocalLiveness {
 public:
  // Reads a valid body from its first instruction on. The function's own label is construct 0, the others are numbered as
  // they begin, those in unreachable code left out. An error: the function is too large.
  Status analyze(std::span<const uint8_t> instructions, uint32_t local_count);

  // Whether an edge goes to the label: a branch, or a half of an `if` that jumps over the other. Falling off the construct's
  // end does not count.
  bool is_branched_to(uint32_t construct) const { return constructs_[construct].branched; }
  bool has_else(uint32_t construct) const { return constructs_[construct].has_else; }
  // Locals that can differ between the edges into the construct's label, ascending.
  std::span<const uint32_t> joined(uint32_t construct) const { return list(constructs_[construct].joined); }
  // Locals that an `else` must find as they were at its `if`.
  std::span<const uint32_t> restored(uint32_t construct) const { return list(constructs_[construct].restored); }
  // Whether the local is read before it is written.
  bool is_live_at_entry(uint32_t local) const { return (live_[local / 64] >> local % 64 & 1) != 0; }

 private:
  struct Range {
    uint32_t begin = 0, end = 0;
  };
  struct Construct {
    bool is_loop = false, is_if = false, has_else = false, branched = false;
    Range joined = {}, restored = {}, live_at_header = {};
    uint32_t frame = 0;
  };
  enum class Kind : uint32_t { get, set, begin, begin_if, else_, end, branch, stop };
  void add(Kind kind, uint32_t index) { events_.push_back(static_cast<uint32_t>(kind) << 28 | index); }
  std::span<const uint32_t> list(Range r) const { return {lists_.data() + r.begin, lists_.data() + r.end}; }
  void scan(std::span<const uint8_t> instructions);
  template <uint32_t kWords>
  bool walk_back(bool final);
  Range collect(const uint64_t* a, const uint64_t* b);
  uint64_t* bits(uint32_t frame, uint32_t which) { return frames_.data() + (size_t{frame} * 3 + which) * words_; }

  uint32_t words_ = 0, max_depth_ = 0;
  bool has_loops_ = false;
  std::vector<uint32_t> events_;
  std::vector<Construct> constructs_;
  std::vector<uint32_t> lists_;
  std::vector<uint64_t> live_, frames_;  // frames_: per open construct the sets target, assigned, else
  std::vector<uint32_t> open_, loops_;   // constructs; frames of loops
};

}  // namespace rustg::wasm
