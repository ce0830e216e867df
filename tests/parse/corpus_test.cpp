// Every .rs file of the Rust project's source tree, where the package rust-web-src or another copy is: a tree for each, the files that rustc
// accepts without errors. RUSTG_RUST_SOURCE names the folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "parse/batch.h"

namespace {

using namespace rustg;

std::filesystem::path rust_source() {
  if (const char* set = std::getenv("RUSTG_RUST_SOURCE")) return set;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/src", error))
    if (entry.path().filename().string().starts_with("rustc-") &&
        std::filesystem::exists(entry.path() / "library/core/src/lib.rs"))
      return entry.path();
  return {};
}

TEST(ParseCorpus, StandardLibraryAndCompiler) {
  std::filesystem::path folder = rust_source();
  if (folder.empty()) GTEST_SKIP() << "no Rust source tree (package rust-web-src, or RUSTG_RUST_SOURCE)";
  std::vector<std::string> paths;
  for (const char* part : {"library/core", "library/alloc", "library/std", "compiler"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / part))
      if (entry.path().extension() == ".rs" && entry.path().string().find("/rust-analyzer/") == std::string::npos)
        paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  source::SourceMap map(lex::known_words());
  auto loaded = map.load(paths, 3);
  ASSERT_TRUE(loaded.ok());
  auto result = parse::test::parse_on_cpu(map, 2);
  auto wrong = parse::validate(result.tree, parse::test::broken_files(result, map));
  for (const std::string& what : wrong) ADD_FAILURE() << what;
  for (const parse::Error& error : result.errors) {
    uint32_t begin = result.tree.starts[error.token], file = map.file_at(begin);
    ADD_FAILURE() << map.name(file) << ":" << map.position(file, begin).line << ": " << parse::message(error.kind);
  }
  EXPECT_GT(paths.size(), 2000u);
}

}  // namespace
