// Calls through a payload against direct calls: the same answers and the same memory afterwards, whatever the arguments; and the cases in
// which a payload is smaller than what the guest asked for.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <set>

#include "wasi/guest.h"

namespace rustg::tests {
namespace {

namespace fs = std::filesystem;
using runtime::wasi::Errno;
using runtime::wasi::Function;

// One of two equal worlds.
struct Side {
  TemporaryDirectory directory;
  runtime::wasi::UniqueFd stdio[3];
  std::unique_ptr<runtime::wasi::Context> context;
  std::vector<uint8_t> memory;

  Side() {
    fs::create_directory(directory.path / "s");
    fs::path root = directory.path / "s";
    fs::create_directory(root / "d");
    fs::create_directory(root / "empty");
    for (const char* name : {"a", "b", "d/x", "d/y"}) std::ofstream(root / name) << "contents of a file, " << name;
    fs::create_symlink("a", root / "link");
    fs::create_symlink("../..", root / "d/out");
    runtime::wasi::Options options;
    for (int i = 0; i < 3; ++i) {
      std::ofstream(directory.path / std::to_string(i)) << std::string(5000, 'i');
      stdio[i] =
          runtime::wasi::UniqueFd(::open((directory.path / std::to_string(i)).c_str(), i == 0 ? O_RDONLY : O_WRONLY));
      options.stdio[size_t(i)] = stdio[i].get();
    }
    options.args = {"program", "--flag", "an argument"};
    options.environment = {{"HOME", "/"}};
    options.numbered = true;
    options.preopens = {{root.string(), "/s"}};
    context = std::make_unique<runtime::wasi::Context>(share(options), 12345);
  }
};

constexpr uint32_t kMemory = 1 << 16;

class RandomCalls {
 public:
  explicit RandomCalls(uint32_t seed) : random_(seed) {}

  uint32_t below(uint32_t n) { return uint32_t(random_() % n); }
  bool one_in(uint32_t n) { return below(n) == 0; }

  void fill(std::vector<uint8_t>& memory) {
    memory.resize(kMemory);
    for (uint32_t at = 0; at < kMemory; at += 8) {
      uint64_t word = random_();
      std::memcpy(memory.data() + at, &word, 8);
    }
    static const char* const kNames[] = {"a", "b",     "c",  "d", "d/x",    "d/y",       "d/z", "link", "d/out",
                                         "e", "empty", "..", ".", "d/../a", "missing/x", "a/",  "d/",   ""};
    strings_.clear();
    uint32_t at = 100;
    for (const char* name : kNames) {
      std::memcpy(memory.data() + at, name, std::strlen(name));
      strings_.push_back({at, uint32_t(std::strlen(name))});
      at += 13;
    }
    lists_.clear();
    for (at = 1001; at < 3000; at += 101) {
      uint32_t count = below(5);
      for (uint32_t i = 0; i < count; ++i) {
        runtime::wasi::Iovec iovec{one_in(8) ? below(3000) : below(kMemory - 5000),
                                   one_in(20) ? below(1 << 20) : below(one_in(3) ? 4000 : 20)};
        std::memcpy(memory.data() + at + 8 * i, &iovec, 8);
      }
      lists_.push_back({at, count});
    }
    for (at = 3001, subscriptions_ = at; at < 3001 + 48 * 8; at += 48) {
      runtime::wasi::Subscription subscription{};
      subscription.userdata = random_();
      subscription.type = runtime::wasi::EventType(one_in(30) ? 3 : below(3));
      subscription.id = below(7);
      subscription.timeout = subscription.type == runtime::wasi::EventType::clock ? 0 : random_();
      std::memcpy(memory.data() + at, &subscription, 48);
    }
  }

  uint32_t pointer() {
    if (one_in(40)) return kMemory - below(100);
    if (one_in(40)) return uint32_t(random_());
    return one_in(6) ? below(4000) : below(kMemory);
  }

  void arguments(Function function, uint64_t* args) {
    const uint64_t roles = runtime::wasi::roles_of(function);
    for (uint32_t i = 0; char role = runtime::wasi::role_at(roles, i); ++i) {
      const bool has_length = runtime::wasi::role_at(roles, i + 1) == 'n';
      switch (role) {
        case 'w': args[i] = one_in(10) ? random_() : one_in(2) ? 3 : below(8); break;
        case 'd':
          args[i] = one_in(10) ? random_() : one_in(3) ? ~uint64_t(0) >> below(64) : one_in(3) ? 0 : below(5000);
          break;
        case 's': std::tie(args[i], args[i + 1]) = strings_[below(uint32_t(strings_.size()))]; break;
        case 'i':
        case 'I': std::tie(args[i], args[i + 1]) = lists_[below(uint32_t(lists_.size()))]; break;
        case 'e':
          args[0] = subscriptions_;
          args[1] = one_in(4) ? subscriptions_ + below(100) : pointer();
          args[2] = below(8);
          i = 2;
          continue;
        default:
          args[i] = pointer();
          if (has_length) args[i + 1] = one_in(5) ? below(1 << 17) : below(500);
      }
      if (has_length) {
        if (one_in(50)) args[i] = pointer();
        ++i;
      }
    }
    // The directory is to last a while.
    if (function == Function::fd_close || function == Function::fd_renumber ||
        function == Function::fd_fdstat_set_rights) {
      args[0] = 4 + below(6);
      if (function == Function::fd_renumber) args[1] = 4 + below(6);
      if (function == Function::fd_fdstat_set_rights && one_in(2)) args[0] = 2, args[1] &= 64, args[2] = 0;
    }
    // Do not fill the disk.
    if (function == Function::fd_allocate) args[1] %= 100000, args[2] %= 100000;
    // Long enough to be worth reading: rights that open things.
    if (function == Function::path_open && !one_in(4)) args[5] &= 0x8e0027e, args[6] = 0, args[4] &= 15, args[7] &= 1;
  }

 private:
  std::mt19937_64 random_;
  std::vector<std::pair<uint32_t, uint32_t>> strings_, lists_;
  uint32_t subscriptions_ = 0;
};

// Take out of a memory what differs between two equal directories: inodes, devices, times, cookies; and what is random.
void mask(Function function, const uint64_t* args, std::vector<uint8_t>& memory) {
  auto clear = [&](uint64_t at, uint64_t length) { std::memset(memory.data() + uint32_t(at), 0, length); };
  const uint64_t roles = runtime::wasi::roles_of(function);
  for (uint32_t i = 0; char role = runtime::wasi::role_at(roles, i); ++i) {
    if (role == 'S') clear(args[i], 16), clear(args[i] + 40, 24);
    if (role == 'g') clear(args[i], uint32_t(args[i + 1]));
    if (role == '8' && function == Function::clock_time_get) clear(args[i], 8);
  }
  if (function == Function::fd_readdir) {
    uint32_t used;
    std::memcpy(&used, memory.data() + uint32_t(args[4]), 4);
    for (uint32_t at = 0; at < used;) {
      uint32_t left = used - at, length = 0;
      if (left >= 20) std::memcpy(&length, memory.data() + uint32_t(args[1]) + at + 16, 4);
      clear(args[1] + at, std::min(left, 16u));
      if (left < 24 || left - 24 < length) break;
      at += 24 + length;
    }
  }
}

TEST(Marshal, RandomCallsLeaveTheSameBehind) {
  uint32_t successes[runtime::wasi::kFunctionCount] = {};
  for (uint32_t round = 0; round < 60; ++round) {
    Side direct, packed;
    RandomCalls random(round);
    for (int step = 0; step < 300; ++step) {
      auto function = Function(random.below(runtime::wasi::kFunctionCount));
      if (function == Function::proc_exit || function == Function::proc_raise) continue;
      random.fill(direct.memory);
      packed.memory = direct.memory;
      uint64_t args[runtime::wasi::kMaxParams] = {}, direct_args[runtime::wasi::kMaxParams],
               packed_args[runtime::wasi::kMaxParams];
      random.arguments(function, args);
      std::copy(args, args + runtime::wasi::kMaxParams, direct_args);
      std::copy(args, args + runtime::wasi::kMaxParams, packed_args);
      call_wasi(*direct.context, function, {direct.memory.data(), kMemory}, direct_args, 0);
      call_wasi(*packed.context, function, {packed.memory.data(), kMemory}, packed_args, 1 << 19);
      std::string what = std::string("round ") + std::to_string(round) + " step " + std::to_string(step) +
                         " function " + std::to_string(uint32_t(function)) + " " + errno_name(uint32_t(direct_args[0]));
      ASSERT_EQ(errno_name(uint32_t(direct_args[0])), errno_name(uint32_t(packed_args[0]))) << what;
      if (direct_args[0] == 0) {
        ++successes[uint32_t(function)];
        mask(function, args, direct.memory);
        mask(function, args, packed.memory);
      }
      ASSERT_TRUE(direct.memory == packed.memory)
          << what << " at "
          << std::mismatch(direct.memory.begin(), direct.memory.end(), packed.memory.begin()).first -
                 direct.memory.begin();
    }
  }
  // The arguments were not so random that nothing ever worked. There are no sockets here.
  for (uint32_t i = 0; i < runtime::wasi::kFunctionCount; ++i) {
    auto function = Function(i);
    if (function >= Function::sock_accept || function == Function::proc_exit || function == Function::proc_raise)
      continue;
    EXPECT_GT(successes[i], 0u) << "function " << i;
  }
}

// Whatever the size of the payload, only what the guest named is written, and no stale byte of the payload gets there.
TEST(Marshal, RandomCallsWithSmallPayloads) {
  for (uint32_t round = 0; round < 30; ++round) {
    Side side;
    RandomCalls random(1000 + round);
    for (int step = 0; step < 300; ++step) {
      auto function = Function(random.below(runtime::wasi::kFunctionCount));
      if (function == Function::proc_exit || function == Function::proc_raise) continue;
      random.fill(side.memory);
      std::vector<uint8_t> before = side.memory;
      uint64_t args[runtime::wasi::kMaxParams] = {}, given[runtime::wasi::kMaxParams];
      random.arguments(function, args);
      std::copy(args, args + runtime::wasi::kMaxParams, given);
      uint32_t payload = random.below(100) * 8;
      call_wasi(*side.context, function, {side.memory.data(), kMemory}, args, payload == 0 ? 8 : payload);
      if (args[0] != 0) {
        ASSERT_TRUE(side.memory == before) << "function " << uint32_t(function) << " failed and wrote";
      }
      const uint64_t roles = runtime::wasi::roles_of(function);
      std::vector<bool> may(kMemory);
      auto allow = [&](uint64_t at, uint64_t length) {
        for (uint64_t k = uint32_t(at); k < std::min<uint64_t>(uint32_t(at) + length, kMemory); ++k) may[k] = true;
      };
      for (uint32_t i = 0; char role = runtime::wasi::role_at(roles, i); ++i) {
        allow(given[i], runtime::wasi::fixed_size(role));
        if (role == 'o' || role == 'r' || role == 'g' || role == 'u') allow(given[i], uint32_t(given[i + 1]));
        if (role == 'E') allow(given[i], 32 * given[2]);
        if (role == 'a' || role == 'b') allow(given[i], 100);
        if (role == 'I') {
          for (uint32_t k = 0; k < uint32_t(given[i + 1]) && uint32_t(given[i]) + 8 * k + 8 <= kMemory; ++k) {
            runtime::wasi::Iovec iovec = runtime::wasi::marshal::load_iovec(before.data() + uint32_t(given[i]), k);
            allow(iovec.address, iovec.length);
          }
        }
      }
      if (side.memory == before) continue;
      for (uint32_t k = 0; k < kMemory; ++k) {
        if (side.memory[k] == before[k]) continue;
        ASSERT_TRUE(may[k]) << "function " << uint32_t(function) << " wrote to " << k;
      }
    }
  }
}

// Lists a directory as libc does: from the cookie of the last whole entry, until a buffer is not full.
std::multiset<std::string> list(
    Guest& guest, uint32_t fd, uint32_t buffer, const std::function<void()>& between = [] {}) {
  std::multiset<std::string> names;
  uint64_t cookie = 0;
  for (int calls = 0; calls < 100000; ++calls) {
    if (guest.call("fd_readdir", {fd, Guest::kBuffer, buffer, cookie, Guest::kOut}) != Errno::success) return {"!"};
    uint32_t used = guest.u32(Guest::kOut);
    for (uint32_t at = 0; at + 24 <= used;) {
      runtime::wasi::Dirent entry;
      std::memcpy(&entry, guest.memory.data() + Guest::kBuffer + at, 24);
      if (entry.name_length > used - at - 24) break;
      names.insert(guest.text(Guest::kBuffer + at + 24, entry.name_length));
      cookie = entry.next;
      at += 24 + entry.name_length;
    }
    if (used < buffer) return names;
    between();
  }
  return {"endless"};
}

TEST(Marshal, LongDirectoriesAreListedWholeByEveryBufferAndPayload) {
  TemporaryDirectory directory;
  std::multiset<std::string> all = {".", ".."};
  for (int i = 0; i < 1000; ++i) {
    std::string name = std::string(size_t(i % 200), 'n') + std::to_string(i);
    std::ofstream(directory.path / name);
    all.insert(name);
  }
  runtime::wasi::Options options;
  options.preopens = {{directory.path.string(), "/"}};
  auto shared = share(options);
  for (uint32_t payload : {0u, 512u, 1000u, 8192u, 65536u}) {
    Guest guest(shared, 0, payload);
    for (uint32_t buffer : {300u, 4096u, 40000u, 1u << 20})
      EXPECT_EQ(list(guest, 3, buffer), all) << payload << " " << buffer;
  }
  // A buffer or payload without room for one entry: an error or a full buffer, never an end.
  Guest guest(shared);
  EXPECT_EQ(guest.call("fd_readdir", {3, Guest::kBuffer, 20, 0, Guest::kOut}), Errno::success);
  EXPECT_EQ(guest.u32(Guest::kOut), 20u);
  Guest tight(shared, 0, 24);
  EXPECT_EQ(tight.call("fd_readdir", {3, Guest::kBuffer, 4096, 0, Guest::kOut}), Errno::nomem);
}

TEST(Marshal, CookiesStayGoodWhileTheDirectoryChanges) {
  TemporaryDirectory directory;
  std::multiset<std::string> all = {".", ".."};
  for (int i = 0; i < 400; ++i) {
    std::string name = "stays" + std::to_string(i);
    std::ofstream(directory.path / name);
    all.insert(name);
  }
  runtime::wasi::Options options;
  options.preopens = {{directory.path.string(), "/"}};
  Guest guest(share(options));
  int n = 0;
  auto names = list(guest, 3, 600, [&] {
    std::ofstream(directory.path / ("comes" + std::to_string(n++)));
    if (n > 2) fs::remove(directory.path / ("comes" + std::to_string(n - 3)));
  });
  std::erase_if(names, [](const std::string& name) { return name.starts_with("comes"); });
  EXPECT_EQ(names, all);
}

TEST(Marshal, LargeBuffersGoThroughSmallPayloads) {
  TemporaryDirectory directory;
  runtime::wasi::Options options;
  options.preopens = {{directory.path.string(), "/"}};
  Guest guest(share(options), 0, runtime::wasi::kMinPayload);
  std::string contents;
  std::mt19937 random(1);
  while (contents.size() < 500000) contents += char(random());
  int fd = guest.open(3, "file", 1, 0x66);
  ASSERT_GE(fd, 0);
  for (size_t at = 0; at < contents.size(); at += guest.u32(Guest::kOut)) {
    ASSERT_EQ(guest.write(uint32_t(fd), std::string_view(contents).substr(at)), Errno::success);
    ASSERT_GT(guest.u32(Guest::kOut), 0u);
  }
  std::ifstream file(directory.path / "file", std::ios::binary);
  EXPECT_TRUE(std::string(std::istreambuf_iterator<char>(file), {}) == contents);
  ASSERT_EQ(guest.call("fd_seek", {uint64_t(fd), 0, 0, Guest::kOut}), Errno::success);
  std::string back;
  for (std::string part; !(part = guest.read(uint32_t(fd), 100000)).empty();) back += part;
  EXPECT_TRUE(back == contents);

  // Randomness must come whole: in several rounds.
  std::fill(guest.memory.begin(), guest.memory.end(), uint8_t(0));
  ASSERT_EQ(guest.call("random_get", {Guest::kBuffer, 100001}), Errno::success);
  for (uint32_t at = 0; at < 100000; at += 100) {
    EXPECT_NE(guest.text(Guest::kBuffer + at, 100), std::string(100, '\0')) << at;
  }
  EXPECT_EQ(guest.text(Guest::kBuffer + 100001, 100), std::string(100, '\0'));
}

// What a read delivers may cover the list that says where it goes.
TEST(Marshal, IovecsThatOverlapTheirOwnList) {
  TemporaryDirectory directory;
  std::ofstream(directory.path / "file") << std::string(1000, 'x');
  runtime::wasi::Options options;
  options.preopens = {{directory.path.string(), "/"}};
  auto shared = share(options);
  std::vector<uint8_t> memories[2];
  for (int i = 0; i < 2; ++i) {
    Guest guest(shared, 0, i == 0 ? 0 : 65536);
    int fd = guest.open(3, "file", 0, 2);
    guest.forget();
    uint32_t list = guest.iovec(1, 24);
    guest.iovec(100, 24);
    guest.iovec(200, 24);
    ASSERT_EQ(guest.call("fd_read", {uint64_t(fd), list, 3, Guest::kOut}), Errno::success);
    EXPECT_EQ(guest.u32(Guest::kOut), 72u);
    memories[i] = guest.memory;
  }
  EXPECT_TRUE(memories[0] == memories[1]);
}

}  // namespace
}  // namespace rustg::tests
