// Every .rs file of the standard library and the compiler: a tree for each, the files that rustc accepts without errors.
#include <gtest/gtest.h>

#include "parse/batch.h"
#include "parse/inputs.h"

namespace {

using namespace rustg;

TEST(ParseCorpus, StandardLibraryAndCompiler) {
  const std::vector<std::string> paths = parse::test::rust_source_files();
  if (paths.empty()) GTEST_SKIP() << parse::test::kNoRustSource;
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
