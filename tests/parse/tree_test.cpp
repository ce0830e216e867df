// Properties that hold whatever the grammar: the shape of trees, threads, depth, and inputs that are not Rust.
#include <gtest/gtest.h>

#include "parse/batch.h"
#include "parse/inputs.h"

namespace {

using namespace rustg;
using parse::test::large_file;
using parse::test::long_files;
using parse::test::parse_on_cpu;
using parse::test::random_files;
using parse::test::repeat;
using parse::test::Result;

source::SourceMap& add(source::SourceMap& map, std::string_view text) {
  EXPECT_TRUE(map.add("input.rs", text, 3).ok());
  return map;
}
Result checked(const source::SourceMap& map, int threads = 1) {
  Result result = parse_on_cpu(map, threads);
  auto wrong = parse::validate(result.tree, parse::test::broken_files(result, map));
  EXPECT_TRUE(wrong.empty()) << wrong[0];
  return result;
}

TEST(ParseTree, EmptyFilesHaveARoot) {
  source::SourceMap map(lex::known_words());
  for (int i = 0; i < 3; ++i) add(map, "");
  Result result = checked(map);
  ASSERT_EQ(result.tree.count(), 3u);
  for (uint32_t file = 0; file < 3; ++file) EXPECT_EQ(result.tree.files[file], file);
}

TEST(ParseTree, TasksMakeTheTreeThatOneThreadMakes) {
  source::SourceMap map(lex::known_words());
  for (int i = 0; i < 4; ++i) add(map, large_file()), add(map, "fn f() {}");
  Result one = checked(map, 1), many = checked(map, 4);
  EXPECT_TRUE(one.errors.empty()) << parse::test::error_text(one, map);
  EXPECT_GT(one.tree.count(), 100'000u);
  EXPECT_EQ(one.tree.kinds, many.tree.kinds);
  EXPECT_EQ(one.tree.flags, many.tree.flags);
  EXPECT_EQ(one.tree.tokens, many.tree.tokens);
  EXPECT_EQ(one.tree.sizes, many.tree.sizes);
  EXPECT_EQ(one.tree.files, many.tree.files);
}

// Long lists are cut into parts; none of that is to be seen in the tree.
TEST(ParseTree, PartsOfListsMakeTheTreeOfTheWhole) {
  source::SourceMap map(lex::known_words());
  for (const std::string& text : long_files(2000)) add(map, text);
  Result cut = checked(map, 2), whole = parse_on_cpu(map, 1, ~0u);
  EXPECT_TRUE(cut.errors.empty()) << parse::test::error_text(cut, map).substr(0, 200);
  EXPECT_TRUE(whole.errors.empty());
  EXPECT_TRUE(cut.tree.kinds == whole.tree.kinds);
  EXPECT_TRUE(cut.tree.flags == whole.tree.flags);
  EXPECT_TRUE(cut.tree.tokens == whole.tree.tokens);
  EXPECT_TRUE(cut.tree.sizes == whole.tree.sizes);
}

TEST(ParseTree, BracketsNestWithoutEnd) {
  for (const char* pair : {"()", "[]", "{}"}) {
    source::SourceMap map(lex::known_words());
    std::string open(100'000, pair[0]), close(100'000, pair[1]);
    add(map, "fn f() { " + open + close + " }");
    Result result = checked(map);
    EXPECT_TRUE(result.errors.empty()) << parse::test::error_text(result, map).substr(0, 200);
    EXPECT_GE(result.tree.count(), 100'000u);
  }
}

TEST(ParseTree, OtherNestingThatIsTooDeepIsAnError) {
  for (const char* piece : {"-", "&", "!", "*", "x = ", "if a {} else "}) {
    source::SourceMap map(lex::known_words());
    add(map, "fn f() { " + repeat(piece, 100'000) + "{ x } }\nfn g() { ) }");
    add(map, "fn f() { " + repeat(piece, 100'000) + "{ x } }\nfn g() {}");
    Result result = checked(map);
    // The first file's brackets do not match, which is all that is said of it.
    ASSERT_EQ(result.errors.size(), 2u) << piece;
    EXPECT_EQ(result.errors[1].kind, parse::ErrorKind::too_deep);
  }
}

TEST(ParseTree, SeveralErrorsAFile) {
  source::SourceMap map(lex::known_words());
  add(map, "fn a() { let = 1; let b = 2; c + ; }\nstruct S { x }\nfn ok() {}\nimpl { }\nenum E { A, B(, }\n");
  add(map, "fn ok() {}");
  Result result = parse_on_cpu(map);
  EXPECT_EQ(result.errors.size(), 1u);  // of the bracket
  source::SourceMap second(lex::known_words());
  add(second, "fn a() { let = 1; let b = 2; c + ; }\nstruct S { x }\nfn ok() {}\nimpl { }\n");
  Result several = parse_on_cpu(second);
  EXPECT_GE(several.errors.size(), 4u) << parse::test::error_text(several, second);
}

// Tokens in any order: no crash, no hang, and a tree.
TEST(ParseTree, AnyTokens) {
  source::SourceMap map(lex::known_words());
  for (const std::string& text : random_files(3000)) add(map, text);
  Result one = checked(map, 1), two = checked(map, 3);
  EXPECT_EQ(one.tree.kinds, two.tree.kinds);
  EXPECT_EQ(one.errors.size(), two.errors.size());
}

}  // namespace
