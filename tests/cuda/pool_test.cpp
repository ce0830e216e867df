#include "runtime/cuda/pool.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace rustg::runtime::cuda {
namespace {

struct PoolMemory {
  explicit PoolMemory(uint64_t units) : bytes(units * kPoolUnit + 16), classes(units), lists(kPoolClasses) {
    uint64_t base = (reinterpret_cast<uint64_t>(bytes.data()) + 15) / 16 * 16;
    pool = {.base = reinterpret_cast<uint8_t*>(base),
            .units = units,
            .bump = &bump,
            .lists = lists.data(),
            .classes = classes.data()};
  }
  std::vector<uint8_t> bytes, classes;
  std::vector<uint64_t> lists;
  uint64_t bump = 0;
  Pool pool;
};

TEST(Pool, GivesBlocksOfTheSizeAskedForAndReusesThem) {
  PoolMemory m(16);
  uint8_t* a = m.pool.take(100);
  uint8_t* b = m.pool.take(kPoolUnit + 1);
  ASSERT_NE(a, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(m.pool.size_of(a), kPoolUnit);
  EXPECT_EQ(m.pool.size_of(b), 2 * kPoolUnit);
  EXPECT_TRUE(m.pool.owns(a));
  EXPECT_FALSE(m.pool.owns(m.pool.base + 16 * kPoolUnit));
  m.pool.give(b);
  EXPECT_EQ(m.pool.take(kPoolUnit * 2), b);
}

TEST(Pool, SaysWhenNothingIsLeftAndGoesOnWhenABlockComesBack) {
  PoolMemory m(4);
  uint8_t* all = m.pool.take(4 * kPoolUnit);
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(m.pool.take(1), nullptr);
  EXPECT_EQ(m.pool.take(uint64_t{5} << 32), nullptr);
  m.pool.give(all);
  uint8_t* small = m.pool.take(1);  // a larger block serves
  EXPECT_EQ(small, all);
  EXPECT_EQ(m.pool.size_of(small), 4 * kPoolUnit);
}

TEST(Pool, LanesNeverShareABlock) {
  PoolMemory m(64);
  std::atomic<bool> shared = false;
  auto lane = [&](uint8_t mark) {
    for (int round = 0; round < 3000; round++) {
      uint8_t* block = m.pool.take((1 + (round + mark) % 3) * kPoolUnit);
      if (block == nullptr) continue;
      uint64_t size = m.pool.size_of(block);
      for (uint64_t at = 8; at < size; at += 8192) block[at] = mark;
      std::this_thread::yield();
      for (uint64_t at = 8; at < size; at += 8192)
        if (block[at] != mark) shared = true;
      m.pool.give(block);
    }
  };
  std::vector<std::thread> lanes;
  for (uint8_t i = 1; i <= 8; i++) lanes.emplace_back(lane, i);
  for (auto& t : lanes) t.join();
  EXPECT_FALSE(shared);
}

}  // namespace
}  // namespace rustg::runtime::cuda
