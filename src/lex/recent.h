// Texts met a short while ago. Code says the same names again and again: a core that goes through text in order finds most words here, with
// kind and symbol at once; only the rest go into the table that all cores share.
#pragma once
#include <atomic>
#include <cstdint>

#include "device/bytes.h"
#include "lex/token.h"

namespace rustg::lex {

// Of one thread.
class RecentTexts {
 public:
  static constexpr uint32_t kLongest = 64;
  struct Entry {
    uint64_t first, last;  // the first eight bytes and those behind them or, of more than 16, the last eight
    uint32_t batch;
    uint8_t length, edition, kind, unused;
    uint32_t begin;  // of more than 16 bytes, where they are
    uint32_t value;
  };
  static_assert(sizeof(Entry) == 32);
  struct Key {
    uint64_t first, last;
    uint32_t begin, place;
    uint8_t length, edition;
  };

  static RecentTexts& of_this_thread() {
    static thread_local RecentTexts recent;
    return recent;
  }
  static uint32_t next_batch() {
    static std::atomic<uint32_t> last{0};
    return ++last;
  }
  // Entries of other batches do not count.
  void begin(uint32_t batch) { batch_ = batch; }

  // Of a text of 1 to kLongest bytes. Without branches, since lengths cannot be foretold.
  static Key key(const uint8_t* bytes, uint32_t begin, uint32_t length, Edition edition) {
    const uint8_t* p = bytes + begin;
    const uint64_t first = device::load_word(p) & kMasks.first[length];
    const uint64_t last = device::load_word(p + (length > 16 ? length - 8 : 8)) & kMasks.last[length];
    const uint64_t hash = (first ^ last * 0xd6e8feb86659fd93u ^ length) * 0x9e3779b97f4a7c15u;
    return {first, last, begin, uint32_t(hash >> (64 - kBits)), uint8_t(length), uint8_t(edition)};
  }
  // Where it is if it is there.
  Entry& at(const Key& key) { return entries_[key.place]; }
  bool is(const Entry& e, const Key& key, const uint8_t* bytes) const {
    const uint64_t differ = (e.first ^ key.first) | (e.last ^ key.last) | (e.batch ^ batch_) | uint64_t(e.length ^ key.length) |
                            uint64_t(e.edition ^ key.edition);
    return differ == 0 && (key.length <= 16 || device::equal_bytes(bytes + e.begin + 8, bytes + key.begin + 8, key.length - 16u));
  }
  void put(Entry& e, const Key& key, TokenKind kind, uint32_t value) const {
    e = {key.first, key.last, batch_, key.length, key.edition, uint8_t(kind), 0, key.begin, value};
  }

 private:
  static constexpr uint32_t kBits = 13;
  struct Masks {
    uint64_t first[kLongest + 1] = {}, last[kLongest + 1] = {};
    constexpr Masks() {
      for (uint32_t n = 1; n <= kLongest; ++n) {
        first[n] = n >= 8 ? ~uint64_t(0) : ~uint64_t(0) >> (64 - 8 * n);
        last[n] = n <= 8 ? 0 : n >= 16 ? ~uint64_t(0) : ~uint64_t(0) >> (64 - 8 * (n - 8));
      }
    }
  };
  static const Masks kMasks;
  uint32_t batch_ = 0;
  alignas(64) Entry entries_[1 << kBits] = {};
};

inline constexpr RecentTexts::Masks RecentTexts::kMasks;

}  // namespace rustg::lex
