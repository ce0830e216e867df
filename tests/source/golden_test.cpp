// The files in golden/ against what rustc 1.96.0 shows of them (golden/update), in all forms, byte for byte.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "lex/diagnose.h"
#include "lex/lex.h"
#include "parse/diagnose.h"
#include "source/render.h"

namespace rustg::source {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string show(const fs::path& path, RenderOptions options) {
  SourceMap map(lex::known_words());
  auto file = map.add(path.filename(), read(path), 2);
  EXPECT_TRUE(file);
  Reporter reporter(map, options);
  std::string text;
  std::vector<Diagnostic> all = lex::diagnose(map, 0);
  bool fatal = !all.empty() && all.back().fatal;
  for (const Diagnostic& d : all) text += reporter.report(d);
  if (!fatal)
    for (const Diagnostic& d : parse::Diagnoser().diagnose(map, 0)) text += reporter.report(d);
  return text + reporter.finish("rustc");
}

class RenderGolden : public testing::TestWithParam<std::string> {};

TEST_P(RenderGolden, IsRustcs) {
  fs::path base = fs::path(RUSTG_SOURCE_DIR) / "tests/source/golden" / GetParam(), source = base;
  source += ".rs";
  auto expected = [&](const char* form) { return read(fs::path(base) += form); };
  EXPECT_EQ(show(source, {}), expected(".human"));
  EXPECT_EQ(show(source, {.colour = true}), expected(".colour"));
  EXPECT_EQ(show(source, {.format = ErrorFormat::terse}), expected(".short"));
  std::regex explanation(R"re("explanation":"([^"\\]|\\.)*")re");
  EXPECT_EQ(std::regex_replace(show(source, {.format = ErrorFormat::json}), explanation, "\"explanation\":null"),
            expected(".json"));
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(RUSTG_SOURCE_DIR "/tests/source/golden"))
    if (entry.path().extension() == ".rs") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Files, RenderGolden, testing::ValuesIn(names()), [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rustg::source
