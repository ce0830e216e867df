// A cache on disk, by content: a key is the hash of all that an entry was made from. Safe with many processes at once: entries
// appear whole, by a rename, and one that does not hash to what it says is no entry.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rustg::ptx {

// xxHash128 of pieces, each with its length.
class Key {
 public:
  Key();
  ~Key();
  Key(const Key&) = delete;
  void add(std::string_view piece);
  std::string hex() const;

 private:
  void* state_;
};

class Cache {
 public:
  // Empty: no cache. The folder is made when there is something to put.
  explicit Cache(std::string folder, uint64_t limit_bytes = 1ull << 30);
  // $RUSTG_CACHE_DIR, else rustg under $XDG_CACHE_HOME or ~/.cache; empty if there is no such place or RUSTG_CACHE_DIR is.
  static std::string default_folder();

  std::optional<std::vector<uint8_t>> get(const std::string& key) const;
  // Failing to store is no error: the entry is made again next time.
  void put(const std::string& key, std::span<const uint8_t> bytes) const;
  // Remove the entries not used for longest until all fit the limit.
  void prune() const;

 private:
  std::string folder_;
  uint64_t limit_;
};

}  // namespace rustg::ptx
