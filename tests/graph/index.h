// Indices that tests make, and the real ones: RUSTG_CRATES_IO names a folder with crates-io-*.jsonl.zst.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graph/import.h"

namespace rustg::graph {

// A folder of a test's own, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, std::string_view content) const;  // its path
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::optional<std::string> real_index(const std::string& name);
// The lines of a file of an index, decompressed.
std::vector<std::string> lines_of(const std::string& path);

// Of an index with these lines.
Tables tables_of(const std::vector<std::string>& lines);

// By name and version; kNone: it is not there.
VersionId find_version(const Registry& registry, std::string_view crate, std::string_view version);

// Random crates with random versions, dependencies and features, some of which cargo ignores. Line by line, the crates together.
std::vector<std::string> random_index(uint32_t seed, uint32_t crates);
// The same with requirements that most versions meet, so that most crates can be resolved, some of them after going back.
std::vector<std::string> random_solvable_index(uint32_t seed, uint32_t crates);

}  // namespace rustg::graph
