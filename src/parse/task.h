// A task: the list it parses, how a long one is shared among several, and the loop over states.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// Brackets around the token. Tokens are mostly asked for in their order, but an attribute's value comes when what is behind it has been seen.
RUSTG_HD_INLINE uint32_t Parser::depth_of(uint32_t token) {
  uint32_t run = token / kRun, p = run * kRun, depth = s.cuts.run_depths[run];
  if (known_ != kNever && known_ > p && known_ <= token) p = known_, depth = known_depth_;
  for (; p < token; ++p) {
    Token k = kind_at(p);
    if (k > Token::close_bracket) continue;
    if (k == Token::eof)
      depth = 0;
    else
      depth += is_open(k) ? 1 : uint32_t(-1);
  }
  known_ = token;
  known_depth_ = depth;
  return depth;
}

// A bracket that is large is left to other tasks. f.a: the list's; f.b: its State, and the NodeKind that ends it.
RUSTG_HD_INLINE void Parser::list(Frame f) {
  const State state = State(f.b & 0xff);
  if (!cut(state, f.a, NodeKind(f.b >> 8), f.start)) push({pos, f.start, state, f.a, 0});
}

RUSTG_HD_INLINE bool Parser::suits(State state, uint32_t cut) const {
  uint8_t kind = s.cuts.kind(cut) & uint8_t(~kAngle);
  switch (state) {
    case State::items:
    case State::block_body: return kind == uint8_t(CutKind::statement);
    case State::arms_next: return kind == uint8_t(CutKind::arm);
    default: return kind == uint8_t(CutKind::comma);
  }
}

// The cuts of the task's list, which begins at an opening bracket. False: there are none.
RUSTG_HD_INLINE bool Parser::find_cuts(Task& task) {
  if (s.cuts.count == 0) return false;
  uint32_t depth = depth_of(task.token) + 1;
  if (depth >= kDeepestList) return false;
  uint32_t low = s.cuts.find(depth, task.token), high = s.cuts.find(depth, task.end);
  if (low == high) return false;
  if (task.state != State::items && task.state != State::block_body && task.state != State::arms_next) {
    // Commas are cuts up to the first `<` or `|`; the run that the list begins in does not belong to it.
    for (uint32_t p = task.token + 1; p % kRun != 0; ++p) {
      Token k = kind_at(p);
      if (k == Token::lt || k == Token::or_) return false;
      if (is_open(k)) {
        p = s.match[p];
        if (p / kRun != task.token / kRun) break;
      }
    }
    uint32_t from = low, to = high, angles = s.cuts.angles[low];
    while (from != to) {
      uint32_t middle = from + (to - from) / 2;
      if (s.cuts.angles[middle] == angles)
        from = middle + 1;
      else
        to = middle;
    }
    high = from;
  }
  task.first_cut = low;
  task.end_cut = high;
  return low != high;
}

// Push all parts of the task's list but the first. Returns where that ends.
RUSTG_HD_INLINE uint32_t Parser::share(const Task& task) {
  constexpr uint32_t kShares = 8, kLooks = 32;
  uint32_t begin = task.a & (kFileTask | kContinued) ? task.token : task.token + 1;  // the opening bracket has no place
  uint32_t end = task.end, cuts = task.end_cut - task.first_cut, shares = cuts < kShares ? cuts : kShares;
  for (uint32_t i = shares; i-- != 0;) {
    uint32_t first = task.first_cut + uint32_t(uint64_t(cuts) * i / shares);
    uint32_t behind = task.first_cut + uint32_t(uint64_t(cuts) * (i + 1) / shares);
    uint32_t looks = behind - first < kLooks ? behind : first + kLooks;
    while (first != looks && !suits(task.state, first)) ++first;
    if (first == looks) continue;
    uint32_t token = s.cuts.tokens[first];
    Task part{token, task.place + (token - begin), task.start, end,         first + 1, behind,
              task.state, uint8_t(task.a | kContinued), task.edition};
    if (push_task(part)) end = token;
  }
  return end;
}

RUSTG_HD_INLINE void Parser::begin(const Task& task) {
  pos = last_task_ = task.token;
  cursor = task.place;
  edition = lex::Edition(task.edition);
  end_ = share(task);
  Token end = kind_at(end_);
  stop_ = is_close(end) || end == Token::eof ? kNever : end_;
  bool file = task.a & kFileTask;
  in_list_ = task.a & (kFileTask | kContinued);
  Frame list{pos, task.start, task.state, uint8_t(task.a & ~(kFileTask | kContinued)), uint16_t(file ? 1 : 0)};
  if (task.a & kContinued) {
    switch (list.state) {  // as after an element
      case State::items: list.b = file ? 3 : 2; break;
      case State::block_body:
      case State::array_next: list.a = 2; break;
      case State::paren_next: list.b = 2; [[fallthrough]];
      default: list.a = 1; break;
    }
  }
  // Of these the opening bracket stands for the list.
  if (is_close(end) &&
      (task.state == State::variants_next || task.state == State::record_next || task.state == State::struct_next))
    list.token = s.match[end_];
  push(list);
}

// Inlined: the loop over states is the parser's innermost.
// Part of its caller on cores, too: a frame handed over whole would wait for the stores of its parts, made just before.
#if !defined(__CUDACC__)
[[gnu::always_inline]]
#endif
RUSTG_HD_INLINE void Parser::step(Frame f) {
  // What follows is another task's. Below the list's own state only values of inner attributes may wait.
  if (pos >= stop_ && f.state != State::attribute_values &&
      (depth_ == 0 || (depth_ == 1 && frame(0).state == State::attribute_values)))
    return;
  const bool goes = base::kSmallCode && goes_;
  if constexpr (base::kSmallCode) goes_ = false;
  if (has_room(goes)) {
    switch (f.state) {
#define STATE(name) \
  case State::name: \
    name(f);        \
    break;
#include "parse/state.def"
    }
  }
  if (base::kSmallCode && waits_ != NodeKind::none) {
    emit(waits_, waiting_token_, waiting_start_, waiting_flags_);
    waits_ = NodeKind::none;
  }
  if (failed_) {
    if constexpr (base::kSmallCode) goes_ = false;
    note(failure_, failed_at_);
    if (failure_ == ErrorKind::too_deep) errors_ += kMostErrors;  // what follows would not be understood
    recover();
  }
}

RUSTG_HD_INLINE void Parser::run(const Task& task) {
  begin(task);
  while (depth_ != 0) step();
}

constexpr uint8_t kKnowsStop = 1, kInList = 2, kGoes = 4;
RUSTG_HD_INLINE bool Parser::save(Context& c) {
  refill(4);
  if (depth_ == 0) return false;
  c.pos = pos;
  c.cursor = cursor;
  c.end = end_;
  c.last_task = last_task_;
  c.known = known_;
  c.known_depth = known_depth_;
  const StackSlot& top = slots()[--depth_];
  c.token = top.token;
  c.start = top.start;
  c.state = top.state;
  c.below = below_;
  c.depth = uint8_t(depth_);
  c.last = uint8_t(last);
  c.errors = uint8_t(errors_ > 255 ? 255 : errors_);
  c.flags = uint8_t((stop_ != kNever ? kKnowsStop : 0) | (in_list_ ? kInList : 0) | (goes_ ? kGoes : 0) | uint8_t(edition) << 3);
  return true;
}
RUSTG_HD_INLINE bool Parser::begin(const Task& task, Context& context) {
  begin(task);
  return save(context);
}
RUSTG_HD_INLINE bool Parser::step(uint32_t state, Context& c) {
  pos = c.pos;
  cursor = c.cursor;
  end_ = c.end;
  last_task_ = c.last_task;
  known_ = c.known;
  known_depth_ = c.known_depth;
  below_ = c.below;
  depth_ = c.depth;
  last = NodeKind(c.last);
  errors_ = c.errors;
  stop_ = c.flags & kKnowsStop ? end_ : kNever;
  in_list_ = c.flags & kInList;
  goes_ = c.flags & kGoes;
  edition = lex::Edition(c.flags >> 3);
  Frame f = frame_of({c.token, c.start, c.state, 0});
  f.state = State(state);
  step(f);
  return save(c);
}

}  // namespace rustg::parse
