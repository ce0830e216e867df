// Passes over a tree that is there: parents, and views, on each device.
#include "parse/parents.h"

#include <gtest/gtest.h>

#include "device/cuda/queue.h"
#include "parse/batch.h"
#include "parse/inputs.h"
#include "parse/view.h"
#include "parse/views.h"

namespace {

using namespace rustg;
using parse::kNoNode;
using parse::NodeKind;

struct Passes {
  parse::HostTree tree;
  std::vector<uint32_t> parents, names;
  std::vector<uint8_t> matches;
};

template <class Queue>
Passes run(Queue& queue, const source::Sources& sources) {
  lex::Tokens<Queue> tokens(queue);
  parse::Tree<Queue> tree(queue);
  lex::lex(queue, sources, tokens);
  parse::parse(queue, sources, tokens, tree);
  auto parents = queue.template allocate<uint32_t>(tree.count().bound);
  auto names = queue.template allocate<uint32_t>(tree.count().bound);
  auto matches = queue.template allocate<uint8_t>(tree.count().bound);
  uint64_t waits = queue.synchronisations();
  parse::parents(queue, tree.ref(), tree.count(), parents.data());
  parse::test::look_at_views(queue, tree.ref(), tree.count(), matches.data(), names.data());
  EXPECT_EQ(queue.synchronisations(), waits);
  Passes passes{parse::download(queue, sources.files, tokens, tree), {}, {}, {}};
  passes.parents = queue.download(parents.data(), passes.tree.count());
  passes.names = queue.download(names.data(), passes.tree.count());
  passes.matches = queue.download(matches.data(), passes.tree.count());
  return passes;
}

void fill(source::SourceMap& map) {
  ASSERT_TRUE(map.add("large.rs", parse::test::large_file(), 3).ok());
  ASSERT_TRUE(map.add("empty.rs", "", 3).ok());
  ASSERT_TRUE(
      map.add("small.rs", "#[a] fn f(x: u8) -> u8 { x + 1 }\nstruct S;\n#[b = c!(1)] pub fn g<T>() {}\n", 3).ok());
}

TEST(ParsePasses, EveryChildHasItsParentAndOnlyFilesHaveNone) {
  source::SourceMap map(lex::known_words());
  fill(map);
  for (int threads : {1, 3}) {
    device::cpu::Queue queue(threads);
    Passes passes = run(queue, map.host());
    const parse::HostTree& tree = passes.tree;
    std::vector<uint32_t> expected(tree.count(), kNoNode);
    for (uint32_t node = 0; node != tree.count(); ++node)
      for (uint32_t child : tree.children(node)) expected[child] = node;
    EXPECT_EQ(passes.parents, expected);
    uint32_t roots = 0;
    for (uint32_t node = 0; node != tree.count(); ++node) {
      roots += passes.parents[node] == kNoNode;
      EXPECT_EQ(passes.parents[node] == kNoNode, tree.kind(node) == NodeKind::file);
    }
    EXPECT_EQ(roots, 3u);
  }
}

TEST(ParsePasses, ViewsNameFunctions) {
  source::SourceMap map(lex::known_words());
  fill(map);
  device::cpu::Queue queue(1);
  Passes passes = run(queue, map.host());
  std::string names;
  for (uint32_t node = 0; node != passes.tree.count(); ++node) {
    EXPECT_EQ(passes.matches[node], 1) << node;
    uint32_t token = passes.tree.tokens[node];
    if (passes.tree.kind(node) != NodeKind::fn_item || map.file_at(passes.tree.starts[token]) != 2) continue;
    uint32_t name = passes.tree.tokens[passes.names[node]], begin = passes.tree.starts[name];
    names += map.text(begin, begin + passes.tree.lengths[name]);
  }
  EXPECT_EQ(names, "fg");
}

#if defined(RUSTG_HAS_CUDA)
TEST(ParsePassesCuda, AsOnTheCpu) {
  auto cuda = device::cuda::Queue::open();
  if (!cuda) GTEST_SKIP() << cuda.error().message;
  source::SourceMap map(lex::known_words());
  fill(map);
  device::cpu::Queue cpu(1);
  source::DeviceSources sources(**cuda, map.host());
  Passes expected = run(cpu, map.host()), passes = run(**cuda, sources.ref());
  EXPECT_EQ(passes.parents, expected.parents);
  EXPECT_EQ(passes.names, expected.names);
  EXPECT_EQ(passes.matches, expected.matches);
}
#endif

}  // namespace
