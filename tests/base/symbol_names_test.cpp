// Symbols that the rustc of this machine makes, and what rustc itself says that they mean.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/demangle.h"

namespace rustg {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return out;
  char buffer[4096];
  for (size_t size; (size = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, size);
  pclose(pipe);
  return out;
}

// The text in `what(…)` at the end of `line`.
bool take(const std::string& line, const std::string& what, std::string& text) {
  const std::string start = "error: " + what + "(";
  if (!line.starts_with(start) || !line.ends_with(')')) return false;
  text = line.substr(start.size(), line.size() - start.size() - 1);
  return true;
}

class SymbolNames : public ::testing::TestWithParam<const char*> {};

TEST_P(SymbolNames, AreWhatRustcSays) {
  if (output_of("rustc --version 2>/dev/null").empty()) GTEST_SKIP() << "no rustc on this machine";
  std::string folder = (fs::temp_directory_path() / "rustg-symbols-XXXXXX").string();
  ASSERT_TRUE(mkdtemp(folder.data()));
  std::ifstream file(RUSTG_SOURCE_DIR "/tests/base/symbol_names.rs");
  const std::string source{std::istreambuf_iterator<char>(file), {}};
  size_t symbols = 0;
  // The attribute was renamed in 2026.
  for (const std::string attribute : {"rustc_dump_symbol_name", "rustc_symbol_name"}) {
    std::string text = source;
    for (size_t at = 0; (at = text.find("#[SYMBOL_NAME]", at)) != std::string::npos;)
      text.replace(at, 14, "#[" + attribute + "]");
    std::ofstream(folder + "/symbols.rs") << text;
    const std::string lines =
        output_of(fmt::format("cd {} && RUSTC_BOOTSTRAP=1 rustc --edition 2021 --crate-type lib -Zunstable-options "
                              "-Csymbol-mangling-version={} --emit=obj symbols.rs 2>&1",
                              folder, GetParam()));
    std::string symbol, meaning;
    for (size_t at = 0; at < lines.size();) {
      const size_t end = std::min(lines.find('\n', at), lines.size());
      const std::string line = lines.substr(at, end - at);
      at = end + 1;
      if (take(line, "symbol-name", symbol)) ++symbols;
      if (take(line, "demangling-alt", meaning)) {
        EXPECT_EQ(demangle(symbol), meaning) << symbol;
      }
    }
    if (symbols != 0) break;
  }
  fs::remove_all(folder);
  if (symbols == 0) GTEST_SKIP() << "this rustc does not tell its symbols";
  EXPECT_GE(symbols, 50u);
}

INSTANTIATE_TEST_SUITE_P(Mangling, SymbolNames, ::testing::Values("legacy", "v0"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace rustg
