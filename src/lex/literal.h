// Whether the content of a literal or a doc comment is well formed; diagnose.h says what is wrong with it.
#pragma once
#include <cstdint>

#include "lex/scan.h"

namespace rustg::lex {

// What may stand between the quotes of a kind.
struct Content {
  bool escapes, unicode, nul, bytes /* \xff is well formed */, one;
};
RUSTG_HD inline Content content_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::char_: return {true, true, true, false, true};
    case TokenKind::byte: return {true, false, true, true, true};
    case TokenKind::str: return {true, true, true, false, false};
    case TokenKind::byte_str: return {true, false, true, true, false};
    case TokenKind::c_str: return {true, true, false, true, false};
    case TokenKind::raw_byte_str: return {false, false, true, true, false};
    case TokenKind::raw_c_str: return {false, true, false, true, false};
    default: return {false, true, true, false, false};  // raw strings, doc comments
  }
}

// The escape whose backslash is at pos: its end, or 0 if it is malformed.
RUSTG_HD inline uint32_t escape_end(const uint8_t* p, uint32_t pos, uint32_t end, const Content& content) {
  if (pos + 1 == end) return 0;
  switch (p[pos + 1]) {
    case 'n':
    case 'r':
    case 't':
    case '\\':
    case '\'':
    case '"': return pos + 2;
    case '0': return content.nul ? pos + 2 : 0;
    case 'x': {
      if (pos + 4 > end || !is_hex(p[pos + 2]) || !is_hex(p[pos + 3])) return 0;
      if (!content.bytes && p[pos + 2] > '7') return 0;
      if (!content.nul && p[pos + 2] == '0' && p[pos + 3] == '0') return 0;
      return pos + 4;
    }
    case 'u': {
      if (!content.unicode || pos + 3 >= end || p[pos + 2] != '{' || !is_hex(p[pos + 3])) return 0;
      uint32_t value = 0, digits = 0, i = pos + 3;
      for (; i < end && p[i] != '}'; ++i) {
        if (p[i] == '_') continue;
        if (!is_hex(p[i])) return 0;
        if (++digits > 6) return 0;
        value = value * 16 + (is_digit(p[i]) ? p[i] - '0' : (p[i] | 32) - 'a' + 10);
      }
      bool good = i < end && value < 0x110000 && value >> 11 != 0x1b && (content.nul || value != 0);
      return good ? i + 1 : 0;
    }
    default: return 0;
  }
}

// [begin, end): what is between the quotes. The loader has made \n of \r\n, so a CR is a bare one.
RUSTG_HD inline bool is_malformed(const uint8_t* p, uint32_t begin, uint32_t end, TokenKind kind) {
  const Content content = content_of(kind);
  const bool plain = content.unicode && content.nul && !content.one;  // nothing wrong but with backslashes and bare CRs
  uint32_t units = 0;
  for (uint32_t i = begin; i < end; ++units) {
    if (plain && (i = find_either(p, i, end, '\r', content.escapes ? '\\' : '\r')) == end) break;
    uint8_t c = p[i];
    if (c == '\\' && content.escapes) {
      if (!content.one && i + 1 < end && p[i + 1] == '\n') {
        ++i;
        while (i < end && (p[i] == ' ' || p[i] == '\t' || p[i] == '\n' || p[i] == '\r')) ++i;
        continue;
      }
      i = escape_end(p, i, end, content);
      if (i == 0) return true;
    } else {
      if (c == '\r' || (c >= 0x80 && !content.unicode) || (c == 0 && !content.nul)) return true;
      if (content.one && (c == '\n' || c == '\t' || c == '\'')) return true;
      i += content.one ? utf8_length(c) : 1;
    }
  }
  return content.one && units != 1;
}

// The same of what follows a safe place within a longer literal (stretch.h). White space there may belong to a \ at a line's end, where a
// CR is skipped too.
RUSTG_HD inline bool is_malformed_behind(const uint8_t* p, uint32_t begin, uint32_t end, TokenKind kind) {
  uint32_t pos = begin;
  while (pos < end && is_ascii_space(p[pos]) && p[pos] != '\r') ++pos;
  if (pos < end && p[pos] == '\r' && content_of(kind).escapes) {
    uint32_t line = 0, at = begin;  // the earliest line's end in the white space before
    for (; p[at - 1] == ' ' || p[at - 1] == '\t' || p[at - 1] == '\n' || p[at - 1] == '\r'; --at) {
      if (p[at - 1] == '\n') line = at - 1;
    }
    uint32_t backslashes = 0;
    while (line == at && line != 0 && p[line - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 1) {
      while (begin < end && (p[begin] == ' ' || p[begin] == '\t' || p[begin] == '\n' || p[begin] == '\r')) ++begin;
    }
  }
  return begin < end && is_malformed(p, begin, end, kind);
}

}  // namespace rustg::lex
