// Texts met a short while ago. Code says the same names again and again: a core that goes through text in order finds most words here, with
// kind and symbol at once; only the rest go into the table that all cores share.
#pragma once
#include <atomic>
#include <cstdint>

#include "device/bytes.h"
#include "device/hash_table.h"
#include "lex/place.h"
#include "lex/token.h"

namespace rustg::lex {

// Of one thread.
class RecentTexts {
 public:
  static constexpr uint32_t kLongest = 64;
  struct Entry {
    uint64_t first, last;  // the first eight bytes and those behind them or, of more than 16, the last eight
    uint64_t what;         // which text of so much, and from whose batch: see Key; above kKindAt its kind
    uint32_t begin;        // of more than 16 bytes, where they are
    uint32_t value;
  };
  static_assert(sizeof(Entry) == 32);
  struct Key {
    uint64_t first, last;
    uint64_t what;  // length, edition << 8, batch << 16; below kKindAt
    uint32_t begin, place;

    uint32_t length() const { return uint8_t(what); }
  };
  static constexpr uint32_t kKindAt = 48;

  static RecentTexts& of_this_thread() {
    static thread_local RecentTexts recent;
    return recent;
  }
  static uint32_t next_batch() {
    static std::atomic<uint32_t> last{0};
    return ++last;
  }
  // Entries of other batches do not count.
  void begin(uint32_t batch) {
    if (batch_ != uint64_t(batch) << 16) unsettled_count_ = 0;
    batch_ = uint64_t(batch) << 16;
  }

  // Of a text of 1 to kLongest bytes. Without branches, since lengths cannot be foretold.
  Key key(const uint8_t* bytes, uint32_t begin, uint32_t length, Edition edition) const {
    const uint8_t* p = bytes + begin;
    const uint64_t first = device::load_word(p) & kMasks.first[length];
    const uint64_t last = device::load_word(p + (length > 16 ? length - 8 : 8)) & kMasks.last[length];
    const uint64_t hash = (first ^ last * kLastMultiplier ^ length) * kMultiplier;
    return {first, last, batch_ | uint64_t(edition) << 8 | length, begin, uint32_t(hash >> (64 - kBits))};
  }
  // Where it is if it is there.
  Entry& at(const Key& key) { return entries_[key.place]; }
  static bool is(const Entry& e, const Key& key, const uint8_t* bytes) {
    const uint64_t differ = (e.first ^ key.first) | (e.last ^ key.last) | (e.what ^ key.what) << (64 - kKindAt);
    return differ == 0 && (key.length() <= 16 || device::equal_bytes(bytes + e.begin + 8, bytes + key.begin + 8, key.length() - 16u));
  }
  static void put(Entry& e, const Key& key, TokenKind kind, uint32_t value) {
    e = {key.first, key.last, key.what | uint64_t(kind) << kKindAt, key.begin, value};
  }
  static TokenKind kind(const Entry& e) { return TokenKind(uint8_t(e.what >> kKindAt)); }

  // For one that is put with no number yet: settle() sees to it. There is no harm in those that are forgotten.
  void put_unsettled(const Entry& e) {
    if (unsettled_count_ != kMostUnsettled) unsettled_[unsettled_count_++] = uint16_t(&e - entries_);
  }
  // Those that have a number by now.
  void settle(const device::HashTableRef& table) {
    using Table = device::HashTableRef;
    for (uint32_t n = 0; n != unsettled_count_; ++n) {
      if (const Entry& e = entries_[unsettled_[n]]; Table::is_unsettled(e.value)) table.prefetch_unsettled(e.value);
    }
    uint32_t left = 0;
    for (uint32_t n = 0; n != unsettled_count_; ++n) {
      Entry& e = entries_[unsettled_[n]];
      if (!Table::is_unsettled(e.value)) continue;
      e.value = table.settled(e.value);
      if (Table::is_unsettled(e.value)) unsettled_[left++] = unsettled_[n];
    }
    unsettled_count_ = left;
  }

  // Looks for all words of these blocks. Writes kind and symbol of those that are there, and leaves the others in each block's `missing`, with which it
  // may count some of more than 16 bytes that are there.
  void find_words(const uint8_t* bytes, PlacedBlock* blocks, uint32_t count, const TokensRef& out) const;

 private:
  static constexpr uint32_t kBits = 13;
  static constexpr uint64_t kLastMultiplier = 0xd6e8feb86659fd93u, kMultiplier = 0x9e3779b97f4a7c15u;
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
  using FindWords = void(const RecentTexts&, const uint8_t*, PlacedBlock*, uint32_t, const TokensRef&);
  static FindWords find_portable, find_avx512;
  static FindWords* const kFindWords;

  static constexpr uint32_t kMostUnsettled = 4096;
  uint64_t batch_ = 0;
  uint32_t unsettled_count_ = 0;
  uint16_t unsettled_[kMostUnsettled];
  alignas(64) Entry entries_[1 << kBits] = {};
};

inline constexpr RecentTexts::Masks RecentTexts::kMasks;

inline void RecentTexts::find_words(const uint8_t* bytes, PlacedBlock* blocks, uint32_t count, const TokensRef& out) const {
  kFindWords(*this, bytes, blocks, count, out);
}

}  // namespace rustg::lex
