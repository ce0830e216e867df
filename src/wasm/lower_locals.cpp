#include "wasm/lower_locals.h"

#include <algorithm>
#include <array>
#include <bit>

#include "wasm/opcode.h"

namespace rustg::wasm {

namespace {
constexpr uint64_t kMaxWords = uint64_t{1} << 26;  // of the open constructs' bit sets: 512 MiB
constexpr size_t kMaxListed = size_t{1} << 25;     // locals in all lists: 128 MiB
enum { kTarget, kAssigned, kElse };

// What follows an opcode, as far as a scan must know to step over it. The body has been validated: nothing is checked.
enum class Shape : uint8_t { bare, one, two, four, eight, special };  // numbers, bytes

constexpr Shape shape_of(const OpcodeInfo& o) {
  switch (o.immediate) {
    case Immediate::none: return o.special && o.code <= 0x0f && o.code != 0x01 ? Shape::special : Shape::bare;
    case Immediate::function:
    case Immediate::global:
    case Immediate::table:
    case Immediate::element:
    case Immediate::memory:
    case Immediate::data:
    case Immediate::i32:
    case Immediate::i64:
    case Immediate::ref_type:
    case Immediate::fence: return Shape::one;
    case Immediate::type_table:
    case Immediate::table_table:
    case Immediate::element_table:
    case Immediate::memory_access:
    case Immediate::memory_memory:
    case Immediate::data_memory: return Shape::two;
    case Immediate::f32: return Shape::four;
    case Immediate::f64: return Shape::eight;
    case Immediate::block:
    case Immediate::label:
    case Immediate::labels:
    case Immediate::types:
    case Immediate::local: return Shape::special;
  }
  return Shape::special;
}
template <uint8_t kPrefix>
constexpr std::array<Shape, 256> kShapes = [] {
  std::array<Shape, 256> shapes{};
  for (Shape& shape : shapes) shape = Shape::special;
  for (const OpcodeInfo& o : kOpcodes)
    if (o.prefix == kPrefix) shapes[o.code] = shape_of(o);
  return shapes;
}();

void skip_number(const uint8_t*& at) {
  while (*at++ & 0x80) {
  }
}
uint32_t number(const uint8_t*& at) {
  uint32_t value = *at & 0x7f;
  for (uint32_t shift = 7; *at++ & 0x80; shift += 7) value |= static_cast<uint32_t>(*at & 0x7f) << shift;
  return value;
}
}  // namespace

Status LocalLiveness::analyze(std::span<const uint8_t> instructions, uint32_t local_count) {
  words_ = (local_count + 63) / 64;
  events_.clear();
  constructs_.clear();
  lists_.clear();
  scan(instructions);
  const Error too_large{"function too large: " + std::to_string(local_count) + " locals in " +
                        std::to_string(max_depth_) + " nested blocks"};
  if (uint64_t{max_depth_} * words_ * 3 > kMaxWords) return too_large;
  live_.assign(words_, 0);
  frames_.resize(std::max<size_t>(frames_.size(), size_t{max_depth_} * words_ * 3));
  if (words_ == 0) return ok();
  const bool fits = words_ == 1 ? (!has_loops_ || walk_back<1>(false)) && walk_back<1>(true)
                                : (!has_loops_ || walk_back<0>(false)) && walk_back<0>(true);
  if (!fits) return too_large;
  return ok();
}

// The same rules of reachability as the lowering's, so that both number the constructs alike.
void LocalLiveness::scan(std::span<const uint8_t> instructions) {
  const uint8_t* at = instructions.data();
  uint32_t skipped = 0;  // constructs begun in unreachable code
  bool reachable = true;
  max_depth_ = 1;
  has_loops_ = false;
  open_.assign(1, 0);
  constructs_.push_back({});
  add(Kind::begin, 0);
  const auto begin = [&](Kind kind, bool is_loop) {
    skip_number(at);
    if (!reachable) {
      ++skipped;
      return;
    }
    const auto construct = static_cast<uint32_t>(constructs_.size());
    constructs_.push_back({.is_loop = is_loop, .is_if = kind == Kind::begin_if});
    has_loops_ |= is_loop;
    open_.push_back(construct);
    max_depth_ = std::max(max_depth_, static_cast<uint32_t>(open_.size()));
    add(kind, construct);
  };
  const auto branch = [&](uint32_t depth) {
    if (!reachable) return;
    const uint32_t construct = open_[open_.size() - 1 - depth];
    constructs_[construct].branched = true;
    add(Kind::branch, construct);
  };
  const auto stop = [&] {
    if (reachable) add(Kind::stop, 0);
    reachable = false;
  };
  const auto local = [&](Kind kind) {
    const uint32_t index = number(at);
    if (reachable) add(kind, index);
  };
  while (!open_.empty()) {
    const uint8_t byte = *at++;
    switch (kShapes<0>[byte]) {
      case Shape::bare: continue;
      case Shape::one: skip_number(at); continue;
      case Shape::two: skip_number(at), skip_number(at); continue;
      case Shape::four: at += 4; continue;
      case Shape::eight: at += 8; continue;
      case Shape::special: break;
    }
    if (byte >= 0xfc) {
      const uint32_t code = number(at);
      const Shape shape = byte == 0xfc ? kShapes<0xfc>[code] : kShapes<0xfe>[code];
      if (shape != Shape::bare) skip_number(at);
      if (shape == Shape::two) skip_number(at);
      continue;
    }
    switch (static_cast<Opcode>(kByCode<0>[byte])) {
      case Opcode::block: begin(Kind::begin, false); break;
      case Opcode::loop: begin(Kind::begin, true); break;
      case Opcode::if_: begin(Kind::begin_if, false); break;
      case Opcode::else_: {
        if (skipped != 0) break;
        // The end of the first half is a branch to the label, unless nothing arrives there.
        Construct& c = constructs_[open_.back()];
        c.has_else = true;
        c.branched |= reachable;
        add(Kind::else_, open_.back());
        reachable = true;
        break;
      }
      case Opcode::end: {
        if (skipped != 0) {
          --skipped;
          break;
        }
        Construct& c = constructs_[open_.back()];
        c.branched |= c.is_if && !c.has_else;
        add(Kind::end, open_.back());
        reachable |= c.branched && !c.is_loop;
        open_.pop_back();
        break;
      }
      case Opcode::br:
        branch(number(at));
        stop();
        break;
      case Opcode::br_if: branch(number(at)); break;
      case Opcode::br_table:
        for (uint32_t left = number(at) + 1; left != 0; --left) branch(number(at));
        stop();
        break;
      case Opcode::return_:
      case Opcode::unreachable: stop(); break;
      case Opcode::select_typed: at += number(at); break;
      case Opcode::local_get: local(Kind::get); break;
      case Opcode::local_set:
      case Opcode::local_tee: local(Kind::set); break;
      default: break;
    }
  }
}

LocalLiveness::Range LocalLiveness::collect(const uint64_t* a, const uint64_t* b) {
  Range range{static_cast<uint32_t>(lists_.size()), 0};
  for (uint32_t w = 0; w < words_; ++w)
    for (uint64_t both = a[w] & b[w]; both != 0; both &= both - 1)
      lists_.push_back(w * 64 + static_cast<uint32_t>(std::countr_zero(both)));
  range.end = static_cast<uint32_t>(lists_.size());
  return range;
}

// kWords: how many words a set has, or 0 if not known here; nearly all functions have one. False: the lists grow too long.
template <uint32_t kWords>
bool LocalLiveness::walk_back(bool final) {
  const uint32_t words = kWords != 0 ? kWords : words_;
  uint64_t* const live = live_.data();
  const auto copy = [&](uint64_t* to, const uint64_t* from) { std::copy_n(from, words, to); };
  const auto unite = [&](uint64_t* to, const uint64_t* from) {
    for (uint32_t w = 0; w < words; ++w) to[w] |= from[w];
  };
  std::fill_n(live, words, 0);
  loops_.clear();
  uint32_t depth = 0;
  for (size_t e = events_.size(); e-- != 0;) {
    const auto kind = static_cast<Kind>(events_[e] >> 28);
    const uint32_t index = events_[e] & 0x0fffffff;
    switch (kind) {
      case Kind::get: live[index / 64] |= uint64_t{1} << index % 64; break;
      case Kind::set:
        live[index / 64] &= ~(uint64_t{1} << index % 64);
        bits(depth - 1, kAssigned)[index / 64] |= uint64_t{1} << index % 64;
        break;
      case Kind::branch: unite(live, bits(constructs_[index].frame, kTarget)); break;
      case Kind::stop: std::fill_n(live, words, 0); break;
      case Kind::end: {
        Construct& c = constructs_[index];
        const uint32_t frame = c.frame = depth++;
        std::fill_n(bits(frame, kAssigned), words, 0);
        if (!c.is_loop) {
          copy(bits(frame, kTarget), live);
          break;
        }
        uint64_t* const header = bits(frame, kTarget);
        std::fill_n(header, words, 0);
        if (final) {
          if (!loops_.empty()) unite(header, bits(loops_.back(), kTarget));
          for (uint32_t local : list(c.live_at_header)) header[local / 64] |= uint64_t{1} << local % 64;
        }
        loops_.push_back(frame);
        break;
      }
      case Kind::else_:
        copy(bits(depth - 1, kElse), live);
        copy(live, bits(depth - 1, kTarget));
        break;
      case Kind::begin:
      case Kind::begin_if: {
        Construct& c = constructs_[index];
        const uint32_t frame = --depth;
        if (lists_.size() > kMaxListed) return false;
        if (kind == Kind::begin_if) {
          unite(live, bits(frame, c.has_else ? kElse : kTarget));
          if (final && c.has_else) c.restored = collect(bits(frame, kElse), bits(frame, kAssigned));
        }
        if (c.is_loop) {
          (final ? c.joined : c.live_at_header) = collect(live, bits(frame, kAssigned));
          loops_.pop_back();
        } else if (final && c.branched) {
          c.joined = collect(bits(frame, kTarget), bits(frame, kAssigned));
        }
        if (frame != 0) unite(bits(frame - 1, kAssigned), bits(frame, kAssigned));
        break;
      }
    }
  }
  return true;
}

}  // namespace rustg::wasm
