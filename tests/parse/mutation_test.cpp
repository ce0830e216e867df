// Real Rust, damaged: tokens left out, doubled, swapped and put elsewhere. Nothing crashes or hangs, every tree keeps its rules, and threads do not
// change it. Always the same damage.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "parse/batch.h"
#include "parse/inputs.h"

namespace {

using namespace rustg;

// The texts of this project's own Rust files, cut into tokens with what stands before each.
std::vector<std::vector<std::string>> sources() {
  std::vector<std::string> paths;
  for (const char* folder : {"/tests", "/examples"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(RUSTG_SOURCE_DIR + std::string(folder)))
      if (entry.path().extension() == ".rs") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<std::vector<std::string>> files;
  for (const std::string& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    source::SourceMap map(lex::known_words());
    if (!map.add(path, text.str(), 3).ok()) continue;
    parse::test::Result result = parse::test::parse_on_cpu(map);
    std::vector<std::string> tokens;
    uint32_t end = map.begin(0);
    for (uint32_t t = 0; t + 1 < result.tree.starts.size(); ++t) {
      uint32_t next = result.tree.starts[t] + result.tree.lengths[t];
      tokens.emplace_back(map.text(end, next));
      end = next;
    }
    if (tokens.size() > 10 && tokens.size() < 3000) files.push_back(std::move(tokens));
  }
  return files;
}

std::string damaged(std::vector<std::string> tokens, std::mt19937& random) {
  for (uint32_t n = 1 + random() % 3; n != 0; --n) {
    size_t at = random() % tokens.size(), other = random() % tokens.size();
    switch (random() % 4) {
      case 0: tokens.erase(tokens.begin() + at); break;
      case 1: tokens.insert(tokens.begin() + at, tokens[at]); break;
      case 2: std::swap(tokens[at], tokens[other]); break;
      default: tokens.insert(tokens.begin() + at, tokens[other]); break;
    }
  }
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

void add_damaged(source::SourceMap& map) {
  std::vector<std::vector<std::string>> files = sources();
  ASSERT_GT(files.size(), 20u);
  std::mt19937 random(20261121);
  for (uint32_t i = 0; i < 3000; ++i)
    ASSERT_TRUE(map.add("damaged.rs", damaged(files[i % files.size()], random), uint8_t(random() % 4)).ok());
}

TEST(ParseMutation, DamagedFilesKeepTheRulesOfTrees) {
  source::SourceMap map(lex::known_words());
  add_damaged(map);
  parse::test::Result one = parse::test::parse_on_cpu(map, 1), two = parse::test::parse_on_cpu(map, 2);
  std::vector<bool> broken = parse::test::broken_files(one, map);
  for (const std::string& what : parse::validate(one.tree, broken)) ADD_FAILURE() << what;
  EXPECT_EQ(one.tree.kinds, two.tree.kinds);
  EXPECT_EQ(one.tree.tokens, two.tree.tokens);
  EXPECT_EQ(one.tree.sizes, two.tree.sizes);
  ASSERT_EQ(one.errors.size(), two.errors.size());
  // Both kinds were there: damage that the grammar allows, and damage that it does not.
  size_t wrong = size_t(std::count(broken.begin(), broken.end(), true));
  EXPECT_GT(wrong, 1000u);
  EXPECT_LT(wrong, map.files());
}

void expect_same(const parse::test::Result& a, const parse::test::Result& b, const source::SourceMap& map) {
  EXPECT_TRUE(a.tree.kinds == b.tree.kinds);
  EXPECT_TRUE(a.tree.flags == b.tree.flags);
  EXPECT_TRUE(a.tree.tokens == b.tree.tokens);
  EXPECT_TRUE(a.tree.sizes == b.tree.sizes);
  EXPECT_TRUE(a.tree.files == b.tree.files);
  EXPECT_TRUE(parse::test::error_text(a, map) == parse::test::error_text(b, map));
}

// A core alone parses files whole, and again with cuts if they have errors; what comes out is what those who always cut have.
TEST(ParseMutation, FilesParsedWholeAreAsThoseCut) {
  source::SourceMap map(lex::known_words());
  add_damaged(map);
  std::mt19937 random(3);
  for (std::string text : parse::test::long_files(300)) {
    for (int n = 0; n != 5; ++n) text.erase(random() % text.size(), 1 + random() % 3);
    ASSERT_TRUE(map.add("long.rs", text, 3).ok());
  }
  size_t different = 0;
  parse::test::Result before;
  for (uint32_t cut : {2u, 30u, 256u}) {
    parse::test::Result always = parse::test::parse_on_cpu(map, 1, cut), whole = parse::test::parse_on_cpu(map, 1, cut, false);
    expect_same(always, whole, map);
    expect_same(always, parse::test::parse_on_cpu(map, 3, cut, false), map);
    different += !before.errors.empty() && parse::test::error_text(before, map) != parse::test::error_text(always, map);
    before = std::move(always);
  }
  EXPECT_GT(different, 0u);  // where errors are cut does count
}

}  // namespace
