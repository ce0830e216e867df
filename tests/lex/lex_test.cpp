// Golden files, and that neither the device, the number of threads nor the places where text is cut change the tokens.
#include <time.h>

#include <fstream>
#include <random>
#include <sstream>

#include "golden/golden.h"
#include "lex/host_tokens.h"
#include "lex/lane_queue.h"
#include "lex/lex.pass.h"

namespace rustg::lex {
namespace {

const Edition kEditions[] = {Edition::e2015, Edition::e2018, Edition::e2021, Edition::e2024};

template <uint32_t kBytes>
void expect_same_by_lanes(const source::SourceMap& map, const HostTokens& expected, std::string_view text = {}) {
  LaneQueue<kBytes> lanes;
  Tokens<LaneQueue<kBytes>> tokens(lanes);
  const HostTokens there = lex_to_host(lanes, map.host(), tokens);
  EXPECT_TRUE(there == expected) << "lanes of " << kBytes << " bytes:\n" << text;
  if (map.text_bytes() < 1000) {
    EXPECT_EQ(dump(map, there), dump(map, expected)) << text;
  }
}

void expect_same_however_cut(const std::string& text, std::initializer_list<uint32_t> sizes) {
  for (Edition edition : kEditions) {
    source::SourceMap map(known_words());
    ASSERT_TRUE(map.add("a.rs", text, uint8_t(edition)));
    ASSERT_TRUE(map.add("b.rs", "fn b() {}", uint8_t(edition)));
    device::cpu::Queue queue(1);
    const HostTokens whole = lex_to_host(queue, map.host());
    expect_same_by_lanes<8>(map, whole, text);
    expect_same_by_lanes<64>(map, whole, text);
    for (uint32_t size : sizes) {
      CuttingQueue cutting(size);
      Tokens<CuttingQueue> tokens(cutting);
      const HostTokens cut = lex_to_host(cutting, map.host(), tokens);
      EXPECT_EQ(dump(map, cut), dump(map, whole)) << "chunks of " << size << " bytes, edition " << int(edition) << ":\n" << text;
      EXPECT_EQ(cut.errors, whole.errors) << "chunks of " << size << " bytes, edition " << int(edition) << ":\n" << text;
    }
  }
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> inputs() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(RUSTG_SOURCE_DIR "/tests/lex/golden")) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(LexChunks, GoldenFilesInAnyChunks) {
  for (const auto& path : inputs())
    expect_same_however_cut(read_file(path), {1, 2, 3, 5, 7, 8, 13, 16, 31, 32, 33, 63, 64, 65, 100, 127, 128, 257, 1000});
}

// Pieces that open and close everything, in random order: most are wrong programs, and all are cut everywhere.
TEST(LexChunks, RandomPieces) {
  const char* pieces[] = {"\"",    "\\\"", "\\\\", "'",     "'a",   "'a'",  "b'",   "b\"",  "r\"",   "r#\"",    "\"#",  "r##\"", "\"##", "br#\"",
                          "c\"",   "cr#\"", "/*",  "*/",    "//",   "///",  "//!",  "/**",  "/*!",   "\n",      " ",    ";",     ",",    "x",
                          "r#x",   "'r#x", "#",    "##",    "#\"",  "1",    "1.5",  "0x1f", "1e",    "1e+3",    "..",   ".",     "-",    "{",
                          "}",     "\\",   "\\n",  "é",     "\xe2\x80\x83", "foo", "_",   "u8",   "r########\"", "\"########", "/*/*/*/*/*/*/*", "\r",
                          "\r\n",  "🦀",   "`",    "\t'",   "' '",  "';'",  "abc def", "'\\\n", "\\u{1F600}", "\\x41"};
  std::mt19937 random(1);
  for (int round = 0; round < 1500; ++round) {
    std::string text;
    for (uint32_t n = 1 + random() % 40; n != 0; --n) text += pieces[random() % std::size(pieces)];
    expect_same_however_cut(text, {1, 3, 8, 17, 64});
    if (HasFailure()) break;
  }
}

TEST(LexChunks, DepthAndHashesBeyondTheStates) {
  std::string deep, raw = "r" + std::string(300, '#') + "\" text \"" + std::string(299, '#') + " \n;\"" + std::string(300, '#') + " x";
  for (int i = 0; i < 50; ++i) deep += "/* comment; \n";
  for (int i = 0; i < 49; ++i) deep += "*/ \"' \n";
  expect_same_however_cut(deep + "*/ end \"string\" 'a'", {1, 16, 64, 100});
  expect_same_however_cut(deep, {1, 16, 64, 100});
  expect_same_however_cut(raw, {1, 16, 64, 100});
  expect_same_however_cut("a " + raw + " ; \"x\" 'c' " + deep + "*/ z", {1, 16, 64, 100});
}

TEST(LexChunks, Empty) {
  source::SourceMap map(known_words());
  device::cpu::Queue queue(1);
  EXPECT_TRUE(lex_to_host(queue, map.host()).kinds.empty());
  ASSERT_TRUE(map.add("empty.rs", "", 0));
  HostTokens one = lex_to_host(queue, map.host());
  ASSERT_EQ(one.kinds.size(), 1u);
  EXPECT_EQ(TokenKind(one.kinds[0]), TokenKind::eof);
  EXPECT_EQ(one.files, (std::vector<uint32_t>{0, 1}));
}

// More tokens and symbols than a batch is first given room for.
TEST(LexRoom, GrowsWhenCodeIsDense) {
  std::string text(400000, ';');
  for (int i = 0; i < 100000; ++i) text += "x" + std::to_string(i) + ";";
  source::SourceMap map(known_words());
  ASSERT_TRUE(map.add("dense.rs", text, 3));
  device::cpu::Queue queue;
  HostTokens tokens = lex_to_host(queue, map.host());
  EXPECT_EQ(tokens.kinds.size(), 400000u + 200000 + 1);
  EXPECT_EQ(tokens.texts.size(), sym::kKnown + 100000u);
  expect_same_by_lanes<512>(map, tokens);
}

// Fewer tokens than there are fit: they are counted all the same, and nothing is written elsewhere.
TEST(LexRoom, SaysHowManyTokensDidNotFit) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "y" + std::to_string(i) + ";";
  source::SourceMap map(known_words());
  ASSERT_TRUE(map.add("dense.rs", text, 3));
  for (int threads : {1, 2, 4}) {
    device::cpu::Queue queue(threads);
    Tokens<device::cpu::Queue> tokens(queue);
    for (uint32_t room : {1u, 63u, 100'001u, 400'000u}) {
      tokens.reserve_starts(map.host().size, 1, sym::kKnown);
      tokens.reserve_tokens(room, 300'000);
      lex_reserved(queue, map.host(), tokens);
      EXPECT_EQ(queue.read(tokens.ref().count), 400'001u) << threads << " threads, room for " << room;
    }
  }
}

// One name, written in a form that is not its NFC, more often than a batch is first given room for; and in its NFC at last.
TEST(LexRoom, GrowsForUnusualNames) {
  std::string text;
  for (int i = 0; i < 150000; ++i) text += "e\u0301;";
  text += "\u00e9";
  source::SourceMap map(known_words());
  ASSERT_TRUE(map.add("unusual.rs", text, 3));
  device::cpu::Queue queue;
  const HostTokens tokens = lex_to_host(queue, map.host());
  ASSERT_EQ(tokens.kinds.size(), 2 * 150000u + 2);
  for (uint32_t i = 0; i <= 300000; i += 2) ASSERT_EQ(tokens.symbols[i], tokens.symbols[300000]) << i;
  expect_same_by_lanes<512>(map, tokens);
}

// As written, and as compared: more symbols than tokens.
TEST(LexUnusualNames, HaveTwoSymbols) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "'r#a" + std::to_string(i) + " ";
  source::SourceMap map(known_words());
  ASSERT_TRUE(map.add("unusual.rs", text, 3));
  device::cpu::Queue one(1), three(3);
  const HostTokens alone = lex_to_host(one, map.host()), together = lex_to_host(three, map.host());
  EXPECT_EQ(alone.kinds.size(), 1001u);
  EXPECT_EQ(alone.symbols[999], sym::kKnown + 1999);
  EXPECT_TRUE(alone == together) << difference(alone, together);
  expect_same_by_lanes<512>(map, alone);
}

// What cannot be cut anywhere, and what is cut everywhere but is one token: neither may take more than time linear in its length. A limit of
// seconds is what something quadratic misses by hours.
void expect_linear(const std::string& text, uint32_t token_count) {
  source::SourceMap map(known_words());
  ASSERT_TRUE(map.add("long.rs", text, 3));
  device::cpu::Queue one(1), three(3);
  auto seconds = [] {  // of all threads of this process
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
  };
  const double begin = seconds();
  HostTokens alone = lex_to_host(one, map.host());
  const double between = seconds();
  HostTokens together = lex_to_host(three, map.host());
  const double end = seconds();
  EXPECT_EQ(alone.kinds.size(), token_count);
  EXPECT_TRUE(alone == together) << difference(alone, together);
  const double limit = 2 + double(text.size()) / 10e6;
  EXPECT_LT(between - begin, limit);
  EXPECT_LT(end - between, 3 * limit);
}
TEST(LexLength, LineWithoutSafePlace) {
  std::string words, dots(1 << 20, '.'), one_word(1 << 20, 'x');
  for (int i = 0; words.size() < 1 << 20; ++i) words += "w" + std::to_string(i) + "+";
  expect_linear(words, uint32_t(2 * std::count(words.begin(), words.end(), '+')) + 1);
  expect_linear(dots, (1 << 20) + 1);
  expect_linear(one_word, 2);
}
TEST(LexLength, TokenOfHundredMegabytes) {
  constexpr size_t kBytes = 100'000'000;
  expect_linear("\"" + std::string(kBytes, 'x') + "\" y", 3);
  expect_linear("/**" + std::string(kBytes, ';') + "*/ y", 3);
  expect_linear("r#\"" + std::string(kBytes, '"') + "\"# y", 3);
}

TEST(LexThreads, ManyAreAsOne) {
  source::SourceMap map(known_words());
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(RUSTG_SOURCE_DIR "/tests/run_pass")) {
    if (entry.path().extension() == ".rs") paths.push_back(entry.path());
  }
  for (const auto& path : inputs()) paths.push_back(path);
  std::string big;
  for (const auto& path : inputs()) {
    for (int i = 0; i < 300; ++i) big += "\n" + read_file(path);
  }
  ASSERT_TRUE(map.load(paths, 3));
  ASSERT_TRUE(map.add("big.rs", big, 3));
  ASSERT_TRUE(map.add("big.rs", big, 2));
  device::cpu::Queue one(1), four(4);
  HostTokens alone = lex_to_host(one, map.host()), together = lex_to_host(four, map.host());
  EXPECT_TRUE(alone == together);
  expect_same_by_lanes<256>(map, alone);
  expect_same_by_lanes<64>(map, alone);
}

// Names in so random an order that in all parts of the text there are some that others have first, some are new, and some are met for the first time by
// several cores at once.
TEST(LexThreads, NumberNamesInTheirOrder) {
  std::mt19937 random(7);
  std::string text;
  for (uint32_t i = 0; text.size() < 6u << 20; ++i) {
    const uint32_t known = random() % (i / 2 + 1), soon = i / 2 + random() % 4000;
    text += "n" + std::to_string(random() % 3 == 0 ? soon : known) + (random() % 16 == 0 ? "_and_a_long_rest;\n" : ",");
    if (random() % 64 == 0) text += " r#n" + std::to_string(known) + " 'n" + std::to_string(soon) + " \"n" + std::to_string(soon) + "\"";
  }
  source::SourceMap map(known_words());
  ASSERT_TRUE(map.add("names.rs", text, 3));
  device::cpu::Queue one(1);
  const HostTokens alone = lex_to_host(one, map.host());
  EXPECT_GT(alone.texts.size(), 100'000u);
  for (int threads : {2, 3, 5, 16}) {
    device::cpu::Queue several(threads);
    for (int round = 0; round < 3; ++round) {
      const HostTokens together = lex_to_host(several, map.host());
      EXPECT_TRUE(together == alone) << threads << " threads: " << difference(together, alone);
    }
  }
}

// RUSTG_TREES: folders of .rs files, with colons. body(paths, folder) for each.
template <class Body>
void for_each_tree(Body body) {
  const char* trees = std::getenv("RUSTG_TREES");
  if (trees == nullptr) GTEST_SKIP() << "RUSTG_TREES is not set";
  std::istringstream folders(trees);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file() && entry.path().extension() == ".rs") paths.push_back(entry.path());
    }
    ASSERT_FALSE(paths.empty());
    body(paths, folder);
  }
}

TEST(LexLanes, GiveWhatCoresGiveForWholeTrees) {
  for_each_tree([](const std::vector<std::string>& paths, const std::string&) {
    source::SourceMap map(known_words());
    ASSERT_TRUE(map.load(paths, uint8_t(Edition::e2021)));
    device::cpu::Queue one(1), three(3);
    const HostTokens here = lex_to_host(one, map.host()), together = lex_to_host(three, map.host());
    EXPECT_TRUE(together == here) << difference(together, here);
    expect_same_by_lanes<256>(map, here);
    expect_same_by_lanes<128>(map, here);
  });
}

#if defined(RUSTG_HAS_CUDA)
TEST(LexCuda, GivesWhatTheCpuGives) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  source::SourceMap map(known_words());
  std::vector<std::string> paths;
  std::string big;
  for (const auto& path : inputs()) {
    paths.push_back(path);
    for (int i = 0; i < 300; ++i) big += "\n" + read_file(path);
  }
  ASSERT_TRUE(map.load(paths, 3));
  ASSERT_TRUE(map.add("big.rs", big, 2));
  device::cpu::Queue cpu;
  source::DeviceSources<device::cuda::Queue> sources(**queue, map.host());
  HostTokens there = lex_to_host(**queue, sources.ref()), here = lex_to_host(cpu, map.host());
  EXPECT_TRUE(there == here) << difference(there, here);
}

TEST(LexCuda, GivesWhatTheCpuGivesForWholeTrees) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  for_each_tree([&](const std::vector<std::string>& paths, const std::string& folder) {
    for (Edition edition : kEditions) {
      source::SourceMap map(known_words());
      ASSERT_TRUE(map.load(paths, uint8_t(edition)));
      device::cpu::Queue cpu;
      source::DeviceSources<device::cuda::Queue> sources(**queue, map.host());
      HostTokens there = lex_to_host(**queue, sources.ref()), here = lex_to_host(cpu, map.host());
      EXPECT_TRUE(there == here) << difference(there, here) << folder << ", edition " << int(edition);
    }
  });
}
#endif

}  // namespace
}  // namespace rustg::lex

int main(int argc, char** argv) {
  using namespace rustg;
  testing::InitGoogleTest(&argc, argv);
  bool autoupdate = argc > 1 && std::string(argv[1]) == "--autoupdate";
  golden::add_tests("LexGolden", RUSTG_SOURCE_DIR "/tests/lex/golden", ".rs", "//>",
                    [](const std::string& input) {
                      // `// edition: 2018` in the first line says which; else 2024.
                      int edition = input.starts_with("// edition: ") ? std::stoi(input.substr(12)) : 2024;
                      source::SourceMap map(lex::known_words());
                      auto file = map.add("input.rs", input, uint8_t((edition - 2015) / 3));
                      if (!file) return golden::Outcome{false, file.error().message};
                      device::cpu::Queue queue(1);
                      lex::HostTokens tokens = lex::lex_to_host(queue, map.host());
                      return golden::Outcome{tokens.errors[0] == 0, lex::dump(map, tokens)};
                    },
                    autoupdate);
  return RUN_ALL_TESTS();
}
