// cpu::Queue::radix_sort: least significant digit first, a byte at a time; count, scan, scatter. Bytes that all keys share are skipped.
#pragma once
#include "device/cpu/queue.h"

namespace rustg::device::cpu {

template <class Key>
void Queue::radix_sort(Count count, Key* keys, uint32_t* values, int begin_bit, int end_bit, SortRoom<Key> room) {
  constexpr uint32_t kDigits = 256, kWorthSharing = 64 * 1024;
  ++launches_;
  uint32_t n = count.get();
  if (n < 2) return;
  // One contiguous block of pairs for each core: the fewer, the fewer places that are written to at once.
  uint32_t blocks_wanted = n < kWorthSharing ? 1 : uint32_t(threads_);
  uint32_t block = (n - 1) / blocks_wanted + 1;
  Buffer<Key> other_keys;
  Buffer<uint32_t> other_values;
  if (room.keys == nullptr) {
    other_keys = allocate<Key>(n);
    other_values = allocate<uint32_t>(n);
    room = {other_keys.data(), other_values.data()};
  }
  Buffer<uint32_t> counts = allocate<uint32_t>(size_t(blocks_wanted) * kDigits);
  Key *from_keys = keys, *to_keys = room.keys;
  uint32_t *from_values = values, *to_values = room.values;

  for (int bit = begin_bit; bit < end_bit; bit += 8) {
    uint32_t mask = (1u << std::min(8, end_bit - bit)) - 1;
    auto digit = [=](Key key) { return uint32_t(key >> bit) & mask; };
    std::memset(counts.data(), 0, size_t(blocks_wanted) * kDigits * sizeof(uint32_t));
    blocks(n, block, [&](uint32_t begin, uint32_t end) {
      uint32_t* mine = counts.data() + begin / block * kDigits;
      for (uint32_t i = begin; i != end; ++i) ++mine[digit(from_keys[i])];
    });
    uint32_t place = 0;
    bool all_equal = false;
    for (uint32_t d = 0; d != kDigits; ++d) {
      uint32_t first = place;
      for (uint32_t b = 0; b != blocks_wanted; ++b) place += std::exchange(counts.data()[b * kDigits + d], place);
      all_equal |= place - first == n;
    }
    if (all_equal) continue;
    blocks(n, block, [&](uint32_t begin, uint32_t end) {
      uint32_t* mine = counts.data() + begin / block * kDigits;
      for (uint32_t i = begin; i != end; ++i) {
        uint32_t to = mine[digit(from_keys[i])]++;
        to_keys[to] = from_keys[i];
        to_values[to] = from_values[i];
      }
    });
    std::swap(from_keys, to_keys);
    std::swap(from_values, to_values);
  }
  if (from_keys != keys) {
    blocks(n, kTile, [&](uint32_t begin, uint32_t end) {
      std::memcpy(keys + begin, from_keys + begin, (end - begin) * sizeof(Key));
      std::memcpy(values + begin, from_values + begin, (end - begin) * sizeof(uint32_t));
    });
  }
}

}  // namespace rustg::device::cpu
