// The second half of the lexer's pass: tokens. By lanes; emit_cores.pass.h has the other way.
#pragma once
#include "device/atomic.h"
#include "lex/emit_cores.pass.h"
#include "lex/intern.pass.h"
#include "lex/lex.h"
#include "lex/lexeme.h"
#include "lex/stretch.h"

namespace rustg::lex {

namespace detail {

// The token number i, by a lane of its own. What it goes on with behind its stretch is left to close_tokens().
template <uint32_t kLane>
RUSTG_HD void emit_token(const Sources& s, const TokensRef& out, const uint64_t* bits, const Block* blocks, const uint32_t* slow,
                         const uint32_t* files, uint32_t* unusual, uint32_t i) {
  uint32_t start = out.starts[i], file = files[start / kLane];
  while (file + 1 < s.files && s.begins[file + 1] <= start) ++file;
  const Text t = text_of(s, file, blocks);
  out.symbols[i] = kNoSymbol;
  if (start == t.end) {
    out.kinds[i] = uint8_t(TokenKind::eof);
    out.flags[i] = 0;
    out.lengths[i] = 0;
    return;
  }
  const Block& m = blocks[start / kBlockBytes];
  Lexeme token;
  if (m.punctuation & ~m.hard & ~m.hash & (uint64_t(1) << start % kBlockBytes)) {
    token = {punctuation(s.bytes[start]), 0, start + 1};
  } else {
    uint32_t limit = t.end;
    if (!slow[file]) {
      limit = safe_place(t, start / kLane * kLane);
      if (limit <= start) limit = safe_place(t, (start / kLane + 1) * kLane);
    }
    token = word_lexeme(t, start, limit, m);
  }
  if (token.end != start && token.end < t.end && starts_at(bits, token.end)) token.flags |= kJoint;
  if (token.flags & kInvalid) out.errors[file] = 1;
  out.kinds[i] = uint8_t(token.kind);
  out.flags[i] = token.flags;
  out.lengths[i] = token.end - start;
  if (!has_text(token.kind)) return;
  out.symbols[i] = i;
  if (needs_nfc(s.bytes, start, token)) *unusual = 1;
}

// A stretch that begins inside of a token which its own lane left open: the last one that begins before it.
struct Open {
  uint32_t token;  // kNone: none
  uint32_t begin, limit, file;
  Inside inside;
  static constexpr uint32_t kNone = 0xffffffffu;
};
template <uint32_t kLane>
RUSTG_HD Open find_open(const Sources& s, const TokensRef& out, const uint32_t* slow, const uint32_t* files, const uint8_t* states,
                        uint32_t stretch) {
  Open open{Open::kNone, 0, 0, files[stretch], unpack(states[stretch])};
  const bool comment = open.inside.kind == Inside::line || open.inside.kind == Inside::block;
  if (open.inside.kind == Inside::code || open.inside.kind == Inside::quote || (comment && !open.inside.doc)) return open;
  if (open.file >= s.files || slow[open.file]) return open;
  const Text t = text_of(s, open.file);
  if (stretch * kLane >= t.end || s.begins[open.file] >= stretch * kLane) return open;
  open.begin = stretch_begin(t, stretch * kLane, (stretch + 1) * kLane);
  if (open.begin == t.end) return open;
  open.limit = t.end - stretch * kLane <= kLane ? t.end : safe_place(t, (stretch + 1) * kLane);
  if (open.begin >= open.limit) return open;
  uint32_t low = 0, high = *out.count < out.capacity ? *out.count : out.capacity;  // the first token at or behind the begin
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (out.starts[middle] < open.begin)
      low = middle + 1;
    else
      high = middle;
  }
  if (low != 0) open.token = low - 1;
  return open;
}

RUSTG_HD inline void add_flags(const TokensRef& out, uint32_t token, uint8_t flags) {
  device::atomic_or(reinterpret_cast<uint32_t*>(out.flags) + token / 4, uint32_t(flags) << token % 4 * 8);
}

}  // namespace detail

// By lanes: a token each. What is longer than a stretch is looked through by all the stretches that it touches, and ended by the last.
template <class Queue>
void emit_by_lanes(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  constexpr uint32_t kLane = Stretch<Queue>::kLane;
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  const uint64_t* bits = work.bits;
  queue.exclusive_scan(
      s.size / kBlockBytes, [=] RUSTG_HD(uint32_t w) { return bit_count(bits[w]); },
      [=] RUSTG_HD(uint32_t w, uint32_t number) {
        for (uint64_t rest = bits[w]; rest != 0 && number < out.capacity; rest &= rest - 1)
          out.starts[number++] = w * kBlockBytes + lowest_bit(rest);
      },
      0u, device::Sum{}, work.count);
  const uint32_t stretches = (s.size + kLane - 1) / kLane;
  queue.for_each(stretches, [=] RUSTG_HD(uint32_t stretch) {
    uint32_t file = s.file_at(stretch * kLane);
    work.stretch_files[stretch] = file == s.files ? 0 : file;
  });
  queue.for_each(tokens.count(), [=] RUSTG_HD(uint32_t i) {
    emit_token<kLane>(s, out, bits, work.blocks, work.slow, work.stretch_files, work.unusual, i);
  });
  queue.for_each(stretches, [=] RUSTG_HD(uint32_t stretch) {
    Open open = find_open<kLane>(s, out, work.slow, work.stretch_files, work.stretches, stretch);
    if (open.token == Open::kNone) return;
    Inside inside = open.inside;
    uint32_t end = close(text_of(s, open.file), open.begin, open.limit, inside);
    if (inside.kind == Inside::code) end -= closer_length(open.inside.kind == Inside::block ? Inside{Inside::block, 1} : open.inside);
    if (is_malformed_behind(s.bytes, open.begin, end, out.kind(open.token))) {
      add_flags(out, open.token, kInvalid);
      out.errors[open.file] = 1;
    }
  });
  queue.for_each(stretches, [=] RUSTG_HD(uint32_t stretch) {
    Open open = find_open<kLane>(s, out, work.slow, work.stretch_files, work.stretches, stretch);
    if (open.token == Open::kNone) return;
    const Text t = text_of(s, open.file);
    Inside inside = open.inside;
    Lexeme token{out.kind(open.token), 0, close(t, open.begin, open.limit, inside)};
    if (inside.kind != Inside::code) {
      if (open.limit < t.end) return;
      token.end = t.end;
      if (inside.kind != Inside::line) token.flags |= kInvalid;
    } else if (is_literal(token.kind)) {
      add_suffix(t, token);
    }
    if (token.end < t.end && starts_at(bits, token.end)) token.flags |= kJoint;
    if (token.flags & kInvalid) out.errors[open.file] = 1;
    if (token.flags != 0) add_flags(out, open.token, token.flags);
    out.lengths[open.token] = token.end - out.starts[open.token];
  });
}

template <class Queue>
void emit_tokens(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  const TokensRef out = tokens.ref();
  queue.zero(tokens.workspace().unusual, 1);
  if constexpr (OfCores<Queue>)
    emit_by_cores(queue, s, tokens);
  else
    emit_by_lanes(queue, s, tokens), intern_by_lanes(queue, s, tokens);
  intern_unusual(queue, s, tokens);
  queue.for_each(s.files + 1, [=] RUSTG_HD(uint32_t file) {
    // The first token at or behind the file's begin.
    uint32_t low = 0, high = *out.count < out.capacity ? *out.count : out.capacity;
    uint32_t begin = file == s.files ? s.size : s.begins[file];
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (out.starts[middle] < begin)
        low = middle + 1;
      else
        high = middle;
    }
    out.files[file] = low;
  });
}

}  // namespace rustg::lex
