#pragma once
#include <gtest/gtest.h>

#include "device/atomic.h"
#include "device/cases.h"
#include "device/reference.h"
#include "device/scratch.h"

namespace rustg::device {

template <class Queue>
void for_each_reaches_every_item_once(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    Buffer<uint32_t> times = queue.template allocate<uint32_t>(n);
    queue.zero(times.data(), n);
    uint32_t* at = times.data();
    queue.for_each(n, [=] RUSTG_HD(uint32_t i) { at[i] += i + 1; });
    std::vector<uint32_t> got = queue.download(times.data(), n);
    for (uint32_t i = 0; i < n; ++i) ASSERT_EQ(got[i], i + 1) << "of " << n;
  }
}

template <class Queue>
void chunks_cover_all_items(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    for (uint32_t lane : {16u, 64u, 1000u}) {
      Buffer<uint32_t> times = queue.template allocate<uint32_t>(n + 1);
      queue.zero(times.data(), n + 1);
      uint32_t* at = times.data();
      queue.for_each_chunk(n, lane, [=] RUSTG_HD(Chunk chunk) {
        if (chunk.begin % lane != 0 || chunk.begin >= chunk.end) at[n] = 1;
        for (uint32_t i = chunk.begin; i < chunk.end; ++i) atomic_add(&at[i], 1u);
      });
      std::vector<uint32_t> got = queue.download(times.data(), n + 1);
      for (uint32_t i = 0; i < n; ++i) ASSERT_EQ(got[i], 1u) << i << " of " << n;
      ASSERT_EQ(got[n], 0u) << "a run began amiss";
    }
  }
}

template <class Queue>
void memory_is_reused(Queue& queue) {
  size_t held;
  {
    Buffer<uint64_t> first = queue.template allocate<uint64_t>(1 << 20);
    held = queue.memory()->held();
    EXPECT_EQ(reinterpret_cast<uintptr_t>(first.data()) % 256, 0u);
    EXPECT_GE(queue.memory()->in_use(), 8u << 20);
  }
  EXPECT_EQ(queue.memory()->in_use(), 0u);
  Buffer<uint64_t> second = queue.template allocate<uint64_t>((1 << 20) - 100);
  EXPECT_EQ(queue.memory()->held(), held);
  Buffer<uint64_t> moved = std::move(second);
  EXPECT_EQ(moved.capacity(), (1u << 20) - 100);
  EXPECT_GE(queue.memory()->peak(), 8u << 20);
  EXPECT_EQ(queue.template allocate<int>(0).data(), nullptr);
#if !defined(__SANITIZE_ADDRESS__)  // which ends the program at such a request
  EXPECT_THROW(queue.template allocate<uint8_t>(size_t(1) << 50), Failure);
#endif
}

template <class Queue>
void scratch_is_divided(Queue& queue) {
  Scratch scratch;
  Layout layout(scratch);
  const Part<uint8_t> bytes = layout.take<uint8_t>(1000);
  const size_t over = layout.end();
  const Part<uint64_t> first = layout.take<uint64_t>(100), second = layout.take<uint64_t>(3);
  layout.go_back(over);
  const Part<uint32_t> again = layout.take<uint32_t>(50);
  EXPECT_EQ(layout.bytes(), 1024u + 1024 + 256);
  for (size_t least : {size_t(1), layout.bytes(), size_t(100), size_t(1) << 20}) {
    uint8_t* before = scratch.data();
    scratch.reserve(queue, std::max(least, layout.bytes()));
    EXPECT_TRUE(before == nullptr || least > layout.bytes() || scratch.data() == before);
    EXPECT_EQ(bytes.data(), scratch.data());
    EXPECT_EQ(reinterpret_cast<uint8_t*>(first.data()), scratch.data() + 1024);
    EXPECT_EQ(reinterpret_cast<uint8_t*>(second.data()), scratch.data() + 2048);
    EXPECT_EQ(reinterpret_cast<uint8_t*>(again.data()), scratch.data() + 1024);
    queue.upload(second.data(), std::vector<uint64_t>{1, 2, 3}.data(), 3);
    queue.zero(bytes.data(), 1000);
    queue.zero(again.data(), 50);
    EXPECT_EQ(queue.download(second.data(), 3), (std::vector<uint64_t>{1, 2, 3}));
  }
  EXPECT_EQ(Part<int>().data(), nullptr);
}

template <class Queue>
void copies_arrive(Queue& queue) {
  // Across the pieces in which copies travel.
  for (size_t n : {size_t(0), size_t(1), size_t(2'097'151), size_t(2'097'152), size_t(2'097'153), size_t(9'000'001)}) {
    std::vector<uint32_t> words = random_words(n, 0);
    Buffer<uint32_t> there = queue.upload(words);
    ASSERT_EQ(queue.download(there.data(), n), words);
    Buffer<uint32_t> copy = queue.template allocate<uint32_t>(n);
    queue.copy(copy.data(), there.data(), uint32_t(n));
    ASSERT_EQ(queue.download(copy.data(), n), words);
    queue.upload_by(copy.data(), n, [&](uint32_t* into, size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) into[i - begin] = uint32_t(i) * 3;
    });
    std::vector<uint32_t> got = queue.download(copy.data(), n);
    for (size_t i = 0; i < n; ++i) ASSERT_EQ(got[i], uint32_t(i) * 3);
    queue.set_bytes(copy.data(), 0xab, n);
    if (n != 0) {
      ASSERT_EQ(queue.read(copy.data() + n - 1), 0xababababu);
    }
  }
}

template <class Queue>
void counts_above_the_bound_are_clamped(Queue& queue) {
  Buffer<uint32_t> count = queue.upload(std::vector<uint32_t>{100});
  Buffer<uint32_t> hits = queue.upload(std::vector<uint32_t>(200, 0));
  uint32_t* at = hits.data();
  for (uint32_t bound : {50u, 150u}) queue.for_each(Count{count.data(), bound}, [=] RUSTG_HD(uint32_t i) { ++at[i]; });
  std::vector<uint32_t> got = queue.download(hits.data(), 200);
  for (uint32_t i = 0; i < 200; ++i) ASSERT_EQ(got[i], i < 50 ? 2u : i < 100 ? 1u : 0u);
}

// Squares of the multiples of three below *limit, and their sum.
template <class Queue>
void squares(Queue& queue, const uint32_t* limit, uint32_t bound, uint32_t* out, uint32_t* count, uint32_t* sum) {
  Buffer<uint32_t> kept = queue.template allocate<uint32_t>(bound);
  uint32_t* at = kept.data();
  queue.compact(
      Count{limit, bound}, [=] RUSTG_HD(uint32_t i) { return i % 3 == 0; },
      [=] RUSTG_HD(uint32_t i, uint32_t position) { at[position] = i; }, count);
  queue.for_each(Count{count, bound}, [=] RUSTG_HD(uint32_t i) { out[i] = at[i] * at[i]; });
  queue.reduce(
      Count{count, bound}, [=] RUSTG_HD(uint32_t i) { return out[i]; }, 0u, Sum{}, sum);
}

template <class Queue>
void a_captured_pipeline_replays(Queue& queue) {
  constexpr uint32_t kBound = 100'000;
  Buffer<uint32_t> words = queue.upload(std::vector<uint32_t>(3, 0));
  Buffer<uint32_t> out = queue.template allocate<uint32_t>(kBound);
  uint32_t* word = words.data();
  queue.fill(out.data(), kBound, 7u);
  auto graph = queue.capture([&] { squares(queue, word, kBound, out.data(), word + 1, word + 2); });
  EXPECT_EQ(queue.read(out.data()), 7u) << "capturing ran it";
  // Memory that is taken after the capture is not the graph's.
  Buffer<uint32_t> other = queue.template allocate<uint32_t>(kBound);
  queue.fill(other.data(), kBound, 5u);
  for (uint32_t limit : {10u, 99'999u, 0u, 50'000u}) {
    queue.upload(word, &limit, 1);
    queue.replay(graph);
    uint32_t count = 0, sum = 0;
    for (uint32_t i = 0; i < limit; i += 3) ++count, sum += i * i;
    EXPECT_EQ(queue.read(word + 1), count);
    EXPECT_EQ(queue.read(word + 2), sum);
    if (count != 0) {
      EXPECT_EQ(queue.read(out.data() + count - 1), (count - 1) * 3 * (count - 1) * 3);
    }
  }
  EXPECT_EQ(queue.download(other.data(), kBound), std::vector<uint32_t>(kBound, 5));
}

template <class Queue>
void a_pipeline_does_not_wait(Queue& queue) {
  Buffer<uint32_t> words = queue.upload(std::vector<uint32_t>{1000, 0, 0});
  Buffer<uint32_t> out = queue.template allocate<uint32_t>(1000);
  uint64_t launches = queue.launches(), synchronisations = queue.synchronisations();
  squares(queue, words.data(), 1000, out.data(), words.data() + 1, words.data() + 2);
  EXPECT_EQ(queue.synchronisations(), synchronisations);
  EXPECT_GE(queue.launches(), launches + 3);
  queue.synchronize();
  EXPECT_EQ(queue.synchronisations(), synchronisations + 1);
}

}  // namespace rustg::device
