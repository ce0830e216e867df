// Interning: equal byte strings get one number, numbers go from 0 by first occurrence, on every device and with any number of threads.
//
// Open addressing, one 64-bit slot an entry: 32 bits of hash above, below either a string's number or, while a batch is
// under way, kCandidate + the item it was first seen in. The least of those that claim a slot wins, so the winner is the
// first occurrence whatever the order of the inserts; then the winners are counted (scan) and their slots get the numbers.
#pragma once
#include <bit>
#include <cstdint>

#include "device/atomic.h"
#include "device/bytes.h"
#include "device/memory.h"
#include "device/types.h"

namespace rustg::device {

// What kernels use: plain pointers. All strings are spans of one text, which may be moved and grow between calls.
struct HashTableRef {
  static constexpr uint32_t kNone = 0xffffffffu;
  static constexpr uint32_t kSkip = 0xffffffffu;  // no length of a string
  static constexpr uint32_t kCandidate = 0x80000000u;
  static constexpr uint64_t kEmpty = ~uint64_t(0);
  static constexpr uint32_t kFewProbes = 64;

  uint64_t* slots;
  ByteSpan* keys;      // of every number: its first occurrence
  uint32_t mask;       // slots - 1
  uint32_t capacity;   // numbers at most
  uint32_t* size;      // numbers given out
  uint32_t* overflow;  // not 0: strings were left out

  // The slot of span(item), whose text hashes to `hash`: found, or taken for this item. kNone for a string to be skipped.
  template <class Texts, class Span>
  RUSTG_HD uint32_t claim(uint32_t item, uint64_t hash, const uint8_t* text, const Span& span) const {
    ByteSpan string = span(item);
    if (string.length == kSkip) return kNone;
    uint64_t mine = hash >> 32 << 32 | kCandidate | item;
    for (uint32_t probe = 0, at = uint32_t(hash) & mask; probe <= mask; ++probe, at = (at + 1) & mask) {
      uint64_t seen = atomic_load(&slots[at]);
      if (seen == kEmpty) {
        seen = atomic_cas(&slots[at], kEmpty, mine);
        if (seen == kEmpty) return at;
      }
      if (seen >> 32 != hash >> 32) continue;
      uint32_t other = uint32_t(seen);
      ByteSpan key = other < kCandidate ? keys[other] : span(other - kCandidate);
      if (!Texts::equal(text + key.offset, key.length, text + string.offset, string.length)) continue;
      if (mine < seen) atomic_min(&slots[at], mine);
      return at;
    }
    atomic_or(overflow, 1u);
    return kNone;
  }

  // Texts one by one, by cores. Each goes through steps, and others through theirs in between, so that memory has the time to bring what the next step
  // needs: prefetch_slot(), skip_others(), prefetch_text() and at last intern_alone() or intern_among().
  RUSTG_HD uint32_t prefetch_slot(uint64_t hash) const {
    const uint32_t at = uint32_t(hash) & mask;
    prefetch(&slots[at]);
    return at;
  }
  // The first slot from `at` on that may be the string's. None before it ever will.
  RUSTG_HD uint32_t skip_others(uint64_t hash, uint32_t at) const {
    for (uint32_t probe = 0; probe != kFewProbes; ++probe, at = (at + 1) & mask) {
      const uint64_t seen = atomic_load(&slots[at]);
      if (seen >> 32 != hash >> 32 && seen != kEmpty) continue;
      if (uint32_t(seen) < kCandidate) prefetch(&keys[uint32_t(seen)]);
      break;
    }
    return at;
  }
  RUSTG_HD void prefetch_text(const uint8_t* text, uint32_t at) const {
    const uint32_t number = uint32_t(atomic_load(&slots[at]));
    if (number >= kCandidate) return;
    const ByteSpan key = keys[number];
    prefetch(text + key.offset);
    prefetch(text + key.offset + key.length);
  }

  // The number of a string that hashes to `hash`, a new one if it has none yet; kNone if there is no more room. For one thread that alone works
  // on the table.
  RUSTG_HD uint32_t intern_alone(const uint8_t* text, ByteSpan string, uint64_t hash, uint32_t at) const {
    for (;; at = (at + 1) & mask) {
      const uint64_t seen = slots[at];
      if (seen == kEmpty) {
        const uint32_t number = *size;
        if (number == capacity) {
          *overflow = 1;
          return kNone;
        }
        slots[at] = hash >> 32 << 32 | number;
        keys[number] = string;
        *size = number + 1;
        return number;
      }
      if (seen >> 32 != hash >> 32) continue;
      const ByteSpan key = keys[uint32_t(seen)];
      if (key.length == string.length && equal_bytes(text + key.offset, text + string.offset, string.length)) return uint32_t(seen);
    }
  }

  // The same for one of several threads: kCandidate + the string's slot where it has no number yet, which settle() gives it. `string` is span(item).
  template <class Span>
  RUSTG_HD uint32_t intern_among(const uint8_t* text, ByteSpan string, uint64_t hash, uint32_t at, uint32_t item, const Span& span) const {
    const uint64_t mine = hash >> 32 << 32 | kCandidate | item;
    for (uint32_t probe = 0; probe <= mask; ++probe, at = (at + 1) & mask) {
      if (probe % kFewProbes == kFewProbes - 1 && atomic_load(overflow) != 0) return kNone;
      uint64_t seen = atomic_load_acquire(&slots[at]);
      if (seen == kEmpty) {
        seen = atomic_cas(&slots[at], kEmpty, mine);
        if (seen == kEmpty) return kCandidate | at;
      }
      if (seen >> 32 != hash >> 32) continue;
      const uint32_t other = uint32_t(seen);
      const ByteSpan key = other < kCandidate ? keys[other] : span(other - kCandidate);
      if (key.length == string.length && equal_bytes(text + key.offset, text + string.offset, string.length))
        return other < kCandidate ? other : kCandidate | at;
    }
    atomic_or(overflow, 1u);
    return kNone;
  }
  RUSTG_HD static bool is_unsettled(uint32_t number) { return number >= kCandidate && number != kNone; }
  // By one thread after the other, which are to come to items in their order: the number of what intern_among() returned for this one.
  template <class Span>
  RUSTG_HD uint32_t settle(uint32_t unsettled, uint32_t item, const Span& span) const {
    uint64_t& slot = slots[unsettled - kCandidate];
    const uint64_t seen = atomic_load(&slot);
    if (uint32_t(seen) < kCandidate) return uint32_t(seen);
    const uint32_t number = *size;
    if (number == capacity) {
      atomic_or(overflow, 1u);
      return kNone;
    }
    keys[number] = span(item);
    atomic_store_release(&slot, seen >> 32 << 32 | number);
    *size = number + 1;
    return number;
  }
  RUSTG_HD void prefetch_unsettled(uint32_t unsettled) const { prefetch(&slots[unsettled - kCandidate]); }
  // The number if there is one by now, or what it is told.
  RUSTG_HD uint32_t settled(uint32_t unsettled) const {
    const uint32_t number = uint32_t(atomic_load(&slots[unsettled - kCandidate]));
    return number < kCandidate ? number : unsettled;
  }

  // The number of a string, or kNone.
  RUSTG_HD uint32_t find(const uint8_t* text, const uint8_t* string, uint32_t length) const {
    uint64_t hash = hash_bytes(string, length);
    for (uint32_t probe = 0, at = uint32_t(hash) & mask; probe <= mask; ++probe, at = (at + 1) & mask) {
      uint64_t seen = slots[at];
      if (seen == kEmpty) break;
      ByteSpan key = keys[uint32_t(seen)];
      if (seen >> 32 == hash >> 32 && key.length == length && equal_bytes(text + key.offset, string, length))
        return uint32_t(seen);
    }
    return kNone;
  }
};

class HashTable {
 public:
  static constexpr uint32_t kNone = HashTableRef::kNone;
  // A span of this length is no string: its number is kNone.
  static constexpr uint32_t kSkip = HashTableRef::kSkip;

  // For up to `capacity` different strings (below 2^30).
  template <class Queue>
  HashTable(Queue& queue, uint32_t capacity)
      : slots_(queue.template allocate<uint64_t>(slot_count(capacity))),
        keys_(queue.template allocate<ByteSpan>(capacity)),
        words_(queue.template allocate<uint32_t>(3)),
        capacity_(capacity) {
    clear(queue);
  }
  // Back to no strings at all.
  template <class Queue>
  void clear(Queue& queue) {
    queue.set_bytes(slots_.data(), 0xff, slot_count(capacity_));  // kEmpty
    queue.zero(words_.data(), 3);
  }

  HashTableRef ref() const {
    return {slots_.data(), keys_.data(), slot_count(capacity_) - 1, capacity_, words_.data(), words_.data() + 1};
  }
  uint32_t capacity() const { return capacity_; }
  // On the device: how many strings there are (as a Count too), and whether some found no place; if so, none of the numbers of that batch
  // is of use, nor is the table: begin again with a larger one.
  const uint32_t* size() const { return words_.data(); }
  const uint32_t* overflow() const { return words_.data() + 1; }

  // ids[i] = the number of text[span(i)], new strings getting new ones. Fewer than 2^31 items. `text` is padded (bytes.h) and holds all
  // strings of earlier batches at their old offsets. span(i) gives the same at every call. Texts: what makes two strings equal (bytes.h, AsBytes).
  template <class Texts = AsBytes, class Queue, class Span>
  void intern(Queue& queue, Count count, const uint8_t* text, Span span, uint32_t* ids) {
    HashTableRef table = ref();
    uint32_t* added = words_.data() + 2;
    // ids[i] holds i's slot until the end. A CPU core goes through groups: each step of a group asks memory for what the next needs.
    queue.for_each_chunk(count, 1, [=] RUSTG_HD(Chunk chunk) {
      uint64_t hashes[kGroup];
      for (uint32_t begin = chunk.begin; begin < chunk.end; begin += kGroup) {
        uint32_t many = chunk.end - begin < kGroup ? chunk.end - begin : kGroup;
        for (uint32_t k = 0; k < many; ++k) {
          ByteSpan string = span(begin + k);
          hashes[k] = 0;
          if (string.length == kSkip) continue;
          hashes[k] = Texts::hash(text + string.offset, string.length);
          prefetch(&table.slots[uint32_t(hashes[k]) & table.mask]);
        }
        if (kGroup > 1) {
          for (uint32_t k = 0; k < many; ++k) {
            if (span(begin + k).length == kSkip) continue;
            uint32_t seen = uint32_t(atomic_load(&table.slots[uint32_t(hashes[k]) & table.mask]));
            if (seen < HashTableRef::kCandidate) prefetch(&table.keys[seen]);
            if (seen >= HashTableRef::kCandidate && seen != kNone)
              prefetch(text + span(seen - HashTableRef::kCandidate).offset);
          }
        }
        for (uint32_t k = 0; k < many; ++k) ids[begin + k] = table.template claim<Texts>(begin + k, hashes[k], text, span);
      }
    });
    auto is_first = [=] RUSTG_HD(uint32_t i) {
      return ids[i] != kNone && uint32_t(table.slots[ids[i]]) == (HashTableRef::kCandidate | i);
    };
    queue.compact(
        count, is_first,
        [=] RUSTG_HD(uint32_t i, uint32_t position) {
          uint32_t number = *table.size + position;
          if (number >= table.capacity) return;
          table.keys[number] = span(i);
          table.slots[ids[i]] = table.slots[ids[i]] >> 32 << 32 | number;
        },
        added);
    queue.for_each(count, [=] RUSTG_HD(uint32_t i) {
      if (ids[i] == kNone) return;
      uint32_t number = uint32_t(table.slots[ids[i]]);
      ids[i] = number < table.capacity ? number : kNone;
    });
    queue.for_each(1, [=] RUSTG_HD(uint32_t) {
      uint32_t size = *table.size + *added;
      if (size > table.capacity) *table.overflow = 1;
      *table.size = size > table.capacity ? table.capacity : size;
    });
  }

  // ids[i] = the number of string(i), or kNone. Strings may lie anywhere, padded. string(i) gives a ByteSpan of `strings`.
  template <class Queue, class Span>
  void find(Queue& queue, Count count, const uint8_t* text, const uint8_t* strings, Span span, uint32_t* ids) const {
    HashTableRef table = ref();
    queue.for_each(count, [=] RUSTG_HD(uint32_t i) {
      ByteSpan string = span(i);
      ids[i] = string.length == kSkip ? kNone : table.find(text, strings + string.offset, string.length);
    });
  }

 private:
#if defined(__CUDACC__)
  static constexpr uint32_t kGroup = 1;
#else
  static constexpr uint32_t kGroup = 16;
#endif
  static uint32_t slot_count(uint32_t capacity) { return std::bit_ceil(2 * (capacity < 8 ? 8 : capacity)); }

  Buffer<uint64_t> slots_;
  Buffer<ByteSpan> keys_;
  Buffer<uint32_t> words_;  // size, overflow, strings added by this batch
  uint32_t capacity_;
};

}  // namespace rustg::device
