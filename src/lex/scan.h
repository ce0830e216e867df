// The lexical grammar, as plain functions that every device runs: where the token at a position ends and what it is. After rustc 1.96's
// compiler/rustc_lexer (how characters become tokens) and compiler/rustc_parse/src/lexer (what an edition makes of them).
//
// A file's bytes are valid UTF-8 with \n line ends, and followed by at least 16 bytes of \n, so that looking a few bytes ahead is always
// possible and finds no token going on.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "lex/blocks.h"
#include "lex/confusable.h"
#include "lex/token.h"
#include "lex/unicode.h"

namespace rustg::lex {

// One file in the bytes of all: positions are offsets from `bytes`.
struct Text {
  const uint8_t* bytes;
  uint32_t end;  // of the file
  Edition edition;
  const MadeBlock* blocks = nullptr;  // of the bytes of all, if they have been made
};

// The first of [pos, limit) that is what is looked for, or limit.
RUSTG_HD inline uint32_t find_line_end(const Text& t, uint32_t pos, uint32_t limit) {
  return t.blocks != nullptr ? find_bit<&MadeBlock::line>(t.blocks, pos, limit) : find_either(t.bytes, pos, limit, '\n', '\n');
}
// a: ", \\ or CR; b: the same.
RUSTG_HD inline uint32_t find_in_string(const Text& t, uint32_t pos, uint32_t limit, uint8_t a, uint8_t b) {
  if (t.blocks == nullptr) return find_either(t.bytes, pos, limit, a, b);
  while ((pos = find_bit<&MadeBlock::string>(t.blocks, pos, limit)) < limit && t.bytes[pos] != a && t.bytes[pos] != b) ++pos;
  return pos;
}
// Of what may open or close a comment; others may be found too.
RUSTG_HD inline uint32_t find_in_comment(const Text& t, uint32_t pos, uint32_t limit) {
  return t.blocks != nullptr ? find_bit<&MadeBlock::comment>(t.blocks, pos, limit) : find_either(t.bytes, pos, limit, '*', '/');
}

RUSTG_HD constexpr bool is_digit(uint32_t c) { return c - '0' < 10; }
RUSTG_HD constexpr bool is_hex(uint32_t c) { return c - '0' < 10 || (c | 32) - 'a' < 6; }
RUSTG_HD constexpr bool is_ascii_start(uint32_t c) { return (c | 32) - 'a' < 26 || c == '_'; }
RUSTG_HD constexpr bool is_ascii_word(uint32_t c) { return is_ascii_start(c) || is_digit(c); }
RUSTG_HD constexpr bool is_ascii_space(uint32_t c) { return c == ' ' || c - 9 < 5; }
// A byte that is in no identifier, number, escape or delimiter: after it only what can span lines may still go on (`Inside`).
RUSTG_HD constexpr bool is_safe(uint32_t c) { return c == ' ' || c == '\n' || c == ';' || c == ','; }

RUSTG_HD inline bool is_start(const uint8_t* p) {
  return *p < 0x80 ? is_ascii_start(*p) : (unicode_class(decode_utf8(p)) & kXidStart) != 0;
}

// The end of a run of identifier characters; *unicode tells whether some are above 127.
RUSTG_HD inline uint32_t word_end(const Text& t, uint32_t pos, bool* unicode) {
  while (true) {
    while (is_ascii_word(t.bytes[pos])) ++pos;
    const uint8_t* p = t.bytes + pos;
    if (*p < 0x80 || !(unicode_class(decode_utf8(p)) & kXidContinue)) return pos;
    *unicode = true;
    pos += utf8_length(*p);
  }
}

// What a position can be in the middle of, right after a safe byte.
struct Inside {
  enum Kind : uint8_t { code, line, string, quote, block, raw, deep };
  Kind kind = code;
  uint32_t count = 0;  // block: nesting, from 1; raw: hashes
  bool doc = false;    // line, block: of a doc comment, which is a token
};

// What begins at a position.
struct Begin {
  enum What : uint8_t { token, space, comment, unknown };
  What what = token;
  TokenKind kind = TokenKind::eof;
  uint8_t flags = 0;
  bool error = false;  // the lexer has something to say here
  bool takes_suffix = false;
  Inside inside;  // if not code, the token goes on from `end` until close() ends it
  uint32_t end = 0;
  uint32_t guard = 0;  // of a guarded string: hashes that may follow it
};

// Go on from `pos`, which is within what `inside` tells, to its end, or to `limit` if that comes first (`inside` is then what it is there).
RUSTG_HD inline uint32_t close(const Text& t, uint32_t pos, uint32_t limit, Inside& inside) {
  const uint8_t* p = t.bytes;
  switch (inside.kind) {
    case Inside::line:
      pos = find_line_end(t, pos, limit);
      if (pos < limit) inside = {};
      return pos;
    case Inside::string:
      while ((pos = find_in_string(t, pos, limit, '"', '\\')) < limit) {
        if (p[pos++] == '"') {
          inside = {};
          return pos;
        }
        if (p[pos] == '\\' || p[pos] == '"') ++pos;
      }
      return limit;
    case Inside::quote:
      while (pos < limit) {
        uint8_t c = p[pos];
        if (c == '\'') {
          inside = {};
          return pos + 1;
        }
        if (c == '/' || (c == '\n' && p[pos + 1] != '\'')) {
          inside = {Inside::deep, 0};  // not terminated
          return pos;
        }
        pos += c == '\\' ? 1 + utf8_length(p[pos + 1]) : 1;
      }
      return pos < t.end ? pos : t.end;
    case Inside::block:
      while ((pos = find_in_comment(t, pos, limit)) < limit) {
        uint8_t c = p[pos++];
        if (c == '*' && p[pos] == '/') {
          ++pos;
          if (--inside.count == 0) {
            inside = {};
            return pos;
          }
        } else if (c == '/' && p[pos] == '*') {
          ++pos;
          ++inside.count;
        }
      }
      return limit;
    case Inside::raw:
      while ((pos = find_in_string(t, pos, limit, '"', '"')) < limit) {
        ++pos;
        uint32_t hashes = 0;
        while (hashes < inside.count && p[pos + hashes] == '#') ++hashes;
        pos += hashes;
        if (hashes == inside.count) {
          inside = {};
          return pos;
        }
      }
      return limit;
    default: return pos;
  }
}

// A suffix right behind a literal.
RUSTG_HD inline uint32_t suffix_end(const Text& t, uint32_t pos) {
  bool unicode = false;
  return pos < t.end && is_start(t.bytes + pos) ? word_end(t, pos, &unicode) : pos;
}

namespace detail {

RUSTG_HD inline Begin simple(TokenKind kind, uint32_t end) {
  Begin b;
  b.kind = kind;
  b.end = end;
  return b;
}

// From the `r` at pos - 1 on: hashes, quote.
RUSTG_HD inline Begin raw_string(const Text& t, uint32_t pos, TokenKind kind) {
  uint32_t hashes = 0;
  while (t.bytes[pos + hashes] == '#') ++hashes;
  pos += hashes;
  Begin b = simple(kind, pos + 1);
  if (t.bytes[pos] == '"') {
    b.inside = {Inside::raw, hashes};
    b.takes_suffix = hashes < 256;
    b.error = hashes > 255;
  } else {
    b.end = pos < t.end ? pos + utf8_length(t.bytes[pos]) : pos;
    b.error = true;
  }
  return b;
}

RUSTG_HD inline Begin quoted(const Text& t, uint32_t pos, TokenKind kind) {  // behind the opening quote
  const uint8_t* p = t.bytes + pos;
  Begin b = simple(kind, pos);
  b.takes_suffix = true;
  if (*p != '\\' && pos + utf8_length(*p) < t.end && p[utf8_length(*p)] == '\'')
    b.end = pos + utf8_length(*p) + 1;
  else
    b.inside = {Inside::quote, 0};
  return b;
}

RUSTG_HD inline Begin string(uint32_t pos, TokenKind kind) {
  Begin b = simple(kind, pos);
  b.inside = {Inside::string, 0};
  b.takes_suffix = true;
  return b;
}

RUSTG_HD inline uint32_t decimal_end(const Text& t, uint32_t pos, bool* digits) {
  for (;; ++pos) {
    if (is_digit(t.bytes[pos]))
      *digits = true;
    else if (t.bytes[pos] != '_')
      return pos;
  }
}

RUSTG_HD inline Begin number(const Text& t, uint32_t pos) {
  const uint8_t* p = t.bytes;
  uint32_t start = pos, base = 10;
  bool digits = true, plain = false;
  if (p[pos] == '0') {
    uint8_t c = p[pos + 1];
    base = c == 'b' ? 2 : c == 'o' ? 8 : c == 'x' ? 16 : 10;
    if (base != 10) {
      digits = false;
      pos += 2;
      if (base == 16)
        for (; is_hex(p[pos]) || p[pos] == '_'; ++pos) digits |= p[pos] != '_';
      else
        pos = decimal_end(t, pos, &digits);
    } else {
      pos = decimal_end(t, pos + 1, &digits);
      plain = pos == start + 1 && p[pos] != '.' && p[pos] != 'e' && p[pos] != 'E';
    }
  } else {
    pos = decimal_end(t, pos + 1, &digits);
  }
  Begin b;
  b.kind = TokenKind::integer;
  b.takes_suffix = true;
  bool exponent = false;
  uint32_t whole_end = pos;
  if (digits && !plain) {
    if (p[pos] == '.' && p[pos + 1] != '.' && !is_start(p + pos + 1)) {
      b.kind = TokenKind::float_;
      ++pos;
      if (is_digit(p[pos])) {
        pos = decimal_end(t, pos, &digits);
        exponent = (p[pos] | 32) == 'e';
      }
    } else if ((p[pos] | 32) == 'e') {
      b.kind = TokenKind::float_;
      exponent = true;
    }
    if (exponent) {
      ++pos;
      if (p[pos] == '-' || p[pos] == '+') ++pos;
      bool any = false;
      pos = decimal_end(t, pos, &any);
      b.error |= !any;
    }
  }
  if (b.kind == TokenKind::float_) {
    b.error |= base != 10;
  } else if (!digits) {
    b.error = true;
  } else if (base < 10) {
    for (uint32_t i = start + 2; i < whole_end; ++i) b.error |= is_digit(p[i]) && uint32_t(p[i] - '0') >= base;
  }
  b.end = pos;
  return b;
}

RUSTG_HD inline Begin lifetime_or_char(const Text& t, uint32_t pos) {  // behind the quote
  const uint8_t* p = t.bytes + pos;
  if (p[0] < 0x80 && is_ascii_start(p[0]) && p[1] != '\'') {
    // the common case falls through to the lifetime below
  } else if (!((is_start(p) || is_digit(*p)) && p[utf8_length(*p)] != '\'')) {
    return quoted(t, pos, TokenKind::char_);
  }
  Begin b;
  b.kind = TokenKind::lifetime;
  bool unicode = false;
  if (p[0] == 'r' && p[1] == '#' && is_start(p + 2)) {
    if (t.edition < Edition::e2021) {
      b.end = pos + 1;
      return b;
    }
    b.end = word_end(t, pos + 2, &unicode);
    b.flags = uint8_t(kRaw | (unicode ? kUnicode : 0));
    b.error = t.bytes[b.end] == '\'';
    return b;
  }
  bool number = is_digit(*p);
  if (*p >= 0x80) unicode = true;
  b.end = word_end(t, pos + utf8_length(*p), &unicode);
  b.flags = unicode ? kUnicode : 0;
  uint8_t next = t.bytes[b.end];
  if (next == '\'') {
    b.kind = TokenKind::char_;
    b.flags = 0;
    b.error = true;  // more than one character
    ++b.end;
  } else {
    b.error = number || (next == '#' && t.edition >= Edition::e2021);
  }
  return b;
}

// An identifier goes on with emoji: not one, as name resolution will say, but one token.
RUSTG_HD inline Begin invalid_ident(const Text& t, uint32_t pos) {
  while (pos < t.end) {
    const uint8_t* p = t.bytes + pos;
    uint32_t c = decode_utf8(p);
    bool goes_on = c < 0x80 ? is_ascii_word(c) : (unicode_class(c) & (kXidContinue | kEmoji)) != 0 || c == 0x200d;
    if (!goes_on) break;
    pos += utf8_length(*p);
  }
  Begin b = simple(TokenKind::ident, pos);
  b.flags = kUnicode;
  return b;
}

RUSTG_HD inline Begin word(const Text& t, uint32_t pos) {
  Begin b;
  b.kind = TokenKind::ident;
  bool unicode = t.bytes[pos] >= 0x80;
  b.end = word_end(t, pos + utf8_length(t.bytes[pos]), &unicode);
  uint8_t next = t.bytes[b.end];
  if (next == '"' || next == '\'' || next == '#') {
    b.error = t.edition >= Edition::e2021;
  } else if (next >= 0x80 && b.end < t.end && (unicode_class(decode_utf8(t.bytes + b.end)) & kEmoji)) {
    return invalid_ident(t, pos);
  }
  b.flags = unicode ? kUnicode : 0;
  return b;
}

RUSTG_HD inline Begin line_or_block(const Text& t, uint32_t pos) {
  const uint8_t* p = t.bytes + pos;
  Begin b;
  b.what = Begin::comment;
  b.end = pos + 2;
  if (p[1] == '/') {
    b.inside = {Inside::line, 0};
    bool inner = p[2] == '!', outer = p[2] == '/' && p[3] != '/';
    if (inner || outer) {
      b.what = Begin::token;
      b.inside.doc = true;
      b.kind = inner ? TokenKind::inner_line_doc : TokenKind::outer_line_doc;
    }
  } else {
    b.inside = {Inside::block, 1};
    bool inner = p[2] == '!', outer = p[2] == '*' && p[3] != '*' && p[3] != '/';
    if (inner || outer) {
      b.what = Begin::token;
      b.inside.doc = true;
      b.kind = inner ? TokenKind::inner_block_doc : TokenKind::outer_block_doc;
    }
  }
  return b;
}

RUSTG_HD inline Begin guarded(const Text& t, uint32_t pos) {  // at the first #
  uint32_t hashes = 0;
  while (t.bytes[pos + hashes] == '#') ++hashes;
  Begin b;
  if (t.bytes[pos + hashes] == '"') {
    b = string(pos + hashes + 1, TokenKind::guarded_str);
    b.guard = hashes;
  } else {
    b = simple(TokenKind::guarded_str, pos + 2);
  }
  b.error = true;
  return b;
}

// Whether the character at p, above ASCII, stands before it too.
RUSTG_HD inline bool comes_again(const uint8_t* p) {
  const uint32_t length = utf8_length(*p);
  for (uint32_t i = 0; i < length; ++i) {
    if (p[i] != *(p + i - length)) return false;
  }
  return true;
}

// clang-format off
RUSTG_HD constexpr TokenKind punctuation(uint8_t c) {
  switch (c) {
#define PUNCTUATION(name, character) case character: return TokenKind::name;
#include "lex/token.def"
    default: return TokenKind::eof;
  }
}
// clang-format on

}  // namespace detail

// What begins at `pos`, which is before the end of the file and not inside of anything.
RUSTG_HD inline Begin begin(const Text& t, uint32_t pos) {
  using namespace detail;
  const uint8_t* p = t.bytes + pos;
  uint8_t c = *p;
  if (is_ascii_start(c)) {
    if (c == 'r' || c == 'b' || c == 'c') {
      if (c == 'r') {
        if (p[1] == '#' && is_start(p + 2)) {
          Begin b;
          bool unicode = false;
          b.kind = TokenKind::ident;
          b.end = word_end(t, pos + 2, &unicode);
          b.flags = uint8_t(kRaw | (unicode ? kUnicode : 0));
          return b;
        }
        if (p[1] == '"' || p[1] == '#') return raw_string(t, pos + 1, TokenKind::raw_str);
      } else if (c == 'b' || t.edition >= Edition::e2021) {
        if (p[1] == '"') return string(pos + 2, c == 'b' ? TokenKind::byte_str : TokenKind::c_str);
        if (p[1] == 'r' && (p[2] == '"' || p[2] == '#'))
          return raw_string(t, pos + 2, c == 'b' ? TokenKind::raw_byte_str : TokenKind::raw_c_str);
        if (p[1] == '\'' && c == 'b') return quoted(t, pos + 2, TokenKind::byte);
      }
    }
    return word(t, pos);
  }
  if (is_ascii_space(c)) {
    Begin b;
    b.what = Begin::space;
    b.end = pos + 1;
    return b;
  }
  if (is_digit(c)) return number(t, pos);
  switch (c) {
    case '"': return string(pos + 1, TokenKind::str);
    case '\'': return lifetime_or_char(t, pos + 1);
    case '/':
      if (p[1] == '/' || p[1] == '*') return line_or_block(t, pos);
      break;
    case '#':
      if (t.edition >= Edition::e2024 && (p[1] == '"' || p[1] == '#')) return guarded(t, pos);
      break;
    default: break;
  }
  TokenKind kind = c < 0x80 ? punctuation(c) : TokenKind::eof;
  if (kind != TokenKind::eof) return simple(kind, pos + 1);
  uint32_t code_point = decode_utf8(p);
  Begin b;
  b.end = pos + utf8_length(c);
  if (c >= 0x80) {
    uint32_t cls = unicode_class(code_point);
    if (is_unicode_whitespace(code_point)) {
      b.what = Begin::space;
      return b;
    }
    if (cls & kXidStart) return word(t, pos);
    const TokenKind meant = meant_token(code_point);
    if (cls & kEmoji) {
      const Begin ident = invalid_ident(t, pos);
      if (meant == TokenKind::eof || ident.end != b.end) return ident;
    }
    // Of the same character several times only the first one stands for a token.
    if (meant != TokenKind::eof && !comes_again(p)) {
      b.kind = meant;
      b.error = true;
      return b;
    }
  }
  b.what = Begin::unknown;
  b.error = true;
  return b;
}

}  // namespace rustg::lex
