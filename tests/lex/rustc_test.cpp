// Against rustc's own lexer, which is compiled from the sources in Debian's rust-web-src: kind, start and length of every token of every file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lex/diagnose.h"
#include "lex/host_tokens.h"

namespace rustg::lex {
namespace {

namespace fs = std::filesystem;

std::string rustc_sources() {
  if (fs::exists("/usr/src")) {
    for (const auto& entry : fs::directory_iterator("/usr/src")) {
      if (fs::exists(entry.path() / "compiler/rustc_lexer/src/lib.rs")) return entry.path();
    }
  }
  return {};
}

std::vector<std::string> rust_files(const fs::path& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".rs") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The program of rustc_tokens.rs; empty if it cannot be had.
std::string rustc_tokens() {
  const std::string out = RUSTG_BINARY_DIR "/rustc_lexer";
  return std::system((RUSTG_SOURCE_DIR "/tests/lex/build_rustc_tokens " + out + " > /dev/null").c_str()) == 0 ? out + "/rustc_tokens" : std::string();
}

void expect_rustcs_tokens(const std::vector<std::string>& paths, int edition) {
  const std::string program = rustc_tokens();
  if (program.empty()) GTEST_SKIP() << "needs rustc, the package rust-web-src and a node that knows Unicode 17.0";
  const std::string list = RUSTG_BINARY_DIR "/rustc_lexer/list", output = list + ".out";
  {
    std::ofstream out(list);
    for (const auto& path : paths) out << path << "\n";
  }
  std::string command = program + " " + std::to_string(edition) + " " + kind_names() + " < " + list + " > " + output;
  ASSERT_EQ(std::system(command.c_str()), 0);
  source::SourceMap map(known_words());
  auto problems = map.load(paths, uint8_t((edition - 2015) / 3));
  ASSERT_TRUE(problems);
  device::cpu::Queue queue;
  HostTokens tokens = lex_to_host(queue, map.host());
  std::ifstream in(output);
  uint32_t different = 0;
  for (uint32_t file = 0; file < map.files(); ++file) {
    std::string line;
    ASSERT_TRUE(std::getline(in, line));
    if (line == "unreadable") continue;
    if (line != fingerprint(map, tokens, file) && ++different <= 20) ADD_FAILURE() << map.name(file) << ", edition " << edition;
  }
  EXPECT_EQ(different, 0u);
}

TEST(RustcLexer, OwnSources) {
  std::string sources = rustc_sources();
  if (sources.empty()) GTEST_SKIP() << "needs the package rust-web-src";
  expect_rustcs_tokens(rust_files(sources), 2021);
}

TEST(RustcLexer, UiTestsInAllEditions) {
  const char* tests = std::getenv("RUSTG_RUST_TESTS");
  if (tests == nullptr) GTEST_SKIP() << "RUSTG_RUST_TESTS does not name rustc's tests";
  auto paths = rust_files(fs::path(tests) / "ui");
  for (int edition : {2015, 2018, 2021, 2024}) expect_rustcs_tokens(paths, edition);
}

// Where the lexer finds errors in a UI test, rustc's expected output has the first one: message, code, line and column.
TEST(RustcLexer, UiMessages) {
  const char* tests = std::getenv("RUSTG_RUST_TESTS");
  if (tests == nullptr) GTEST_SKIP() << "RUSTG_RUST_TESTS does not name rustc's tests";
  auto paths = rust_files(fs::path(tests) / "ui");
  source::SourceMap map(known_words());
  ASSERT_TRUE(map.load(paths, 0));
  for (uint32_t file = 0; file < map.files(); ++file) {
    std::string_view text = map.text(file).substr(0, 2000);
    size_t at = text.find("edition:");
    if (at == std::string_view::npos) continue;
    int edition = std::atoi(std::string(text.substr(at + 8, 5)).c_str());
    if (edition >= 2015) map.set_edition(file, uint8_t((edition - 2015) / 3));
  }
  device::cpu::Queue queue;
  HostTokens tokens = lex_to_host(queue, map.host());
  uint32_t compared = 0;
  for (uint32_t file = 0; file < map.files(); ++file) {
    std::vector<source::Diagnostic> reports = diagnose(map, file);
    std::erase_if(reports, [](const source::Diagnostic& d) { return d.level != source::Level::error; });
    EXPECT_EQ(!reports.empty(), tokens.errors[file] != 0) << map.name(file);
    std::ifstream in(fs::path(map.name(file)).replace_extension(".stderr"));
    if (reports.empty() || !in) continue;
    std::string expected{std::istreambuf_iterator<char>(in), {}};
    ++compared;
    const source::Diagnostic& d = reports[0];
    std::string head = "error" + (d.code.empty() ? "" : "[" + d.code + "]") + ": " + d.message + "\n";
    const bool placed = !d.spans.primary.empty();
    auto place = placed ? map.position(file, d.spans.primary[0].begin) : source::Position{0, 0};
    bool found = false;
    for (size_t at = expected.find(head); at != std::string::npos && !found; at = expected.find(head, at + 1)) {
      size_t arrow = expected.find("--> ", at);
      std::string line = arrow == std::string::npos ? "" : expected.substr(arrow, expected.find('\n', arrow) - arrow);
      bool anonymous = line.find(":LL:") != std::string::npos;
      found = !placed ||
              line.ends_with((anonymous ? ":" : ":" + std::to_string(place.line) + ":") + std::to_string(place.column));
    }
    if (!found) ADD_FAILURE() << map.name(file) << ":" << place.line << ":" << place.column << ": " << head;
  }
  EXPECT_GT(compared, 100u);
}

}  // namespace
}  // namespace rustg::lex
