// When two texts are one symbol: names (identifiers, lifetimes) if they are the same in NFC and without r#, as in rustc, literals byte by byte.
#pragma once
#include <cstdint>

#include "device/bytes.h"
#include "lex/lexeme.h"
#include "lex/nfc.h"

namespace rustg::lex {

namespace detail {

// Whether a token, which starts at `start`, is a name that may have to be written in another way.
RUSTG_HD inline bool is_unusual(const uint8_t* bytes, uint32_t start, const Lexeme& token) {
  if (token.kind == TokenKind::lifetime && (token.flags & kRaw)) return true;
  if (!(token.flags & kUnicode) || is_literal(token.kind)) return false;
  for (uint32_t i = start; i < token.end; i += utf8_length(bytes[i])) {
    if (bytes[i] >= 0x80 && (unicode_class(decode_utf8(bytes + i)) & kMayNeedNfc)) return true;
  }
  return false;
}

// The code points of a name as it is to be compared: in NFC, and 'name for 'r#name.
class Name {
 public:
  RUSTG_HD Name(const uint8_t* p, uint32_t length)
      : raw_(length > 3 && p[0] == '\'' && p[1] == 'r' && p[2] == '#'), rest_(p + (raw_ ? 3 : 0), p + length) {}
  RUSTG_HD bool done() const { return !raw_ && rest_.done(); }
  RUSTG_HD uint32_t get() const { return raw_ ? '\'' : rest_.get(); }
  RUSTG_HD void next() {
    if (raw_)
      raw_ = false;
    else
      rest_.next();
  }

 private:
  bool raw_;  // the quote is still to come
  Nfc rest_;
};

}  // namespace detail

// How device::HashTable is to tell texts apart that are names, and find them among all texts.
struct Spelling {
  // As hash_bytes() of a Name.
  RUSTG_HD static uint64_t hash(const uint8_t* p, uint32_t length) {
    uint32_t bytes = 0;
    for (detail::Name text(p, length); !text.done(); text.next()) {
      const uint32_t c = text.get();
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    device::ByteHash hash(bytes);
    for (detail::Name text(p, length); !text.done(); text.next()) {
      uint32_t c = encode_utf8(text.get());
      do hash.add(uint8_t(c));
      while ((c >>= 8) != 0);
    }
    return hash.get();
  }
  // Texts that are no names do not hash to what names do, or do so by chance: then their bytes differ from a name's.
  RUSTG_HD static bool equal(const uint8_t* p, uint32_t length, const uint8_t* q, uint32_t other_length) {
    detail::Name a(p, length), b(q, other_length);
    for (; !a.done() && !b.done(); a.next(), b.next()) {
      if (a.get() != b.get()) return false;
    }
    return a.done() && b.done();
  }
};

}  // namespace rustg::lex
