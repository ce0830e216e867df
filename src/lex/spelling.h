// When two texts are one symbol: names (identifiers, lifetimes) if they are the same in NFC, as in rustc, literals byte by byte.
#pragma once
#include <cstdint>

#include "device/bytes.h"
#include "lex/lexeme.h"
#include "lex/nfc.h"

namespace rustg::lex {

namespace detail {

// Whether a token, which starts at `start`, is a name that may not be written in NFC.
RUSTG_HD inline bool needs_nfc(const uint8_t* bytes, uint32_t start, const Lexeme& token) {
  if (!(token.flags & kUnicode) || is_literal(token.kind)) return false;
  for (uint32_t i = start; i < token.end; i += utf8_length(bytes[i])) {
    if (bytes[i] >= 0x80 && (unicode_class(decode_utf8(bytes + i)) & kMayNeedNfc)) return true;
  }
  return false;
}

}  // namespace detail

// How device::HashTable is to tell texts apart that are names, and find them among all texts.
struct Spelling {
  // As hash_bytes() of the NFC.
  RUSTG_HD static uint64_t hash(const uint8_t* p, uint32_t length) {
    uint32_t bytes = 0;
    for (Nfc text(p, p + length); !text.done(); text.next()) {
      const uint32_t c = text.get();
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    device::ByteHash hash(bytes);
    for (Nfc text(p, p + length); !text.done(); text.next()) {
      uint32_t c = encode_utf8(text.get());
      do hash.add(uint8_t(c));
      while ((c >>= 8) != 0);
    }
    return hash.get();
  }
  // Texts that are no names do not hash to what names do, or do so by chance: then their bytes differ from a name's.
  RUSTG_HD static bool equal(const uint8_t* p, uint32_t length, const uint8_t* q, uint32_t other_length) {
    Nfc a(p, p + length), b(q, q + other_length);
    for (; !a.done() && !b.done(); a.next(), b.next()) {
      if (a.get() != b.get()) return false;
    }
    return a.done() && b.done();
  }
};

}  // namespace rustg::lex
