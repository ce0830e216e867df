// An index's bytes, block by block.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rustg::graph {

// Bytes of a file, cut behind a newline, or whole files that are still to be read.
struct Block {
  std::unique_ptr<char[]> bytes;
  size_t size = 0, capacity = 0;  // `capacity` has room for LineReader::kPadding bytes more
  uint32_t number = 0;
  uint32_t first_file = 0, files = 0;  // of `files`, if there are no bytes
};

// Blocks of one file, decompressed where it is compressed with zstd.
class FileBlocks {
 public:
  FileBlocks();
  ~FileBlocks();
  Status open(const std::string& path);
  // With `whole_crates`, a block ends where a crate's lines do, if its lines are together.
  void set_whole_crates(bool whole) { whole_crates_ = whole; }
  // False: the end. `block` may hold memory to be used again.
  Result<bool> next(Block& block);

 private:
  Result<size_t> read(char* out, size_t size);  // 0: the end
  struct State;
  std::unique_ptr<State> state_;
  bool whole_crates_ = false;
  uint32_t number_ = 0;
  std::string carried_;  // behind the last cut
  bool ended_ = false;
};

// The crates' files below a folder, sorted.
Result<std::vector<std::string>> find_index_files(const std::string& folder);

// A whole file, with room for padding.
Status read_file(const std::string& path, Block& block);

// Calls f(line, number from 1) for each line: of JSON lines, or of the cache that cargo makes of them. False: it is neither.
template <class F>
bool for_each_line(std::string_view bytes, F f) {
  uint64_t number = 0;
  char separator = '\n';
  bool versions = false;
  if (!bytes.empty() && static_cast<unsigned char>(bytes[0]) < ' ' && bytes[0] != '\n' && bytes[0] != '\r' &&
      bytes[0] != '\t') {
    // Its version, the version of the index's schema (4 bytes), what the registry calls this state of it, and then in turns a version and its
    // line, all ended by a zero byte.
    constexpr char kCacheVersion = 3;
    const size_t end = bytes.size() < 5 || bytes[0] != kCacheVersion ? bytes.npos : bytes.find('\0', 5);
    if (end == bytes.npos) return false;
    bytes.remove_prefix(end + 1);
    separator = '\0';
    versions = true;
  }
  while (!bytes.empty()) {
    const size_t end = std::min(bytes.find(separator), bytes.size());
    if (!versions || number++ % 2 == 1) f(bytes.substr(0, end), versions ? number / 2 : ++number);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return true;
}

}  // namespace rustg::graph
