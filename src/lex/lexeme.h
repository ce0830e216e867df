// One token: from its start to its kind, flags and end.
#pragma once
#include <bit>
#include <cstdint>

#include "lex/keyword.h"
#include "lex/literal.h"
#include "lex/run.h"

namespace rustg::lex::detail {

RUSTG_HD inline uint32_t bit_count(uint64_t word) {
#if defined(__CUDA_ARCH__)
  return uint32_t(__popcll(word));
#else
  return uint32_t(std::popcount(word));
#endif
}

RUSTG_HD inline uint32_t trailing_ones(uint64_t word) {
  return ~word == 0 ? 64 : lowest_bit(~word);
}

struct Lexeme {
  TokenKind kind;
  uint8_t flags;
  uint32_t end;
};

RUSTG_HD inline void add_suffix(const Text& t, Lexeme& token) {
  uint32_t end = suffix_end(t, token.end);
  if (end != token.end) token.flags |= kSuffix;
  if (end == token.end + 1 && t.bytes[token.end] == '_') token.flags |= kInvalid;
  token.end = end;
}

// Bytes of what ends a string or a comment.
RUSTG_HD inline uint32_t closer_length(const Inside& inside) {
  switch (inside.kind) {
    case Inside::line: return 0;
    case Inside::block: return 2;
    case Inside::raw: return 1 + inside.count;
    default: return 1;
  }
}

// r#self and the like are no identifiers.
RUSTG_HD inline bool can_be_raw(const uint8_t* bytes, uint32_t begin, uint32_t end) {
  if (end - begin > kLongestKeyword) return true;
  switch (keyword(device::load_word(bytes + begin, end - begin), Edition::e2015)) {
    case TokenKind::kw_underscore:
    case TokenKind::kw_self_lower:
    case TokenKind::kw_self_upper:
    case TokenKind::kw_super:
    case TokenKind::kw_crate: return false;
    default: return true;
  }
}

// The token that starts at `pos`, as far as `limit`: one that goes on behind it (and is no character) is `open`, and of length 0.
RUSTG_HD inline Lexeme lexeme(const Text& t, uint32_t pos, uint32_t limit) {
  Begin b = begin(t, pos);
  Lexeme token{b.kind, b.flags, b.end};
  if (b.error) token.flags |= kInvalid;
  if (token.kind == TokenKind::ident) {
    uint32_t length = b.end - pos;
    if (!(b.flags & (kRaw | kUnicode)) && length <= kLongestKeyword)
      token.kind = keyword(device::load_word(t.bytes + pos, length), t.edition);
    if ((b.flags & kRaw) && !can_be_raw(t.bytes, pos + 2, b.end)) token.flags |= kInvalid;
    return token;
  }
  if (token.kind == TokenKind::lifetime && (b.flags & kRaw) && !can_be_raw(t.bytes, pos + 3, b.end)) token.flags |= kInvalid;
  if (is_punctuation(token.kind)) return token;
  uint32_t content = b.end, content_end = b.end;
  if (b.inside.kind != Inside::code) {
    Inside inside = b.inside;
    if (inside.kind == Inside::quote) limit = t.end;
    token.end = close(t, b.end, limit, inside);
    bool terminated = inside.kind == Inside::code;
    if (!terminated && limit < t.end) {
      if (is_malformed(t.bytes, content, limit, token.kind)) token.flags |= kInvalid;
      token.end = pos;
      return token;
    }
    if (!terminated && b.inside.kind != Inside::line) {
      token.flags |= kInvalid;
      return token;
    }
    content_end = token.end - closer_length(b.inside);
    for (uint32_t n = b.guard; n != 0 && t.bytes[token.end] == '#'; --n) ++token.end;
  } else if (token.kind == TokenKind::char_ || token.kind == TokenKind::byte) {
    content = pos + (token.kind == TokenKind::byte ? 2 : 1);
    content_end = b.end - 1;
  }
  if (content < content_end && is_malformed(t.bytes, content, content_end, token.kind)) token.flags |= kInvalid;
  if ((token.kind == TokenKind::char_ || token.kind == TokenKind::byte) && content == content_end)
    token.flags |= kInvalid;
  if (b.takes_suffix) add_suffix(t, token);
  return token;
}

RUSTG_HD constexpr bool has_text(TokenKind kind) {
  return kind == TokenKind::ident || kind == TokenKind::lifetime || is_literal(kind);
}

// What an identifier's text leaves out.
RUSTG_HD inline uint32_t text_skip(TokenKind kind, uint8_t flags) { return (flags & kRaw) && kind == TokenKind::ident ? 2 : 0; }

RUSTG_HD inline bool starts_at(const uint64_t* bits, uint32_t pos) { return bits[pos / kBlockBytes] >> pos % kBlockBytes & 1; }

// The masks of a block from some place on, which holds `room` bytes.
struct Window {
  uint64_t word, digit, stop;  // stop: what is hard behind a word
  uint32_t room;
  RUSTG_HD Window(const Block& m, uint32_t at)
      : word(m.word >> at), digit(m.digit >> at), stop((m.hard | m.hash) >> at), room(kBlockBytes - at) {}
};

// The word at `pos`, from the bits from there on; false: they do not tell.
RUSTG_HD inline bool word_by_bits(const Text& t, uint32_t pos, const Window& w, Lexeme& token) {
  const uint32_t length = trailing_ones(w.word);
  if (length == 0 || length >= w.room || (w.stop >> length & 1)) return false;
  if (!(w.digit & 1)) {
    TokenKind kind = length > kLongestKeyword ? TokenKind::ident : keyword(device::load_word(t.bytes + pos, length), t.edition);
    token = {kind, 0, pos + length};
    return true;
  }
  if (trailing_ones(w.digit) < length || t.bytes[pos + length] == '.') return false;
  token = {TokenKind::integer, 0, pos + length};
  return true;
}

}  // namespace rustg::lex::detail
