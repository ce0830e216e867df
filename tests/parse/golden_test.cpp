// Golden files: Rust source with its tree, or its errors, in comments at the end. The first line may say `// edition: 2021`; else it is 2024.
#include "golden/golden.h"

#include <cstring>

#include "parse/batch.h"

namespace {

using namespace rustg;

golden::Outcome stage(const std::string& input) {
  uint8_t edition = 3;
  if (size_t at = input.find("// edition: "); at == 0) edition = uint8_t((std::stoi(input.substr(12, 4)) - 2015) / 3);
  source::SourceMap map(lex::known_words());
  auto added = map.add("input.rs", input, edition);
  if (!added) return {false, added.error().message};
  parse::test::Result result = parse::test::parse_on_cpu(map);
  auto wrong = parse::validate(result.tree, parse::test::broken_files(result, map));
  if (!wrong.empty()) return {true, "not a tree: " + wrong[0]};
  if (!result.errors.empty()) return {false, parse::test::error_text(result, map)};
  return {true, parse::dump(result.tree, map, 0)};
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  bool autoupdate = argc > 1 && std::strcmp(argv[1], "--autoupdate") == 0;
  rustg::golden::add_tests("ParseGolden", RUSTG_SOURCE_DIR "/tests/parse/golden", ".rs", "//>", stage, autoupdate);
  return RUN_ALL_TESTS();
}
