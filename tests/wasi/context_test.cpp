// What contexts share and what they have for themselves; streams, pipes and sockets; and races for a way out.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "wasi/guest.h"

namespace rustg::tests {
namespace {

namespace fs = std::filesystem;
using runtime::wasi::Errno;

TEST(Bind, FindsEveryFunctionWithItsSignature) {
  auto binding = runtime::wasi::find("wasi_snapshot_preview1", "path_open");
  ASSERT_TRUE(binding);
  EXPECT_EQ(binding->params, "iiiiillii");
  EXPECT_EQ(binding->result, "i");
  binding = runtime::wasi::find("wasi_snapshot_preview1", "proc_exit");
  ASSERT_TRUE(binding);
  EXPECT_EQ(binding->params, "i");
  EXPECT_EQ(binding->result, "");
  EXPECT_EQ(runtime::wasi::find("wasi_snapshot_preview1", "sched_yield")->params, "");
  EXPECT_FALSE(runtime::wasi::find("wasi_snapshot_preview1", "thread_spawn"));
  EXPECT_FALSE(runtime::wasi::find("wasi_snapshot_preview2", "fd_write"));
  EXPECT_TRUE(runtime::wasi::find("wasi_unstable", "fd_write"));
  EXPECT_FALSE(runtime::wasi::find("wasi_unstable", "fd_filestat_get"));
  EXPECT_EQ(runtime::wasi::kFunctionCount, 46u);
}

// Keeps what instances write, each on its own; reading gives an instance its number once.
struct Recorder : runtime::wasi::Output, runtime::wasi::Input {
  std::map<uint32_t, std::string> written;
  std::map<uint32_t, bool> has_read;
  Errno write(uint32_t instance, std::span<const iovec> buffers, uint32_t& count) override {
    count = 0;
    for (const iovec& buffer : buffers) {
      written[instance].append(static_cast<const char*>(buffer.iov_base), buffer.iov_len);
      count += uint32_t(buffer.iov_len);
    }
    return Errno::success;
  }
  Errno read(uint32_t instance, std::span<const iovec> buffers, uint32_t& count) override {
    std::string text = std::to_string(instance);
    count = has_read[instance] ? 0 : uint32_t(text.size());
    has_read[instance] = true;
    std::memcpy(buffers[0].iov_base, text.data(), count);
    return Errno::success;
  }
};

TEST(Context, VirtualStreamsKnowTheInstance) {
  Recorder out, err;
  runtime::wasi::Options options;
  options.input = &out;
  options.output = &out;
  options.error = &err;
  auto shared = share(options);
  Guest one(shared, 1), many(shared, 65535);
  EXPECT_EQ(one.write(1, "from one"), Errno::success);
  EXPECT_EQ(one.u32(Guest::kOut), 8u);
  EXPECT_EQ(many.write(1, "from many"), Errno::success);
  EXPECT_EQ(many.write(2, "error"), Errno::success);
  EXPECT_EQ(out.written[1], "from one");
  EXPECT_EQ(out.written[65535], "from many");
  EXPECT_EQ(err.written[65535], "error");
  EXPECT_EQ(many.read(0, 100), "65535");
  EXPECT_EQ(many.read(0, 100), "");
  EXPECT_EQ(many.read(1, 100), "!badf");
  EXPECT_EQ(many.write(0, "x"), Errno::badf);
  EXPECT_EQ(one.call("fd_filestat_get", {1, Guest::kOut}), Errno::success);
  EXPECT_EQ(one.call("fd_seek", {1, 0, 0, Guest::kOut}), Errno::spipe);
  EXPECT_EQ(one.call("sock_recv", {1, 0, 0, 0, Guest::kOut, Guest::kOut}), Errno::notsock);
}

TEST(Context, InstanceNumbersAndLazyTables) {
  TemporaryDirectory directory;
  std::ofstream(directory.path / "file") << "text";
  runtime::wasi::Options options;
  options.environment = {{"A", "1"}};
  options.numbered = true;
  options.preopens = {{directory.path.string(), "/"}};
  auto shared = share(options);
  for (uint32_t instance : {0u, 9u, 10u, 65535u, 4294967295u}) {
    Guest guest(shared, instance);
    ASSERT_EQ(guest.call("environ_sizes_get", {Guest::kOut, Guest::kOut + 4}), Errno::success);
    std::string expected = "RUSTG_INSTANCE=" + std::to_string(instance);
    EXPECT_EQ(guest.u32(Guest::kOut), 2u);
    EXPECT_EQ(guest.u32(Guest::kOut + 4), 4 + expected.size() + 1);
    ASSERT_EQ(guest.call("environ_get", {Guest::kOut, Guest::kBuffer}), Errno::success);
    EXPECT_STREQ(reinterpret_cast<char*>(guest.memory.data() + guest.u32(Guest::kOut)), "A=1");
    EXPECT_EQ(guest.text(guest.u32(Guest::kOut + 4), uint32_t(expected.size() + 1)), expected + '\0');
  }
  Guest one(shared, 1), two(shared, 2);
  int fd = one.open(3, "file", 0, 2);
  EXPECT_EQ(fd, 4);
  EXPECT_EQ(one.call("fd_close", {3}), Errno::success);
  EXPECT_EQ(one.open(3, "file", 0, 2), -int(Errno::badf));
  EXPECT_EQ(two.open(3, "file", 0, 2), 4) << "what one closes is two's still";
  EXPECT_EQ(one.read(4, 2), "te");
  EXPECT_EQ(two.read(4, 4), "text");
  EXPECT_EQ(one.read(4, 4), "xt");
}

TEST(Context, TellsWhatIsWrongWithItsOptions) {
  runtime::wasi::Options options;
  options.preopens = {{"/nonexistent/directory", "/"}};
  auto shared = runtime::wasi::Shared::create(options);
  ASSERT_FALSE(shared);
  EXPECT_EQ(shared.error().message, "cannot open the directory /nonexistent/directory: No such file or directory");
  options.preopens.clear();
  options.args = {std::string("a\0b", 3)};
  EXPECT_FALSE(runtime::wasi::Shared::create(options));
  options.args.clear();
  options.sockets = {1000};
  EXPECT_FALSE(runtime::wasi::Shared::create(options));
}

struct Pipe {
  runtime::wasi::UniqueFd ends[2];
  Pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) std::abort();
    for (int i = 0; i < 2; ++i) ends[i] = runtime::wasi::UniqueFd(fds[i]);
  }
};

runtime::wasi::Event poll_one(Guest& guest, runtime::wasi::EventType type, uint32_t fd, uint64_t timeout,
                              uint32_t& events) {
  runtime::wasi::Subscription subscriptions[2] = {};
  subscriptions[0].type = type;
  subscriptions[0].id = fd;
  subscriptions[1].type = runtime::wasi::EventType::clock;
  subscriptions[1].id = 1;
  subscriptions[1].timeout = timeout;
  guest.forget();
  uint32_t at = guest.put({reinterpret_cast<char*>(subscriptions), sizeof subscriptions});
  EXPECT_EQ(guest.call("poll_oneoff", {at, Guest::kBuffer, 2, Guest::kOut}), Errno::success);
  events = guest.u32(Guest::kOut);
  runtime::wasi::Event event;
  std::memcpy(&event, guest.memory.data() + Guest::kBuffer, sizeof event);
  return event;
}

TEST(Streams, PipesPollBlockAndHangUp) {
  Pipe in, out;
  runtime::wasi::Options options;
  options.stdio = {in.ends[0].get(), out.ends[1].get(), out.ends[1].get()};
  Guest guest(share(options));
  EXPECT_EQ(guest.call("fd_seek", {0, 0, 0, Guest::kOut}), Errno::spipe);
  EXPECT_EQ(guest.call("fd_tell", {1, Guest::kOut}), Errno::spipe);
  EXPECT_EQ(guest.call("fd_pread", {0, guest.iovec(100, 4), 1, 0, Guest::kOut}), Errno::spipe);
  uint32_t events;
  auto begin = std::chrono::steady_clock::now();
  auto event = poll_one(guest, runtime::wasi::EventType::fd_read, 0, 20'000'000, events);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(20));
  EXPECT_EQ(event.type, runtime::wasi::EventType::clock);
  EXPECT_EQ(guest.call("fd_fdstat_set_flags", {0, runtime::wasi::fdflags::kNonblock}), Errno::success);
  EXPECT_EQ(::fcntl(in.ends[0].get(), F_GETFL) & O_NONBLOCK, 0) << "the host's own descriptor is left alone";
  EXPECT_EQ(guest.read(0, 10), "!again");
  ASSERT_EQ(::write(in.ends[1].get(), "hello", 5), 5);
  event = poll_one(guest, runtime::wasi::EventType::fd_read, 0, 60'000'000'000, events);
  EXPECT_EQ(event.type, runtime::wasi::EventType::fd_read);
  EXPECT_EQ(event.bytes, 5u);
  EXPECT_EQ(event.flags, 0);
  EXPECT_EQ(guest.read(0, 10), "hello");
  in.ends[1].reset();
  event = poll_one(guest, runtime::wasi::EventType::fd_read, 0, 60'000'000'000, events);
  EXPECT_EQ(event.flags, 1) << "hung up";
  EXPECT_EQ(guest.read(0, 10), "");
  event = poll_one(guest, runtime::wasi::EventType::fd_write, 1, 60'000'000'000, events);
  EXPECT_EQ(event.type, runtime::wasi::EventType::fd_write);
  EXPECT_EQ(guest.write(1, "out"), Errno::success);
  char buffer[10];
  EXPECT_EQ(::read(out.ends[0].get(), buffer, 10), 3);
  out.ends[0].reset();
  auto old = ::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(guest.write(1, "out"), Errno::pipe);
  ::signal(SIGPIPE, old);
}

TEST(Sockets, AcceptReceiveSendShutdown) {
  TemporaryDirectory directory;
  std::string name = (directory.path / "socket").string();
  runtime::wasi::UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, name.c_str());
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener.get(), 8), 0);
  runtime::wasi::Options options;
  options.preopens = {{directory.path.string(), "/"}};
  options.sockets = {listener.get()};
  for (uint32_t payload : {0u, 4096u}) {
    Guest guest(share(options), 0, payload);
    EXPECT_EQ(guest.call("fd_prestat_get", {4, Guest::kOut}), Errno::badf) << "the search for directories ends here";
    EXPECT_EQ(guest.call("sock_accept", {4, 1, Guest::kOut}), Errno::inval);
    ASSERT_EQ(guest.call("fd_fdstat_set_flags", {4, runtime::wasi::fdflags::kNonblock}), Errno::success);
    EXPECT_EQ(guest.call("sock_accept", {4, 0, Guest::kOut}), Errno::again);
    runtime::wasi::UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(guest.call("sock_accept", {4, runtime::wasi::fdflags::kNonblock, Guest::kOut}), Errno::success);
    uint32_t fd = guest.u32(Guest::kOut);
    EXPECT_EQ(fd, 5u);
    guest.forget();
    uint32_t in = guest.iovec(Guest::kBuffer, 100);
    EXPECT_EQ(guest.call("sock_recv", {fd, in, 1, 0, Guest::kOut, Guest::kOut + 4}), Errno::again);
    ASSERT_EQ(::write(client.get(), "ping", 4), 4);
    EXPECT_EQ(guest.call("sock_recv", {fd, in, 1, 1, Guest::kOut, Guest::kOut + 4}), Errno::success);
    EXPECT_EQ(guest.text(Guest::kBuffer, guest.u32(Guest::kOut)), "ping") << "peeked";
    EXPECT_EQ(guest.call("sock_recv", {fd, in, 1, 0, Guest::kOut, Guest::kOut + 4}), Errno::success);
    EXPECT_EQ(guest.text(Guest::kBuffer, guest.u32(Guest::kOut)), "ping");
    EXPECT_EQ(guest.call("sock_recv", {fd, in, 1, 8, Guest::kOut, Guest::kOut + 4}), Errno::inval);
    uint32_t pong = guest.put("pong"), out = guest.iovec(pong, 4);
    EXPECT_EQ(guest.call("sock_send", {fd, out, 1, 1, Guest::kOut}), Errno::inval);
    EXPECT_EQ(guest.call("sock_send", {fd, out, 1, 0, Guest::kOut}), Errno::success);
    char buffer[10];
    EXPECT_EQ(::read(client.get(), buffer, 10), 4);
    EXPECT_EQ(guest.write(fd, "more"), Errno::success);
    EXPECT_EQ(::read(client.get(), buffer, 10), 4);
    EXPECT_EQ(guest.call("sock_shutdown", {fd, 0}), Errno::inval);
    EXPECT_EQ(guest.call("sock_shutdown", {fd, 4}), Errno::inval);
    EXPECT_EQ(guest.call("sock_shutdown", {fd, 2}), Errno::success);
    EXPECT_EQ(::read(client.get(), buffer, 10), 0) << "the guest said it is done";
    client.reset();
    guest.forget();
    in = guest.iovec(Guest::kBuffer, 100);
    pong = guest.put("pong"), out = guest.iovec(pong, 4);
    EXPECT_EQ(guest.call("sock_recv", {fd, in, 1, 0, Guest::kOut, Guest::kOut + 4}), Errno::success);
    EXPECT_EQ(guest.u32(Guest::kOut), 0u);
    EXPECT_EQ(guest.call("sock_send", {fd, out, 1, 0, Guest::kOut}), Errno::pipe);
    EXPECT_EQ(guest.call("fd_close", {fd}), Errno::success);
  }
}

TEST(Sockets, AreInheritedAsSystemdHandsThemOver) {
  ::setenv("LISTEN_FDS", "0", 1);
  ::unsetenv("LISTEN_PID");
  EXPECT_TRUE(runtime::wasi::inherited_sockets().empty());
  ::setenv("LISTEN_FDS", "nonsense", 1);
  EXPECT_TRUE(runtime::wasi::inherited_sockets().empty());
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_PID", "1", 1);
  EXPECT_TRUE(runtime::wasi::inherited_sockets().empty()) << "meant for another process";
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  bool open = ::fcntl(3, F_GETFD) >= 0;
  if (!open) ::dup2(2, 3);
  EXPECT_EQ(runtime::wasi::inherited_sockets(), std::vector<int>{3});
  if (!open) ::close(3);
  ::unsetenv("LISTEN_FDS");
  ::unsetenv("LISTEN_PID");
}

TEST(Paths, RenamesBetweenFileSystemsAreXdev) {
  struct stat here, there;
  TemporaryDirectory directory;
  if (::stat(directory.path.c_str(), &here) != 0 || ::stat("/dev/shm", &there) != 0 || here.st_dev == there.st_dev) {
    GTEST_SKIP() << "no second file system here";
  }
  runtime::wasi::Options options;
  options.preopens = {{directory.path.string(), "/"}, {"/dev/shm", "/shm"}};
  Guest guest(share(options));
  std::ofstream(directory.path / "file");
  guest.forget();
  uint32_t path = guest.put("file");
  EXPECT_EQ(guest.call("path_rename", {3, path, 4, 4, path, 4}), Errno::xdev);
  EXPECT_EQ(guest.call("path_link", {3, 0, path, 4, 4, path, 4}), Errno::xdev);
}

// Another thread swaps a directory and a link that leads out, as fast as it can.
class Race : public testing::TestWithParam<runtime::wasi::Resolver> {};

TEST_P(Race, SwappingADirectoryWithALinkLeadsNowhere) {
  TemporaryDirectory directory;
  fs::path root = directory.path;
  fs::create_directories(root / "outside");
  fs::create_directories(root / "sandbox/d");
  std::ofstream(root / "outside/secret") << "secret";
  fs::create_symlink("../outside", root / "sandbox/link");
  runtime::wasi::set_resolver(GetParam());
  runtime::wasi::Options options;
  options.preopens = {{(root / "sandbox").string(), "/"}};
  Guest guest(share(options));
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> swaps = 0;
  std::thread swapper([&] {
    std::string d = (root / "sandbox/d").string(), link = (root / "sandbox/link").string();
    while (!stop) {
      if (::renameat2(AT_FDCWD, d.c_str(), AT_FDCWD, link.c_str(), RENAME_EXCHANGE) == 0) ++swaps;
    }
  });
  uint32_t inside = 0, refused = 0;
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(700);
  while (std::chrono::steady_clock::now() < end) {
    EXPECT_LT(guest.open(3, "d/secret", 0, 2), 0);
    EXPECT_LT(guest.open(3, "d/../d/secret", 0, 2), 0);
    int fd = guest.open(3, "d/new", 1, 66);
    if (fd >= 0) {
      ++inside;
      guest.call("fd_close", {uint64_t(fd)});
    } else {
      ++refused;
    }
    guest.forget();
    uint32_t made = guest.put("d/made"), secret = guest.put("d/secret"), mine = guest.put("mine"),
             fresh = guest.put("d/new");
    guest.call("path_create_directory", {3, made, 6});
    EXPECT_NE(guest.call("path_unlink_file", {3, secret, 8}), Errno::success);
    EXPECT_NE(guest.call("path_rename", {3, secret, 8, 3, mine, 4}), Errno::success);
    EXPECT_NE(guest.call("path_link", {3, 0, secret, 8, 3, mine, 4}), Errno::success);
    EXPECT_NE(guest.call("path_filestat_get", {3, 1, secret, 8, Guest::kOut}), Errno::success);
    EXPECT_NE(guest.call("path_filestat_set_times", {3, 1, secret, 8, 0, 0, 5}), Errno::success);
    guest.call("path_symlink", {mine, 4, 3, made, 6});
    guest.call("path_remove_directory", {3, made, 6});
    guest.call("path_unlink_file", {3, fresh, 5});
  }
  stop = true;
  swapper.join();
  runtime::wasi::set_resolver(runtime::wasi::Resolver::automatic);
  EXPECT_GT(inside, 0u);
  EXPECT_GT(refused, 0u);
  EXPECT_GT(swaps.load(), 100u);
  size_t entries = 0;
  for (auto& entry : fs::directory_iterator(root / "outside")) entries += entry.path().filename() == "secret" ? 1 : 100;
  EXPECT_EQ(entries, 1u);
  std::ifstream file(root / "outside/secret");
  std::string contents;
  file >> contents;
  EXPECT_EQ(contents, "secret");
}

INSTANTIATE_TEST_SUITE_P(Resolvers, Race,
                         testing::Values(runtime::wasi::Resolver::kernel, runtime::wasi::Resolver::walk),
                         [](auto& info) { return info.param == runtime::wasi::Resolver::kernel ? "kernel" : "walk"; });

}  // namespace
}  // namespace rustg::tests
