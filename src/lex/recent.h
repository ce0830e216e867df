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
    uint64_t first, last;  // the first eight bytes and, of more than eight, the last
    uint32_t tag;          // length, edition and kind; 0: none
    uint32_t begin;        // of more than 16, where they are
    uint32_t batch;
    uint32_t value;
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

  // The entry of a text of 1 to kLongest bytes that is there already, or the one to be filled (by put()) for it.
  Entry& find(const uint8_t* bytes, uint32_t begin, uint32_t length, Edition edition, bool& found) {
    const uint8_t* p = bytes + begin;
    uint64_t first = device::load_word(p, length < 8 ? length : 8), last = length > 8 ? device::load_word(p + length - 8) : 0;
    uint64_t hash = (first ^ last * 0xd6e8feb86659fd93u ^ length) * 0x9e3779b97f4a7c15u;
    Entry& e = entries_[hash >> (64 - kBits)];
    uint32_t tag = length | uint32_t(edition) << 8;
    found = e.first == first && e.last == last && uint16_t(e.tag) == tag && e.batch == batch_ &&
            (length <= 16 || device::equal_bytes(bytes + e.begin + 8, p + 8, length - 16));
    if (!found) e = {first, last, tag, begin, batch_, 0};
    return e;
  }
  static TokenKind kind(const Entry& e) { return TokenKind(e.tag >> 16); }
  static void put(Entry& e, TokenKind kind, uint32_t value) {
    e.tag = uint16_t(e.tag) | uint32_t(kind) << 16;
    e.value = value;
  }

 private:
  static constexpr uint32_t kBits = 13;
  uint32_t batch_ = 0;
  alignas(64) Entry entries_[1 << kBits] = {};
};

}  // namespace rustg::lex
