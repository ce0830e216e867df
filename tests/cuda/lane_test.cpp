// The device's side of an instance, compiled for the CPU: threads play the lanes, scripts play the program, and the real service with
// the real WASI stands at the other end of the mailboxes and the ring.
#include "runtime/cuda/lane.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/cuda/service.h"
#include "runtime/wasi/bind.h"
#include "runtime/wasi/context.h"

namespace rustg::runtime::cuda {
namespace {

using ir::Trap;
using wasi::Function;
using Script = std::function<uint32_t(abi::Instance&)>;

constexpr uint64_t kPage = 65536;

wasi::Options program() {
  wasi::Options options;
  options.args = {"program"};
  return options;
}

struct Machine {
  static constexpr uint32_t kLanes = 8;
  static constexpr uint64_t kSlot = 2 * kPage, kState = 4096, kPoolUnits = 1024, kRing = 4 * kRecordBytes,
                            kPayload = 16384;

  explicit Machine(wasi::Options options) : environment_options(std::move(options)) {
    environment_options.numbered = true;
    shared = *wasi::Shared::create(environment_options);
    for (const char* name : {"fd_write", "environ_sizes_get", "environ_get", "random_get", "path_open", "fd_read",
                             "proc_exit", "clock_time_get", "fd_close", "poll_oneoff", "fd_prestat_get"}) {
      auto binding = wasi::find("wasi_snapshot_preview1", name);
      host_functions.push_back(binding->call);
      numbers.push_back(static_cast<uint8_t>(binding->function));
      params.push_back(static_cast<uint8_t>(binding->params.size()));
    }
    image.assign(kImagePage, 0);
    image[100] = 42;
    pages = std::vector<uint32_t>(kPage / kImagePage, kZeroPage);
    pages[1] = 0;
    memory = {.pages = pages.data(),
              .contents = image.data(),
              .size = kPage,
              .max = 64 * kPage,
              .slot_offset = 0,
              .slot_capacity = kSlot,
              .shared = 0,
              .unused = 0};
    launch.lanes_per_warp = 1;
    launch.entries = &entry;
    launch.entry_count = 1;
    states.resize(kLanes * kState);
    slots.resize(kLanes * kSlot, 0xee);
    pool_bytes.resize(kPoolUnits * kPoolUnit, 0xee);
    launch.states = states.data();
    launch.state_stride = kState;
    launch.slots = slots.data();
    launch.slot_stride = kSlot;
    launch.globals_offset = launch.memories_offset = launch.tables_offset = launch.data_offset =
        launch.elements_offset = 1024;
    launch.memories = &memory;
    launch.memory_count = 1;
    launch.fuel = INT64_MAX;
    launch.memory_limit = UINT64_MAX;
    launch.pool = {.base = pool_bytes.data(), .units = kPoolUnits, .bump = &bump, .lists = lists, .classes = classes};
    ring_bytes.resize(kRing);
    launch.ring = {.bytes = ring_bytes.data(), .capacity = kRing, .head = &head, .tail = &tail, .control = &control};
    boxes.resize(kLanes * (sizeof(Mailbox) + kPayload) + 128);
    uint64_t box = (reinterpret_cast<uint64_t>(boxes.data()) + 127) / 128 * 128;
    launch.mail = {.boxes = reinterpret_cast<uint8_t*>(box),
                   .stride = sizeof(Mailbox) + kPayload,
                   .payload = kPayload,
                   .doorbells = doorbells,
                   .requests = requests,
                   .replies = replies,
                   .control = &control};
    launch.control = &control;
    launch.wasi = numbers.data();
    launch.host_params = params.data();
    wasi::Context first(shared);
    launch.args = first.args();
    launch.environment = first.environment();
    launch.direct = 6;
    for (uint32_t i = 0; i < 8; i++) launch.key.word[i] = i;
  }

  // Run `count` instances of the script; what each printed and how it ended.
  void run(uint32_t count, const Script& script) {
    launch.count = count;
    auto on_record = [&](uint32_t instance, uint32_t kind, std::span<const uint8_t> bytes) {
      if (kind == kEnded) {
        std::memcpy(&ended[instance], bytes.data(), bytes.size());
      } else {
        printed[instance].append(bytes.begin(), bytes.end());
      }
    };
    Service service(
        {.control = &control,
         .tail = &tail,
         .ring = ring_bytes.data(),
         .ring_bytes = kRing,
         .mail = launch.mail,
         .lanes = kLanes},
        {.host_functions = host_functions,
         .make_context = [&](uint32_t instance) { return std::make_shared<wasi::Context>(shared, instance); },
         .on_record = on_record});
    service.start();
    std::vector<std::thread> lanes;
    for (uint32_t lane = 0; lane < kLanes; lane++) {
      lanes.emplace_back([&, lane] {
        for (uint32_t i; (i = fetch_add(&next, 1)) < count;) {
          lay_out_memories(launch, lane, 0, 1);
          begin_instance(launch, lane, i);
          run_instance(launch, instance_of(launch, lane),
                       [&](abi::Instance& instance, uint32_t, uint64_t*) { return script(instance); });
        }
      });
    }
    for (auto& t : lanes) t.join();
    service.stop();
    host_calls = service.host_calls();
    EXPECT_EQ(service.drained(), head);
  }
  uint32_t number(Function f) const {
    for (uint32_t i = 0; i < numbers.size(); i++)
      if (numbers[i] == static_cast<uint8_t>(f)) return i;
    std::abort();
  }
  // Call a WASI function; the errno, or the trap in `trap`.
  uint32_t call(abi::Instance& instance, Function f, std::vector<uint64_t> args, uint32_t* trap = nullptr) const {
    args.resize(kHostSlots);
    uint32_t t = host_call(instance, number(f), args.data());
    if (trap != nullptr) *trap = t;
    return static_cast<uint32_t>(args[0]);
  }
  static void put(abi::Instance& instance, uint32_t at, const std::string& s) {
    std::memcpy(instance.memory0.base + at, s.data(), s.size());
  }
  static void put32(abi::Instance& instance, uint32_t at, uint32_t v) {
    std::memcpy(instance.memory0.base + at, &v, 4);
  }
  static uint32_t get32(abi::Instance& instance, uint32_t at) {
    uint32_t v;
    std::memcpy(&v, instance.memory0.base + at, 4);
    return v;
  }
  uint32_t print(abi::Instance& instance, const std::string& s) const {
    put(instance, 2000, s);
    put32(instance, 1000, 2000);
    put32(instance, 1004, static_cast<uint32_t>(s.size()));
    return call(instance, Function::fd_write, {1, 1000, 1, 1008});
  }

  wasi::Options environment_options;
  std::shared_ptr<const wasi::Shared> shared;
  std::vector<HostFunctionPtr> host_functions;
  std::vector<uint8_t> numbers, params, image, states, slots, pool_bytes, ring_bytes, boxes;
  std::vector<uint32_t> pages;
  MemoryImage memory;
  Launch launch = {};
  uint32_t entry = 0, next = 0;
  uint64_t bump = 0, lists[kPoolClasses] = {}, head = 0, tail = 0;
  uint8_t classes[kPoolUnits] = {};
  Control control = {};
  uint32_t doorbells[1] = {}, requests[kWarp] = {}, replies[kWarp] = {};
  std::map<uint32_t, std::string> printed;
  std::map<uint32_t, abi::Outcome> ended;
  uint64_t host_calls = 0;
};

TEST(Lane, EveryInstancePrintsAndEndsOnce) {
  Machine m(program());
  m.run(500, [&](abi::Instance& instance) {
    for (int i = 0; i < 20; i++)
      EXPECT_EQ(m.print(instance, "line " + std::to_string(i) + " of " + std::to_string(instance.index) + "\n"), 0u);
    uint32_t trap = 0;
    m.call(instance, Function::proc_exit, {instance.index % 100}, &trap);
    return trap;
  });
  ASSERT_EQ(m.ended.size(), 500u);
  for (uint32_t i = 0; i < 500; i++) {
    std::string expected;
    for (int k = 0; k < 20; k++) expected += "line " + std::to_string(k) + " of " + std::to_string(i) + "\n";
    EXPECT_EQ(m.printed[i], expected);
    EXPECT_EQ(m.ended[i].trap, static_cast<uint32_t>(Trap::exit));
    EXPECT_EQ(m.ended[i].exit_code, i % 100);
  }
  EXPECT_EQ(m.host_calls, 0u);
}

TEST(Lane, EachFindsTheStartImageAndItsOwnNumber) {
  wasi::Options options = program();
  options.environment = {{"A", "b"}};
  Machine m(options);
  m.run(40, [&](abi::Instance& instance) {
    for (uint32_t at = 0; at < kPage; at++) EXPECT_EQ(instance.memory0.base[at], at == kImagePage + 100 ? 42 : 0);
    EXPECT_EQ(m.call(instance, Function::environ_sizes_get, {0, 4}), 0u);
    uint32_t count = m.get32(instance, 0), length = m.get32(instance, 4);
    EXPECT_EQ(m.call(instance, Function::environ_get, {16, 100}), 0u);
    std::string all(reinterpret_cast<char*>(instance.memory0.base + 100), length);
    std::string expected = std::string("A=b") + '\0' + "RUSTG_INSTANCE=" + std::to_string(instance.index) + '\0';
    EXPECT_EQ(count, 2u);
    EXPECT_EQ(all, expected);
    EXPECT_EQ(m.get32(instance, 20), 104u);
    EXPECT_EQ(m.call(instance, Function::environ_get, {static_cast<uint32_t>(kPage) - 4, 100}), 21u);  // fault
    std::memset(instance.memory0.base, 7, kPage);  // the next instance on this lane must not see it
    return 0u;
  });
  EXPECT_EQ(m.ended.size(), 40u);
}

TEST(Lane, ReadsAFileThroughTheMailbox) {
  auto folder = std::filesystem::temp_directory_path() / "rustg-lane-test";
  std::filesystem::create_directories(folder);
  std::string content;
  for (int i = 0; i < 5000; i++) content += std::to_string(i) + " ";
  std::ofstream(folder / "file.txt") << content;
  wasi::Options options = program();
  options.preopens = {{folder.string(), "/data"}};
  Machine m(options);
  m.run(64, [&](abi::Instance& instance) {
    m.put(instance, 3000, "file.txt");
    EXPECT_EQ(m.call(instance, Function::path_open, {3, 0, 3000, 8, 0, 2, 0, 0, 500}), 0u);
    uint32_t fd = m.get32(instance, 500);
    std::string seen;
    for (;;) {
      m.put32(instance, 1000, 10000);
      m.put32(instance, 1004, 30000);
      EXPECT_EQ(m.call(instance, Function::fd_read, {fd, 1000, 1, 1008}), 0u);
      uint32_t n = m.get32(instance, 1008);
      if (n == 0) break;
      seen.append(reinterpret_cast<char*>(instance.memory0.base + 10000), n);
    }
    EXPECT_EQ(seen, content);
    EXPECT_EQ(m.call(instance, Function::path_open, {3, 0, 3000, 7, 0, 2, 0, 0, 500}), 44u);  // noent
    EXPECT_EQ(m.call(instance, Function::fd_prestat_get, {4, 0}), 8u);                        // badf
    return 0u;
  });
  EXPECT_EQ(m.ended.size(), 64u);
  EXPECT_GT(m.host_calls, 64u * 3);
  std::filesystem::remove_all(folder);
}

TEST(Lane, RandomBytesDifferBetweenInstancesAndCalls) {
  Machine m(program());
  std::map<std::string, uint32_t> seen;
  std::mutex mutex;
  m.run(50, [&](abi::Instance& instance) {
    for (int i = 0; i < 2; i++) {
      EXPECT_EQ(m.call(instance, Function::random_get, {100, 80}), 0u);
      std::lock_guard lock(mutex);
      seen[std::string(reinterpret_cast<char*>(instance.memory0.base + 100), 80)]++;
    }
    return 0u;
  });
  EXPECT_EQ(seen.size(), 100u);
}

TEST(Lane, MemoryGrowsOutOfItsSlotAndBlocksComeBack) {
  Machine m(program());
  m.run(200, [&](abi::Instance& instance) {
    instance.memory0.base[77] = 5;
    for (uint64_t pages : {1u, 2u, 5u, 12u}) {
      uint64_t old = instance.memory0.size, bytes = old + pages * kPage;
      EXPECT_TRUE(reserve_memory(instance, 0, bytes));
      EXPECT_GE(instance.memory0.capacity, bytes);
      instance.memory0.size = bytes;
      EXPECT_EQ(instance.memory0.base[77], 5);
      EXPECT_EQ(instance.memory0.base[kImagePage + 100], 42);
      uint32_t wrong = 0;
      for (uint64_t at = old; at < bytes; at++) wrong += instance.memory0.base[at] != 0;
      EXPECT_EQ(wrong, 0u);
      std::memset(instance.memory0.base + old, 9, bytes - old);
    }
    return 0u;
  });
  EXPECT_EQ(m.ended.size(), 200u);
  // Far less was ever taken than 200 instances need: blocks are used again.
  EXPECT_LE(m.bump, Machine::kPoolUnits);
}

TEST(Lane, ATrapIsReportedWithItsFrames) {
  Machine m(program());
  m.run(3, [&](abi::Instance& instance) {
    if (instance.index != 1) return 0u;
    instance.outcome.frame_count = instance.outcome.depth = 2;
    instance.outcome.functions[0] = 11;
    instance.outcome.functions[1] = 12;
    return static_cast<uint32_t>(Trap::unreachable);
  });
  EXPECT_EQ(m.ended[0].trap, 0u);
  EXPECT_EQ(m.ended[1].trap, static_cast<uint32_t>(Trap::unreachable));
  EXPECT_EQ(m.ended[1].frame_count, 2u);
  EXPECT_EQ(m.ended[1].functions[1], 12u);
  EXPECT_EQ(m.ended[2].trap, 0u);
}

TEST(Lane, FuelRunsOutAfterAllOfItWasGiven) {
  Machine m(program());
  m.launch.fuel = 3 * kFuelSlice + 5;
  int64_t taken = 0;
  m.run(1, [&](abi::Instance& instance) {
    for (;;) {
      instance.fuel -= 100;
      if (instance.fuel < 0)
        if (uint32_t trap = refuel(instance); trap != 0) return trap;
      taken += 100;
    }
  });
  EXPECT_EQ(m.ended[0].trap, static_cast<uint32_t>(Trap::out_of_fuel));
  EXPECT_LE(taken, 3 * kFuelSlice + 5);
  EXPECT_GT(taken, 3 * kFuelSlice + 5 - 200);
}

TEST(Lane, ALateInstanceIsStoppedByItsTimeout) {
  Machine m(program());
  m.launch.timeout_ns = 20'000'000;
  m.run(1, [&](abi::Instance& instance) {
    for (;;) {
      instance.fuel -= kFuelSlice / 2;
      if (instance.fuel < 0)
        if (uint32_t trap = refuel(instance); trap != 0) return trap;
    }
  });
  EXPECT_EQ(m.ended[0].trap, static_cast<uint32_t>(Trap::timeout));
}

TEST(Lane, AClosedStdoutIsTheHostsBusiness) {
  Machine m(program());
  m.run(1, [&](abi::Instance& instance) {
    EXPECT_EQ(m.print(instance, "before\n"), 0u);
    EXPECT_EQ(m.call(instance, Function::fd_close, {1}), 0u);
    EXPECT_EQ(m.print(instance, "after\n"), 8u);  // badf
    return 0u;
  });
  EXPECT_EQ(m.printed[0], "before\n");
}

}  // namespace
}  // namespace rustg::runtime::cuda
