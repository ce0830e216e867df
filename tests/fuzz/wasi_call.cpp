// Calls of WASI functions by number, with arguments and memory from the input, directly and through a payload, on a preopened temporary
// directory that links lead out of. Nothing may crash, nothing outside may change, nothing behind the guest's memory may be touched (the
// sanitizer's part).
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "runtime/wasi/beneath.h"
#include "runtime/wasi/bind.h"
#include "runtime/wasi/context.h"

namespace {

using namespace rustg::runtime;
namespace fs = std::filesystem;

constexpr uint32_t kMemory = 4096, kPayload = 2048;

struct World {
  fs::path root;
  std::shared_ptr<const wasi::Shared> shared;
  HostFunctionPtr entries[wasi::kFunctionCount];

  World() {
    std::string pattern = (fs::temp_directory_path() / "rustg-fuzz-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) std::abort();
    root = pattern;
    fs::create_directory(root / "outside");
    std::ofstream(root / "outside/secret") << "secret";
    fs::create_directory(root / "sandbox");
    wasi::Options options;
    int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    options.stdio = {null, null, null};
    options.args = {"program"};
    options.environment = {{"A", "1"}};
    options.numbered = true;
    options.preopens = {{(root / "sandbox").string(), "/"}};
    auto made = wasi::Shared::create(options);
    if (!made) std::abort();
    shared = *made;
    uint32_t i = 0;
#define RUSTG_WASI(name, roles, result) entries[i++] = wasi::find("wasi_snapshot_preview1", #name)->call;
#include "runtime/wasi/functions.def"
#undef RUSTG_WASI
  }

  // Empties the sandbox, but for what the next input starts with.
  void reset() {
    for (auto& entry : fs::directory_iterator(root / "sandbox")) fs::remove_all(entry.path());
    fs::create_directory(root / "sandbox/d");
    fs::create_symlink("../outside", root / "sandbox/o");
    fs::create_symlink("../../outside/secret", root / "sandbox/d/s");
    std::ofstream(root / "sandbox/f") << "file";
  }

  bool outside_is_untouched() const {
    uint32_t entries = 0;
    for (auto& entry : fs::directory_iterator(root / "outside"))
      entries += entry.path().filename() == "secret" ? 1 : 100;
    std::ifstream file(root / "outside/secret");
    std::string contents;
    file >> contents;
    uint32_t beside = 0;
    for ([[maybe_unused]] auto& entry : fs::directory_iterator(root)) ++beside;
    return entries == 1 && contents == "secret" && beside == 2;
  }
};

// Would the call sleep, or fill the disk?
bool too_long(wasi::Function function, const uint64_t* args, const uint8_t* memory) {
  if (function == wasi::Function::poll_oneoff) {
    const uint32_t count = uint32_t(args[2]);
    for (uint32_t i = 0; i < count && uint64_t(uint32_t(args[0])) + 48 * i + 48 <= kMemory; ++i)
      if (memory[uint32_t(args[0]) + 48 * i + 8] == 0) return true;
  }
  if (function == wasi::Function::fd_allocate) return args[1] > 1 << 20 || args[2] > 1 << 20;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World* const world = new World;
  if (size < 2) return 0;
  wasi::set_resolver(data[0] & 1 ? wasi::Resolver::walk : wasi::Resolver::automatic);
  const bool through_payload = data[0] & 2;
  ++data, --size;
  world->reset();
  wasi::Context context(world->shared);
  auto memory = std::make_unique<uint8_t[]>(kMemory);
  while (size > 0) {
    const auto function = wasi::Function(data[0] % wasi::kFunctionCount);
    ++data, --size;
    // Two bytes an argument: with the top bit set a large number, else a small one.
    uint64_t args[wasi::kMaxParams] = {};
    const uint64_t roles = wasi::roles_of(function);
    for (uint32_t i = 0; wasi::role_at(roles, i) && size >= 2; ++i) {
      uint16_t word;
      std::memcpy(&word, data, 2);
      data += 2, size -= 2;
      args[i] = word & 0x8000 ? uint64_t(int64_t(int16_t(word))) << (word & 31) : word;
    }
    // Then some bytes for the memory: a length, and where.
    if (size >= 3) {
      const uint32_t at = (uint32_t(data[1]) << 4) % kMemory;
      const uint32_t length = std::min<uint32_t>({data[0], uint32_t(size - 2), kMemory - at});
      std::memcpy(memory.get() + at, data + 2, length);
      data += 2 + length, size -= 2 + length;
    }
    if (too_long(function, args, memory.get())) continue;
    const GuestMemory guest{memory.get(), kMemory};
    if (!through_payload) {
      world->entries[uint32_t(function)](&context, guest, args);
    } else {
      auto bytes = std::make_unique<uint64_t[]>(kPayload / 8);
      const GuestMemory payload{reinterpret_cast<uint8_t*>(bytes.get()), kPayload};
      wasi::Call call;
      do {
        if (wasi::pack(function, args, guest, payload, context.string_sizes(), call) != wasi::Errno::success) break;
        if (world->entries[uint32_t(function)](&context, payload, call.args).trap != rustg::ir::Trap::none) break;
      } while (wasi::unpack(function, args, guest, payload, call));
    }
  }
  if (!world->outside_is_untouched()) std::abort();
  return 0;
}
