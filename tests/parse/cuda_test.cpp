// The CUDA device's tree and errors are the CPU's, byte for byte.
#include <gtest/gtest.h>

#include <filesystem>

#include "device/cuda/queue.h"
#include "parse/batch.h"
#include "parse/inputs.h"

namespace {

using namespace rustg;

void expect_equal(const source::SourceMap& map) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  source::DeviceSources sources(**queue, map.host());
  auto cpu = parse::test::parse_on_cpu(map), cuda = parse::test::parse_batch(**queue, sources.ref());
  EXPECT_EQ(cpu.tree.count(), cuda.tree.count());
  EXPECT_TRUE(cpu.tree.kinds == cuda.tree.kinds);
  EXPECT_TRUE(cpu.tree.flags == cuda.tree.flags);
  EXPECT_TRUE(cpu.tree.tokens == cuda.tree.tokens);
  EXPECT_TRUE(cpu.tree.sizes == cuda.tree.sizes);
  EXPECT_TRUE(cpu.tree.files == cuda.tree.files);
  EXPECT_EQ(parse::test::error_text(cpu, map), parse::test::error_text(cuda, map));
}

TEST(ParseCuda, FilesOfTheTests) {
  std::filesystem::path folder = RUSTG_SOURCE_DIR "/tests";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  source::SourceMap map(lex::known_words());
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".rs") paths.push_back(entry.path().string());
  ASSERT_TRUE(map.load(paths, 3).ok());
  expect_equal(map);
}

TEST(ParseCuda, LargeFiles) {
  source::SourceMap map(lex::known_words());
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(map.add("large.rs", parse::test::large_file(), 3).ok());
    ASSERT_TRUE(map.add("small.rs", "fn f() {}", 3).ok());
  }
  expect_equal(map);
}

TEST(ParseCuda, LongLists) {
  source::SourceMap map(lex::known_words());
  for (const std::string& text : parse::test::long_files(2000)) ASSERT_TRUE(map.add("long.rs", text, 3).ok());
  expect_equal(map);
}

TEST(ParseCuda, Nesting) {
  source::SourceMap map(lex::known_words());
  // Within a lane's own slots, in a few chunks, and up to what is too deep for any stack.
  for (uint32_t depth : {10u, 200u, 4000u, 100'000u})
    for (const std::string& text : parse::test::deep_files(depth)) ASSERT_TRUE(map.add("deep.rs", text, 3).ok());
  expect_equal(map);
}

TEST(ParseCuda, AnyTokens) {
  source::SourceMap map(lex::known_words());
  for (const std::string& text : parse::test::random_files(3000)) ASSERT_TRUE(map.add("random.rs", text, 3).ok());
  expect_equal(map);
}

}  // namespace
