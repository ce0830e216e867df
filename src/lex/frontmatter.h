// What may stand before the code of a file: a shebang line, and the frontmatter of RFC 3503 between lines of dashes.
#pragma once
#include <cstdint>

#include "lex/scan.h"

namespace rustg::lex {

// Where a frontmatter is and what is wrong with it.
struct Frontmatter {
  uint32_t open = 0;  // of its first dash; end == open: there is none
  uint32_t end = 0;   // behind its last line, without the newline
  uint32_t dashes = 0;
  bool bad_preceding = false;  // something other than a newline before it
  bool bad_infostring = false;
  uint32_t bare_cr = 0;                                 // of the first one; 0: none
  uint32_t last_line = 0, close = 0, close_dashes = 0;  // begin of the last line, of the dashes there
  bool unclosed = false, bad_closing = false /* spaces before the dashes */, mismatch = false, extra = false;

  RUSTG_HD bool is_wrong() const {
    return bad_preceding || bad_infostring || bare_cr != 0 || unclosed || bad_closing || mismatch || extra ||
           dashes > 255;
  }
};

namespace detail {

RUSTG_HD inline bool matches(const Text& t, uint32_t pos, const char* s, uint32_t length) {
  if (pos + length > t.end) return false;
  for (uint32_t i = 0; i < length; ++i) {
    if (t.bytes[pos + i] != uint8_t(s[i])) return false;
  }
  return true;
}
// The first place from `pos` on where `s` is; t.end if nowhere.
RUSTG_HD inline uint32_t find(const Text& t, uint32_t pos, const char* s, uint32_t length) {
  while ((pos = find_either(t.bytes, pos, t.end, uint8_t(s[0]), uint8_t(s[0]))) < t.end && !matches(t, pos, s, length)) ++pos;
  return pos;
}
RUSTG_HD inline uint32_t line_end(const Text& t, uint32_t pos) {
  return pos < t.end ? find_either(t.bytes, pos, t.end, '\n', '\n') : pos;
}
RUSTG_HD inline uint32_t dashes_end(const Text& t, uint32_t pos) {
  while (pos < t.end && t.bytes[pos] == '-') ++pos;
  return pos;
}
RUSTG_HD inline uint32_t blanks_end(const Text& t, uint32_t pos) {
  while (pos < t.end && (t.bytes[pos] == ' ' || t.bytes[pos] == '\t')) ++pos;
  return pos;
}

// Where the line ends that closes the frontmatter, by rustc's rules; `pos` is behind the opening line's dashes and infostring.
RUSTG_HD inline uint32_t closing_end(const Text& t, uint32_t pos, uint32_t dashes) {
  for (uint32_t i = line_end(t, pos); i < t.end; i = line_end(t, i + 1)) {
    if (dashes_end(t, i + 1) - (i + 1) >= dashes) return line_end(t, i + 1 + dashes);
  }
  // None: what looks most like its end.
  uint32_t at = find(t, pos, "\n---", 4);
  if (at < t.end) return line_end(t, at + 1);
  at = find(t, pos, "\nuse ", 5);
  if (at == t.end) at = find(t, pos, "\n//!", 4);
  if (at == t.end) at = find(t, pos, "\n#![", 4);
  if (at < t.end) return line_end(t, at);
  for (uint32_t rest = pos; (at = find(t, rest, "---", 3)) < t.end; rest = at + 3) {
    uint32_t line = at;
    while (line > rest && t.bytes[line - 1] != '\n') --line;
    if (blanks_end(t, line) >= at) return line_end(t, at);
  }
  return t.end;
}

}  // namespace detail

// Behind a shebang line: `#!` is one unless `[` is the next token.
RUSTG_HD inline uint32_t shebang_end(const Text& t, uint32_t begin) {
  using namespace detail;
  if (!matches(t, begin, "#!", 2)) return begin;
  for (uint32_t pos = begin + 2; pos < t.end;) {
    Begin b = lex::begin(t, pos);
    if (b.what != Begin::space && b.what != Begin::comment) {
      if (b.what == Begin::token && b.kind == TokenKind::open_bracket) return begin;
      break;
    }
    pos = b.inside.kind == Inside::code ? b.end : close(t, b.end, t.end, b.inside);
  }
  return line_end(t, begin);
}

RUSTG_HD inline Frontmatter find_frontmatter(const Text& t, uint32_t pos) {
  using namespace detail;
  Frontmatter f;
  bool newline = true;
  while (pos < t.end) {
    if (t.bytes[pos] < 0x80 && !is_ascii_space(t.bytes[pos])) break;
    Begin b = lex::begin(t, pos);
    if (b.what != Begin::space) break;
    newline = t.bytes[pos] == '\n';
    pos = b.end;
  }
  f.open = f.end = pos;
  if (!matches(t, pos, "---", 3)) return f;
  f.bad_preceding = !newline;
  uint32_t open_end = dashes_end(t, pos);
  f.dashes = open_end - pos;
  pos = blanks_end(t, open_end);
  if (pos < t.end && is_start(t.bytes + pos)) {
    bool unicode = false;
    do {
      pos = word_end(t, pos, &unicode);
      while (pos < t.end && (t.bytes[pos] == '-' || t.bytes[pos] == '.')) ++pos;
    } while (word_end(t, pos, &unicode) != pos);
  }
  pos = blanks_end(t, pos);
  f.bad_infostring = pos >= t.end || t.bytes[pos] != '\n';
  f.end = closing_end(t, pos, f.dashes);

  uint32_t first_line_end = line_end(t, f.open);
  if (first_line_end > f.end) first_line_end = f.end;
  f.last_line = f.end;
  while (f.last_line > first_line_end && t.bytes[f.last_line - 1] != '\n') --f.last_line;
  for (uint32_t i = first_line_end; i < f.last_line && f.bare_cr == 0; ++i) {
    if (t.bytes[i] == '\r') f.bare_cr = i;
  }
  f.close = blanks_end(t, f.last_line);
  uint32_t close_end = dashes_end(t, f.close);
  f.close_dashes = close_end - f.close;
  if (f.close_dashes < 3 || close_end > f.end) {
    f.unclosed = true;
    return f;
  }
  f.bad_closing = f.close != f.last_line;
  f.mismatch = f.close_dashes != f.dashes;
  f.extra = blanks_end(t, close_end) < f.end;
  return f;
}

// Where a file's code begins.
RUSTG_HD inline uint32_t content_begin(const Text& t, uint32_t begin, uint32_t* error) {
  begin = shebang_end(t, begin);
  Frontmatter f = find_frontmatter(t, begin);
  if (f.end == f.open) return begin;
  if (f.is_wrong()) *error = 1;
  return f.end;
}

}  // namespace rustg::lex
