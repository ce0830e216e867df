#include "runtime/cuda/ring.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>

namespace rustg::runtime::cuda {
namespace {

struct RingMemory {
  explicit RingMemory(uint64_t capacity) : bytes(capacity + 16) {
    uint64_t base = (reinterpret_cast<uint64_t>(bytes.data()) + 15) / 16 * 16;
    ring = {.bytes = reinterpret_cast<uint8_t*>(base),
            .capacity = capacity,
            .head = &head,
            .tail = &tail,
            .control = &control};
  }
  RingReader reader() { return RingReader(ring.bytes, ring.capacity, &tail); }
  std::vector<uint8_t> bytes;
  uint64_t head = 0, tail = 0;
  Control control = {};
  Ring ring;
};

const uint8_t* text(const std::string& s) { return reinterpret_cast<const uint8_t*>(s.data()); }

TEST(Ring, KeepsWhatIsWrittenAndItsOrder) {
  RingMemory m(4 * kRecordBytes);
  RingReader reader = m.reader();
  EXPECT_NE(ring_put(m.ring, 7, 1, text("hello "), 6), 0u);
  EXPECT_NE(ring_put(m.ring, 7, 2, nullptr, 0), 0u);
  EXPECT_NE(ring_put(m.ring, 7, 1, text("world"), 5), 0u);
  std::string seen;
  size_t n = reader.drain([&](uint32_t instance, uint32_t kind, std::span<const uint8_t> bytes) {
    seen += std::to_string(instance) + ":" + std::to_string(kind) + ":" + std::string(bytes.begin(), bytes.end()) + "|";
  });
  EXPECT_EQ(n, 3u);
  EXPECT_EQ(seen, "7:1:hello |7:2:|7:1:world|");
  EXPECT_EQ(reader.position(), m.head);
}

TEST(Ring, AWriterEndsItsWaitWhenTheHostSaysSo) {
  RingMemory m(4 * kRecordBytes);
  std::string big(kRecordBytes, 'x');
  for (int i = 0; i < 3; i++) ASSERT_NE(ring_put(m.ring, 0, 1, text(big), kRecordBytes), 0u);
  m.control.abort = 1;
  EXPECT_EQ(ring_put(m.ring, 0, 1, text(big), kRecordBytes), 0u);
}

// Lanes print far more than the ring holds, in pieces of every length; the host drains meanwhile. Each lane's text must arrive whole.
TEST(Ring, LosesNoByteUnderPressure) {
  constexpr uint32_t kLanes = 8, kRecords = 4000;
  RingMemory m(4 * kRecordBytes);
  std::map<uint32_t, std::string> written, seen;
  auto piece = [](uint32_t lane, uint32_t i) {
    std::string s;
    for (uint32_t k = 0; k < (i * 37 + lane * 11) % 300; k++) s += static_cast<char>((i + k * lane) % 256);
    return s;
  };
  for (uint32_t lane = 0; lane < kLanes; lane++)
    for (uint32_t i = 0; i < kRecords; i++) written[lane] += piece(lane, i);
  std::atomic<uint32_t> running = kLanes;
  std::vector<std::thread> lanes;
  for (uint32_t lane = 0; lane < kLanes; lane++) {
    lanes.emplace_back([&, lane] {
      for (uint32_t i = 0; i < kRecords; i++) {
        std::string s = piece(lane, i);
        ring_put(m.ring, lane, 1, text(s), static_cast<uint32_t>(s.size()));
      }
      running--;
    });
  }
  RingReader reader = m.reader();
  auto take = [&](uint32_t lane, uint32_t, std::span<const uint8_t> bytes) {
    seen[lane].append(bytes.begin(), bytes.end());
  };
  while (running != 0) {
    reader.drain(take);
    m.control.heartbeat++;
  }
  reader.drain(take);
  for (auto& t : lanes) t.join();
  EXPECT_EQ(seen, written);
  EXPECT_EQ(reader.position(), m.head);
}

}  // namespace
}  // namespace rustg::runtime::cuda
