#include "spec/data.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace rustg::spec {

namespace fs = std::filesystem;

namespace {
// Folders NAME/t.json of `root`, by name.
std::vector<Suite> list(const fs::path& root) {
  std::vector<Suite> suites;
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename();
    if (fs::exists(entry.path() / "t.json") && !name.starts_with("simd_"))
      suites.push_back({name, entry.path() / "t.json"});
  }
  std::sort(suites.begin(), suites.end(), [](const Suite& a, const Suite& b) { return a.name < b.name; });
  return suites;
}
}  // namespace

std::vector<Suite> specification_suites(std::string& why_not) {
  const char* named = std::getenv("RUSTG_SPEC_DATA");
  const fs::path archive = named != nullptr
                               ? fs::path(named)
                               : fs::path(RUSTG_SOURCE_DIR) / ".." / "shared" / "data" / "wasm-spec-2022-11-09.tar.zst";
  if (!fs::exists(archive)) {
    why_not = archive.string() + " is not there; RUSTG_SPEC_DATA can name it";
    return {};
  }
  const fs::path folder = fs::path(RUSTG_BINARY_DIR) / "spec-data" / archive.stem();
  if (!fs::exists(folder)) {
    // Several test programs may do this at once: each unpacks for itself, and the first to finish gives it its name.
    const fs::path scratch = folder.string() + fmt::format(".{}", getpid());
    fs::create_directories(scratch);
    const std::string command = fmt::format("zstdcat '{}' | tar x -C '{}'", archive.string(), scratch.string());
    if (std::system(command.c_str()) != 0) {
      why_not = "it cannot be unpacked: " + command;
      return {};
    }
    std::error_code taken;
    fs::rename(scratch, folder, taken);
    if (taken) fs::remove_all(scratch);
  }
  return list(folder);
}

std::vector<Suite> own_suites(std::string& why_not) {
  const fs::path folder = fs::path(RUSTG_BINARY_DIR) / "spec-own";
  if (fs::exists(folder)) return list(folder);
  why_not = "wast2json (Debian package wabt) was not found when this was configured";
  return {};
}

}  // namespace rustg::spec
