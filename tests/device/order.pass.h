#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "device/cases.h"
#include "device/reference.h"

namespace rustg::device {

template <class Queue>
void compaction_keeps_order(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    for (uint32_t one_in : {1u, 3u, 1000u}) {
      std::vector<uint32_t> words = random_words(n, one_in, n + one_in), expected;
      for (uint32_t i = 0; i < n; ++i) {
        if (words[i] == 0) expected.push_back(i);
      }
      Buffer<uint32_t> in = queue.upload(words), out = queue.template allocate<uint32_t>(n),
                       total = queue.template allocate<uint32_t>(1);
      const uint32_t* from = in.data();
      uint32_t* to = out.data();
      queue.compact(
          n, [=] RUSTG_HD(uint32_t i) { return from[i] == 0; },
          [=] RUSTG_HD(uint32_t i, uint32_t position) { to[position] = i; }, total.data());
      ASSERT_EQ(queue.read(total.data()), expected.size()) << n;
      ASSERT_EQ(queue.download(to, expected.size()), expected) << n;
    }
  }
}

template <class Queue>
void runs_are_reduced(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    for (uint32_t keys : {1u, 4u, 1u << 30}) {
      std::vector<uint32_t> words = random_words(n, keys, n + keys), last, values;
      for (uint32_t i = 0; i < n; ++i) {
        if (i == 0 || words[i] != words[i - 1]) last.push_back(0), values.push_back(0);
        last.back() = i;
        values.back() = values.back() * 31 + i;
      }
      Buffer<uint32_t> in = queue.upload(words), out = queue.template allocate<uint32_t>(2 * size_t(n)),
                       runs = queue.template allocate<uint32_t>(1);
      const uint32_t* key = in.data();
      uint32_t* to = out.data();
      queue.reduce_by_key(
          n,
          [=] RUSTG_HD(uint32_t i) {
            return Affine{31, i};
          },
          [=] RUSTG_HD(uint32_t i) { return key[i] == key[i + 1]; },
          [=] RUSTG_HD(uint32_t run, uint32_t item, Affine value) { to[run] = item, to[n + run] = value.b; },
          Affine{1, 0}, Compose{}, runs.data());
      ASSERT_EQ(queue.read(runs.data()), last.size()) << n;
      ASSERT_EQ(queue.download(to, last.size()), last) << n;
      ASSERT_EQ(queue.download(to + n, last.size()), values) << n;
    }
  }
}

// Sorting `count` pairs, the values being the keys' places, against std::stable_sort.
template <class Key, class Queue>
void sort_and_compare(Queue& queue, std::vector<Key> keys, Count count, int begin_bit, int end_bit) {
  size_t n = keys.size();
  std::vector<uint32_t> places(n);
  std::iota(places.begin(), places.end(), 0);
  const size_t capacity = std::max<size_t>(n, count.bound);
  Buffer<Key> sorted = queue.template allocate<Key>(capacity), room_keys;
  Buffer<uint32_t> values = queue.template allocate<uint32_t>(capacity), room_values;
  queue.upload(sorted.data(), keys.data(), n);
  queue.upload(values.data(), places.data(), n);
  SortRoom<Key> room;
  if (n % 2 == 0) {  // of the others it takes memory itself
    room_keys = queue.template allocate<Key>(capacity), room_values = queue.template allocate<uint32_t>(capacity);
    room = {room_keys.data(), room_values.data()};
  }
  queue.radix_sort(count, sorted.data(), values.data(), begin_bit, end_bit, room);
  Key mask = end_bit - begin_bit == sizeof(Key) * 8 ? ~Key(0) : (Key(1) << (end_bit - begin_bit)) - 1;
  std::stable_sort(places.begin(), places.end(), [&](uint32_t a, uint32_t b) {
    return (keys[a] >> begin_bit & mask) < (keys[b] >> begin_bit & mask);
  });
  ASSERT_EQ(queue.download(values.data(), n), places) << n;
  std::vector<Key> got = queue.download(sorted.data(), n);
  for (size_t i = 0; i < n; ++i) ASSERT_EQ(got[i], keys[places[i]]) << i << " of " << n;
}

template <class Queue>
void pairs_are_sorted(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    sort_and_compare(queue, random_words(n, 0, n), n, 0, 32);
    sort_and_compare(queue, random_words(n, 3, n), n, 0, 32);
  }
}

template <class Queue>
void long_keys_are_sorted(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    std::vector<uint32_t> words = random_words(2 * size_t(n), 0, n);
    std::vector<uint64_t> keys(n);
    for (uint32_t i = 0; i < n; ++i) keys[i] = uint64_t(words[2 * i] % 5) << 40 | words[2 * i + 1];
    sort_and_compare(queue, keys, n, 0, 64);
  }
}

template <class Queue>
void only_some_bits_are_sorted(Queue& queue) {
  for (uint32_t n : {1u, 1000u, 100'000u}) {
    sort_and_compare(queue, random_words(n, 0, n), n, 3, 17);
    sort_and_compare(queue, random_words(n, 0, n), n, 0, 20);
    sort_and_compare(queue, random_words(n, 0, n), n, 31, 32);
    sort_and_compare(queue, random_words(n, 0, n), n, 5, 5);
  }
}

template <class Queue>
void sorts_read_their_length_on_the_device(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    Buffer<uint32_t> count = queue.upload(std::vector<uint32_t>{n});
    sort_and_compare(queue, random_words(n, 0, n), Count{count.data(), 3'500'000}, 0, 24);
  }
}

}  // namespace rustg::device
