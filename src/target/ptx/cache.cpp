#include "target/ptx/cache.h"

#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace rustg::ptx {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kSuffix = ".cubin";

// What stands before an entry's bytes.
struct Header {
  char magic[8];
  uint64_t size;
  XXH128_hash_t hash;
};
static_assert(sizeof(Header) == 32);
constexpr char kMagic[8] = {'r', 'u', 's', 't', 'g', 'p', 't', '1'};

XXH3_state_t* state(void* s) { return static_cast<XXH3_state_t*>(s); }

}  // namespace

Key::Key() : state_(XXH3_createState()) { XXH3_128bits_reset(state(state_)); }
Key::~Key() { XXH3_freeState(state(state_)); }
void Key::add(std::string_view piece) {
  const uint64_t size = piece.size();
  XXH3_128bits_update(state(state_), &size, sizeof size);
  XXH3_128bits_update(state(state_), piece.data(), piece.size());
}
std::string Key::hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state(state_));
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

Cache::Cache(std::string folder, uint64_t limit_bytes) : folder_(std::move(folder)), limit_(limit_bytes) {}

std::string Cache::default_folder() {
  if (const char* own = std::getenv("RUSTG_CACHE_DIR")) return own;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg) return std::string(xdg) + "/rustg";
  if (const char* home = std::getenv("HOME"); home && *home) return std::string(home) + "/.cache/rustg";
  return {};
}

std::optional<std::vector<uint8_t>> Cache::get(const std::string& key) const {
  if (folder_.empty()) return std::nullopt;
  const fs::path path = fs::path(folder_) / (key + std::string(kSuffix));
  std::ifstream in(path, std::ios::binary);
  Header header;
  if (!in.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  std::error_code ignored;
  const uint64_t size = fs::file_size(path, ignored);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || size != sizeof header + header.size) return std::nullopt;
  std::vector<uint8_t> bytes(header.size);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()))) return std::nullopt;
  if (!XXH128_isEqual(XXH3_128bits(bytes.data(), bytes.size()), header.hash)) return std::nullopt;
  fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);  // prune goes by it
  return bytes;
}

void Cache::put(const std::string& key, std::span<const uint8_t> bytes) const {
  if (folder_.empty()) return;
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return;
  static std::atomic<uint32_t> count{0};
  const fs::path part = fs::path(folder_) / fmt::format("{}.{}.{}.part", key, getpid(), count++);
  {
    std::ofstream out(part, std::ios::binary);
    Header header{{}, bytes.size(), XXH3_128bits(bytes.data(), bytes.size())};
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    out.write(reinterpret_cast<const char*>(&header), sizeof header);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) {
      fs::remove(part, error);
      return;
    }
  }
  fs::rename(part, fs::path(folder_) / (key + std::string(kSuffix)), error);
  if (error) fs::remove(part, error);
}

void Cache::prune() const {
  if (folder_.empty()) return;
  struct Entry {
    fs::file_time_type used;
    uint64_t size;
    fs::path path;
  };
  std::vector<Entry> entries;
  uint64_t total = 0;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(folder_, error)) {
    if (item.path().extension() != kSuffix) continue;
    std::error_code gone;  // another process may prune too
    const uint64_t size = item.file_size(gone);
    if (gone) continue;
    entries.push_back({item.last_write_time(gone), size, item.path()});
    total += size;
  }
  if (total <= limit_) return;
  std::ranges::sort(entries, {}, &Entry::used);
  for (const Entry& e : entries) {
    if (total <= limit_) break;
    fs::remove(e.path, error);
    total -= e.size;
  }
}

}  // namespace rustg::ptx
