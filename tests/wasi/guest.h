// A guest for tests written in C++: a memory, a context, and calls by name.
#pragma once
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "wasi/script.h"

namespace rustg::tests {

class Guest {
 public:
  Guest(std::shared_ptr<const runtime::wasi::Shared> shared, uint32_t instance = 0, uint32_t payload = 0)
      : context(std::move(shared), instance), payload_(payload), memory(4 << 20) {}

  // The function's errno.
  runtime::wasi::Errno call(const char* name, std::initializer_list<uint64_t> args) {
    uint64_t slots[runtime::wasi::kMaxParams] = {};
    std::copy(args.begin(), args.end(), slots);
    auto binding = runtime::wasi::find("wasi_snapshot_preview1", name);
    call_wasi(context, binding->function, {memory.data(), memory.size()}, slots, payload_);
    return runtime::wasi::Errno(slots[0]);
  }

  // Put bytes where the last ones ended; the address.
  uint32_t put(std::string_view bytes) {
    uint32_t at = top_;
    std::memcpy(memory.data() + at, bytes.data(), bytes.size());
    top_ += uint32_t(bytes.size());
    return at;
  }
  // A list of one iovec.
  uint32_t iovec(uint32_t address, uint32_t length) {
    uint32_t words[2] = {address, length};
    return put({reinterpret_cast<char*>(words), sizeof words});
  }
  void forget() { top_ = 1; }
  uint32_t u32(uint32_t at) const {
    uint32_t value;
    std::memcpy(&value, memory.data() + at, 4);
    return value;
  }
  std::string text(uint32_t at, uint32_t length) const {
    return {reinterpret_cast<const char*>(memory.data()) + at, length};
  }

  // path_open; the descriptor, or -errno.
  int open(uint32_t directory, std::string_view path, uint32_t oflags, uint64_t rights, uint32_t lookup = 1) {
    forget();
    uint32_t at = put(path);
    auto error = call("path_open", {directory, lookup, at, path.size(), oflags, rights, 0, 0, kOut});
    return error == runtime::wasi::Errno::success ? int(u32(kOut)) : -int(error);
  }
  runtime::wasi::Errno write(uint32_t fd, std::string_view bytes) {
    forget();
    uint32_t at = put(bytes);
    return call("fd_write", {fd, iovec(at, uint32_t(bytes.size())), 1, kOut});
  }
  // What fd_read gives into a buffer of `length`; "!" and the errno if it fails.
  std::string read(uint32_t fd, uint32_t length) {
    forget();
    auto error = call("fd_read", {fd, iovec(kBuffer, length), 1, kOut});
    return error == runtime::wasi::Errno::success ? text(kBuffer, u32(kOut))
                                                  : std::string("!") + errno_name(uint32_t(error));
  }

  static constexpr uint32_t kOut = 3 << 20, kBuffer = 2 << 20;

  runtime::wasi::Context context;

 private:
  uint32_t payload_, top_ = 1;

 public:
  std::vector<uint8_t> memory;
};

// A temporary directory, removed in the end.
struct TemporaryDirectory {
  std::filesystem::path path;
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rustg-wasi-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) std::abort();
    path = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

inline std::shared_ptr<const runtime::wasi::Shared> share(const runtime::wasi::Options& options) {
  auto shared = runtime::wasi::Shared::create(options);
  if (!shared) throw std::runtime_error(shared.error().message);
  return *shared;
}

}  // namespace rustg::tests
