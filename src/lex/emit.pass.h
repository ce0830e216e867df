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

// Which file token i is in.
template <uint32_t kLane>
RUSTG_HD uint32_t file_of(const Sources& s, const uint32_t* files, uint32_t start) {
  uint32_t file = files[start / kLane];
  while (file + 1 < s.files && s.begins[file + 1] <= start) ++file;
  return file;
}

RUSTG_HD inline void write_token(const Text& t, const TokensRef& out, const uint64_t* bits, uint32_t i, uint32_t start, Lexeme token) {
  if (token.end != start && token.end < t.end && starts_at(bits, token.end)) token.flags |= kJoint;
  out.kinds[i] = uint8_t(token.kind);
  out.flags[i] = token.flags;
  out.lengths[i] = token.end - start;
  out.symbols[i] = has_text(token.kind) ? i : kNoSymbol;
}

// Token i, if the bits tell what it is: nine of ten. The others get kLater for a kind.
constexpr uint8_t kLater = 255;
static_assert(uint32_t(TokenKind::eof) < kLater);

template <uint32_t kLane>
RUSTG_HD void emit_plain(const Sources& s, const TokensRef& out, const uint64_t* bits, const MadeBlock* blocks, const uint32_t* files,
                         uint32_t i) {
  const uint32_t start = out.starts[i], at = start % kBlockBytes;
  const Text t = text_of(s, file_of<kLane>(s, files, start), blocks);
  const MadeBlock& m = blocks[start / kBlockBytes];
  Lexeme token{TokenKind::eof, 0, start};
  if (start != t.end) {
    if (m.punctuation & ~m.hard & ~m.hash & (uint64_t(1) << at)) {
      token = {punctuation(s.bytes[start]), 0, start + 1};
    } else {
      Window window(m, at);
      if (at != 0 && trailing_ones(window.word) == window.room) {  // over the border
        const Window next(blocks[start / kBlockBytes + 1], 0);
        window.word |= next.word << window.room;
        window.digit |= next.digit << window.room;
        window.stop |= next.stop << window.room;
        window.room = kBlockBytes;
      }
      if (!word_by_bits(t, start, window, token)) {
        out.kinds[i] = kLater;
        return;
      }
    }
  }
  write_token(t, out, bits, i, start, token);
}

// Any token. What it goes on with behind its stretch is left to close_token().
template <uint32_t kLane>
RUSTG_HD void emit_token(const Sources& s, const TokensRef& out, const uint64_t* bits, const MadeBlock* blocks, const uint32_t* slow,
                         const uint32_t* files, uint32_t* unusual, uint32_t i) {
  const uint32_t start = out.starts[i], file = file_of<kLane>(s, files, start);
  const Text t = text_of(s, file, blocks);
  uint32_t limit = t.end;
  if (!slow[file]) {
    limit = safe_place(t, start / kLane * kLane);
    if (limit <= start) limit = safe_place(t, (start / kLane + 1) * kLane);
  }
  const Lexeme token = lexeme(t, start, limit);
  if (token.flags & kInvalid) out.errors[file] = 1;
  if (has_text(token.kind) && is_unusual(s.bytes, start, token)) *unusual = 1;
  write_token(t, out, bits, i, start, token);
}

// A stretch that begins inside of a token which its own lane left open: the last one that begins before it.
struct Open {
  uint32_t token;  // kNone: none
  uint32_t begin, limit, file;
  Inside inside;
  static constexpr uint32_t kNone = 0xffffffffu;
};
template <uint32_t kLane>
RUSTG_HD Open find_open(const Sources& s, const TokensRef& out, const MadeBlock* blocks, const uint32_t* slow, const uint32_t* files,
                        const uint8_t* states, uint32_t stretch) {
  Open open{Open::kNone, 0, 0, files[stretch], unpack(states[stretch])};
  const bool comment = open.inside.kind == Inside::line || open.inside.kind == Inside::block;
  if (open.inside.kind == Inside::code || open.inside.kind == Inside::quote || (comment && !open.inside.doc)) return open;
  if (open.file >= s.files || slow[open.file]) return open;
  const Text t = text_of(s, open.file, blocks);
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

// The stretch's part of such a token: whether it is well formed, and its end if it ends here.
template <uint32_t kLane>
RUSTG_HD void close_token(const Sources& s, const TokensRef& out, const uint64_t* bits, const MadeBlock* blocks, const uint32_t* slow,
                          const uint32_t* files, const uint8_t* states, uint32_t stretch) {
  const Open open = find_open<kLane>(s, out, blocks, slow, files, states, stretch);
  if (open.token == Open::kNone) return;
  const Text t = text_of(s, open.file, blocks);
  Inside inside = open.inside;
  Lexeme token{out.kind(open.token), 0, close(t, open.begin, open.limit, inside)};
  const bool ended = inside.kind == Inside::code;
  uint32_t content_end = token.end;
  if (ended) content_end -= closer_length(open.inside.kind == Inside::block ? Inside{Inside::block, 1} : open.inside);
  if (is_malformed_behind(s.bytes, open.begin, content_end, token.kind)) token.flags |= kInvalid;
  if (ended || open.limit == t.end) {
    if (!ended) {
      token.end = t.end;
      if (inside.kind != Inside::line) token.flags |= kInvalid;
    } else if (is_literal(token.kind)) {
      add_suffix(t, token);
    }
    if (token.end < t.end && starts_at(bits, token.end)) token.flags |= kJoint;
    out.lengths[open.token] = token.end - out.starts[open.token];
  }
  if (token.flags & kInvalid) out.errors[open.file] = 1;
  if (token.flags != 0) add_flags(out, open.token, token.flags);
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
  const device::Count listed(work.open_count, tokens.text_capacity());
  queue.for_each(tokens.count(), [=] RUSTG_HD(uint32_t i) { emit_plain<kLane>(s, out, bits, work.blocks, work.stretch_files, i); });
  queue.compact(
      tokens.count(), [=] RUSTG_HD(uint32_t i) { return out.kinds[i] == kLater; },
      [=] RUSTG_HD(uint32_t i, uint32_t position) {
        if (position < listed.bound)
          work.list[position] = i;
        else
          emit_token<kLane>(s, out, bits, work.blocks, work.slow, work.stretch_files, work.unusual, i);
      },
      work.open_count);
  queue.for_each(listed, [=] RUSTG_HD(uint32_t n) {
    emit_token<kLane>(s, out, bits, work.blocks, work.slow, work.stretch_files, work.unusual, work.list[n]);
  });
  queue.for_each(stretches, [=] RUSTG_HD(uint32_t stretch) {
    close_token<kLane>(s, out, bits, work.blocks, work.slow, work.stretch_files, work.stretches, stretch);
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
