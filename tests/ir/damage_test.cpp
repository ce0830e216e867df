// The parser and the verifier on damaged text: an error or a program, never a crash; and what verifies is what the passes and the
// printer can take.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "ir/parse.h"
#include "ir/passes.h"
#include "ir/print.h"
#include "ir/verify.h"

namespace {

using namespace rustg;

std::vector<std::string> golden_files() {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(RUSTG_SOURCE_DIR "/tests/ir/golden")) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    texts.push_back(text.substr(0, text.find(";>")));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

// Replaces, removes or doubles a word, or a byte, of the text.
void damage(std::string& text, std::mt19937& random) {
  if (text.empty()) return;
  auto word_at = [&](size_t at) {
    auto is_word = [&](size_t i) {
      return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
    };
    size_t begin = at, end = at;
    while (begin > 0 && is_word(begin - 1)) --begin;
    while (is_word(end)) ++end;
    return std::pair(begin, end - begin);
  };
  const size_t at = random() % text.size();
  switch (random() % 6) {
    case 0: text[at] = static_cast<char>(random()); break;
    case 1: text.erase(at, 1 + random() % 4); break;
    case 2: text.insert(at, 1, "()[]{},=:;@\"\\-"[random() % 14]); break;
    case 3: text.resize(at); break;
    default: {  // another word of the same text in its place
      const auto [begin, size] = word_at(at);
      const auto [other, other_size] = word_at(random() % text.size());
      const std::string word = text.substr(other, other_size);
      text.replace(begin, size, word);
    }
  }
}

TEST(Damage, NothingCrashes) {
  const auto texts = golden_files();
  std::mt19937 random(1);
  size_t parsed = 0, verified = 0;
  for (int n = 0; n < 30000; ++n) {
    std::string text = texts[random() % texts.size()];
    for (uint32_t times = 1 + random() % 3; times != 0; --times) damage(text, random);
    auto p = ir::parse(text);
    if (!p) {
      EXPECT_NE(p.error().message.find(':'), std::string::npos);
      continue;
    }
    ++parsed;
    if (!ir::verify(*p).empty()) continue;
    ++verified;
    ir::optimize(*p, {.guards = true, .fuel = true});
    const auto errors = ir::verify(*p);
    ASSERT_TRUE(errors.empty()) << errors[0] << "\n" << text;
  }
  // The damage is of a kind that each stage gets its share.
  EXPECT_GT(parsed, 1500u);
  EXPECT_GT(verified, 300u);
}

}  // namespace
