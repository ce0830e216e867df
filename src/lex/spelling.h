// When two texts are one symbol: names (identifiers, lifetimes) if they are the same in NFC, as in rustc, literals byte by byte.
#pragma once
#include <cstdint>

#include "device/bytes.h"
#include "lex/nfc.h"

namespace rustg::lex {

namespace detail {

RUSTG_HD inline bool is_ascii(const uint8_t* p, uint32_t length) {
  constexpr uint64_t kHigh = 0x8080808080808080u;
  uint32_t i = 0;
  for (; length - i > 8; i += 8) {
    if (device::load_word(p + i) & kHigh) return false;
  }
  return length == i || (device::load_word(p + i, length - i) & kHigh) == 0;
}

// Whether a symbol's text is a name. A literal has a digit, a # or a quote among its first three bytes, and only a lifetime begins with a quote that does
// not come again.
RUSTG_HD inline bool is_name(const uint8_t* p, uint32_t length) {
  const bool tick = p[0] == '\'';
  for (uint32_t i = tick ? 1 : 0; i < 3 && i < length; ++i) {
    if (p[i] == '"' || (p[i] == '#' && !tick) || (!tick && p[i] == '\'')) return false;
  }
  if (!tick) return !(p[0] >= '0' && p[0] <= '9');
  for (uint32_t i = 1; i < length; ++i) {
    if (p[i] == '\'' || p[i] == '\\') return false;
  }
  return true;
}

// Whether a text may differ from its NFC.
RUSTG_HD inline bool may_need_nfc(const uint8_t* p, uint32_t length) {
  for (uint32_t i = 0; i < length; i += utf8_length(p[i])) {
    if (p[i] >= 0x80 && (unicode_class(decode_utf8(p + i)) & kMayNeedNfc)) return true;
  }
  return false;
}

// hash_bytes() of a text's NFC.
RUSTG_HD inline uint64_t hash_nfc(const uint8_t* p, uint32_t length) {
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

RUSTG_HD inline bool equal_nfc(const uint8_t* p, uint32_t length, const uint8_t* q, uint32_t other_length) {
  Nfc a(p, p + length), b(q, q + other_length);
  for (; !a.done() && !b.done(); a.next(), b.next()) {
    if (a.get() != b.get()) return false;
  }
  return a.done() && b.done();
}

}  // namespace detail

// How device::HashTable is to tell texts apart.
struct Spelling {
  static constexpr uint32_t kShort = 64;
  RUSTG_HD static uint64_t hash(const uint8_t* p, uint32_t length) {
    // A long literal is not looked through.
    const bool plain = (length <= kShort && detail::is_ascii(p, length)) || !detail::is_name(p, length);
    return plain || !detail::may_need_nfc(p, length) ? device::hash_bytes(p, length) : detail::hash_nfc(p, length);
  }
  // Of texts that hash to the same.
  RUSTG_HD static bool equal(const uint8_t* p, uint32_t length, const uint8_t* q, uint32_t other_length) {
    if (length == other_length && device::equal_bytes(p, q, length)) return true;
    return detail::is_name(p, length) && detail::is_name(q, other_length) && detail::equal_nfc(p, length, q, other_length);
  }
};

}  // namespace rustg::lex
