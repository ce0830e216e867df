// Texts met a short while ago. Code says the same names again and again: a core that goes through text in order finds nine out of ten
// here, and only the rest go into the table that all cores share.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "device/bytes.h"

namespace rustg::lex {

// For a core.
class RecentTexts {
 public:
  // A token before `token` with the same text, or `token`.
  uint32_t find(const uint8_t* bytes, uint32_t token, uint32_t begin, uint32_t length) {
    if (length > kLongest || length == 0) return token;
    const uint8_t* p = bytes + begin;
    bool is_short = length <= 8;
    uint64_t key = is_short ? device::load_word(p, length)
                            : device::load_word(p) * 0xd6e8feb86659fd93u ^ device::load_word(p + length - 8);
    Entry& e = entries_[(key + length) * 0x9e3779b97f4a7c15u >> (64 - kBits)];
    if (e.key == key && e.length == length && (is_short || device::equal_bytes(bytes + e.begin, p, length)))
      return e.token;
    e = {key, token, length, begin};
    return token;
  }

 private:
  static constexpr uint32_t kBits = 13, kLongest = 64;
  struct Entry {
    uint64_t key;
    uint32_t token, length, begin;
  };
  Entry entries_[1 << kBits] = {};
};

// For a lane of a GPU, whose stretch is too short to say much twice.
class NoRecentTexts {
 public:
  RUSTG_HD uint32_t find(const uint8_t*, uint32_t token, uint32_t, uint32_t) { return token; }
};

}  // namespace rustg::lex
