// What the front end takes of memory, and that what its passes lend each other holds what it should.
#include <gtest/gtest.h>

#include "lex/lane_queue.h"
#include "lex/lex.pass.h"
#include "parse/batch.h"
#include "parse/inputs.h"
#include "parse/parse.pass.h"

namespace rustg::parse {
namespace {

using Lanes = lex::LaneQueue<256>;

// Tokens, tree, what is needed beside them, and the source: at most ten times the source (`with_source`: bytes of it that are not in the queue's memory).
template <class Queue>
void expect_little(Queue& queue, const source::Sources& sources, size_t with_source) {
  lex::Tokens<Queue> tokens(queue);
  Tree<Queue> tree(queue);
  lex::lex(queue, sources, tokens);
  parse(queue, sources, tokens, tree);
  const size_t held = queue.memory()->held();
  EXPECT_LT(double(held + with_source) / double(sources.size), 10.0);
  EXPECT_GT(queue.read(tree.ref().count), sources.size / 20);
  // Once more takes no more; but for scans, of which cores take any number of blocks.
  lex::lex(queue, sources, tokens);
  parse(queue, sources, tokens, tree);
  EXPECT_LT(queue.memory()->held(), held + held / 1000);
}

// The standard library and the compiler.
class ParseMemory : public testing::Test {
 protected:
  void SetUp() override {
    const std::vector<std::string> paths = test::rust_source_files();
    if (paths.empty()) GTEST_SKIP() << test::kNoRustSource;
    ASSERT_TRUE(map_.load(paths, 3).ok());
    ASSERT_GT(map_.text_bytes(), 30'000'000u);
  }
  source::SourceMap map_{lex::known_words()};
};

TEST_F(ParseMemory, OneCore) {
  device::cpu::Queue queue(1);
  expect_little(queue, map_.host(), map_.host().size);
}

TEST_F(ParseMemory, ThreeCores) {
  device::cpu::Queue queue(3);
  expect_little(queue, map_.host(), map_.host().size);
}

TEST_F(ParseMemory, Lanes) {
  Lanes queue;
  expect_little(queue, map_.host(), map_.host().size);
}

// One batch after the other in the same arrays, each being larger than the one before or smaller, in bytes or in tokens.
template <class Queue, class Place>
void expect_batches_apart(Queue& queue, Place place) {
  const std::string comments = test::repeat("// a comment is no token, but a line that is long\n", 20'000);
  const std::vector<std::vector<std::string>> batches = {{"fn f() {}"},
                                                         {comments, "fn g() { h(1, \"a\") }"},
                                                         {test::large_file()},
                                                         test::long_files(300),
                                                         {"fn é() { a(b }", "fn f() { ; ; x y }"},
                                                         {test::large_file(), comments}};
  lex::Tokens<Queue> tokens(queue);
  Tree<Queue> tree(queue);
  for (const auto& texts : batches) {
    source::SourceMap map(lex::known_words());
    for (const std::string& text : texts) ASSERT_TRUE(map.add("a.rs", text, 3).ok());
    const auto sources = place(map);
    lex::lex(queue, sources.ref(), tokens);
    parse(queue, sources.ref(), tokens, tree);
    const test::Result there{download(queue, map.files(), tokens, tree), tree.errors(), {}}, here = test::parse_on_cpu(map);
    EXPECT_TRUE(there.tree.starts == here.tree.starts);
    EXPECT_TRUE(there.tree.lengths == here.tree.lengths);
    EXPECT_TRUE(there.tree.kinds == here.tree.kinds);
    EXPECT_TRUE(there.tree.flags == here.tree.flags);
    EXPECT_TRUE(there.tree.tokens == here.tree.tokens);
    EXPECT_TRUE(there.tree.sizes == here.tree.sizes);
    EXPECT_TRUE(there.tree.files == here.tree.files);
    EXPECT_EQ(test::error_text(there, map), test::error_text(here, map));
  }
}

struct OnHost {
  const source::SourceMap& map;
  source::Sources ref() const { return map.host(); }
};

TEST(ParseBatches, Cores) {
  device::cpu::Queue queue(3);
  expect_batches_apart(queue, [](const source::SourceMap& map) { return OnHost{map}; });
}

TEST(ParseBatches, Lanes) {
  Lanes queue;
  expect_batches_apart(queue, [](const source::SourceMap& map) { return OnHost{map}; });
}

#if defined(RUSTG_HAS_CUDA)
TEST_F(ParseMemory, Cuda) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  source::DeviceSources sources(**queue, map_.host());
  expect_little(**queue, sources.ref(), 0);
}

TEST(ParseBatches, Cuda) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  expect_batches_apart(**queue, [&](const source::SourceMap& map) { return source::DeviceSources(**queue, map.host()); });
}
#endif

}  // namespace
}  // namespace rustg::parse
