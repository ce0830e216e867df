// The CUDA device's tree and errors are the CPU's, byte for byte.
#include <gtest/gtest.h>

#include <filesystem>

#include "device/cuda/queue.h"
#include "parse/batch.h"

namespace {

using namespace rustg;

TEST(ParseCuda, EqualsCpu) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  source::SourceMap map(lex::known_words());
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(RUSTG_SOURCE_DIR "/tests"))
    if (entry.path().extension() == ".rs") paths.push_back(entry.path().string());
  auto loaded = map.load(paths, 3);
  ASSERT_TRUE(loaded.ok());
  source::DeviceSources sources(**queue, map.host());
  auto cpu = parse::test::parse_on_cpu(map), cuda = parse::test::parse_batch(**queue, sources.ref());
  EXPECT_EQ(cpu.tree.kinds, cuda.tree.kinds);
  EXPECT_EQ(cpu.tree.flags, cuda.tree.flags);
  EXPECT_EQ(cpu.tree.tokens, cuda.tree.tokens);
  EXPECT_EQ(cpu.tree.sizes, cuda.tree.sizes);
  EXPECT_EQ(cpu.tree.files, cuda.tree.files);
  EXPECT_EQ(parse::test::error_text(cpu, map), parse::test::error_text(cuda, map));
}

}  // namespace
