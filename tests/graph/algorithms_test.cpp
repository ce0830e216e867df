// Components, levels and distances against Boost.Graph and plain definitions, on random graphs of many shapes and on each device.
#include "graph/algorithms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <random>

#include "graph/import.h"
#include "graph/index.h"
#include "graph/package_graph.h"

namespace rustg::graph {

namespace {

struct Edges {
  uint32_t nodes;
  std::vector<std::pair<uint32_t, uint32_t>> list;
};

Edges random_edges(uint32_t nodes, uint32_t edges, uint32_t seed, bool acyclic) {
  std::mt19937 random(seed);
  Edges out{nodes, {}};
  for (uint32_t i = 0; i != edges; ++i) {
    uint32_t a = random() % nodes, b = random() % nodes;
    if (acyclic && a <= b) std::swap(a, b);
    if (acyclic && a == b) continue;
    out.list.push_back({a, b});
  }
  return out;
}

std::vector<Edges> graphs() {
  std::vector<Edges> all = {{1, {}}, {1, {{0, 0}}}, {2, {{0, 1}, {1, 0}, {0, 1}}}, {5, {}}};
  for (uint32_t seed = 0; seed != 12; ++seed) {
    uint32_t nodes = 1 + (seed * 997) % 4000;
    all.push_back(random_edges(nodes, nodes, seed, false));
    all.push_back(random_edges(nodes, nodes * 5 / 4, seed, false));
    all.push_back(random_edges(nodes, 3 * nodes, seed, true));
  }
  Edges chain{20'000, {}}, ring{20'000, {}}, rings{30'000, {}};
  for (uint32_t i = 0; i + 1 != chain.nodes; ++i) chain.list.push_back({i, i + 1});
  for (uint32_t i = 0; i != ring.nodes; ++i) ring.list.push_back({i, (i + 1) % 1000 == 0 ? i - 999 : i + 1});
  for (uint32_t i = 0; i != rings.nodes; ++i) {  // rings of three, each depending on the next
    rings.list.push_back({i, i % 3 == 2 ? i - 2 : i + 1});
    if (i + 3 < rings.nodes) rings.list.push_back({i, i + 3});
  }
  all.push_back(chain);
  all.push_back(ring);
  all.push_back(rings);
  all.push_back(random_edges(100'000, 600'000, 7, false));
  Edges hub{50'001, {}};  // that all depend on, and that is in a cycle
  for (uint32_t i = 0; i + 1 != hub.nodes; ++i) hub.list.push_back({i, hub.nodes - 1});
  all.push_back(hub);
  hub.list.push_back({hub.nodes - 1, 17});
  for (uint32_t i = 100; i != 200; ++i) hub.list.push_back({hub.nodes - 1, i});
  all.push_back(hub);
  return all;
}

using Boost = boost::compressed_sparse_row_graph<boost::directedS>;

struct Reference {
  std::vector<uint32_t> component, level, distance;
};

Reference reference(const Edges& edges, const std::vector<uint32_t>& seeds) {
  std::vector<std::pair<uint32_t, uint32_t>> sorted = edges.list;
  std::sort(sorted.begin(), sorted.end());
  Boost graph(boost::edges_are_sorted, sorted.begin(), sorted.end(), edges.nodes);
  std::vector<uint32_t> number(edges.nodes);
  uint32_t count = boost::strong_components(
      graph, boost::make_iterator_property_map(number.begin(), get(boost::vertex_index, graph)));
  Reference out;
  std::vector<uint32_t> least(count, kUnreached);
  for (uint32_t v = 0; v != edges.nodes; ++v) least[number[v]] = std::min(least[number[v]], v);
  for (uint32_t v = 0; v != edges.nodes; ++v) out.component.push_back(least[number[v]]);
  // Boost numbers components so that what is depended on comes first.
  std::vector<uint32_t> level(count, 0);
  std::vector<std::vector<uint32_t>> members(count), next(edges.nodes);
  for (auto [a, b] : sorted) next[a].push_back(b);
  for (uint32_t v = 0; v != edges.nodes; ++v) members[number[v]].push_back(v);
  for (uint32_t c = 0; c != count; ++c)
    for (uint32_t v : members[c])
      for (uint32_t w : next[v])
        if (number[w] != c) level[c] = std::max(level[c], level[number[w]] + 1);
  for (uint32_t v = 0; v != edges.nodes; ++v) out.level.push_back(level[number[v]]);

  out.distance.assign(edges.nodes, kUnreached);
  for (uint32_t seed : seeds) {
    std::vector<uint32_t> from(edges.nodes, kUnreached);
    from[seed] = 0;
    auto distances = boost::make_iterator_property_map(from.begin(), get(boost::vertex_index, graph));
    boost::breadth_first_search(
        graph, seed,
        boost::visitor(boost::make_bfs_visitor(boost::record_distances(distances, boost::on_tree_edge()))));
    for (uint32_t v = 0; v != edges.nodes; ++v) out.distance[v] = std::min(out.distance[v], from[v]);
  }
  return out;
}

template <class Queue>
void compare(Queue& queue, const std::vector<Edges>& graphs) {
  int number = 0;
  for (const Edges& edges : graphs) {
    SCOPED_TRACE(number++);
    std::vector<uint32_t> offsets(edges.nodes + 1), targets(edges.list.size());
    for (auto [a, b] : edges.list) ++offsets[a + 1];
    for (uint32_t v = 0; v != edges.nodes; ++v) offsets[v + 1] += offsets[v];
    std::vector<uint32_t> place = offsets;
    for (auto [a, b] : edges.list) targets[place[a]++] = b;
    Digraph<Queue> graph(queue, {offsets.data(), targets.data(), edges.nodes, uint32_t(targets.size())});
    std::vector<uint32_t> seeds = {0, edges.nodes / 2, edges.nodes - 1};
    Reference expected = reference(edges, seeds);
    auto component = queue.template allocate<uint32_t>(edges.nodes),
         level = queue.template allocate<uint32_t>(edges.nodes),
         distance = queue.template allocate<uint32_t>(edges.nodes), from = queue.upload(seeds);
    find_components(queue, graph, component.data());
    ASSERT_EQ(queue.download(component.data(), edges.nodes), expected.component);
    find_levels(queue, graph, component.data(), level.data());
    ASSERT_EQ(queue.download(level.data(), edges.nodes), expected.level);
    find_distances(queue, graph.forward(), from.data(), device::Count(uint32_t(seeds.size())), distance.data());
    ASSERT_EQ(queue.download(distance.data(), edges.nodes), expected.distance);
  }
}

// The newest versions of crates.io: what they depend on, the same with dev-dependencies (which make cycles), and who depends on them.
std::vector<Edges> crates_io(const std::string& index) {
  auto imported = import_index(index, {});
  EXPECT_TRUE(imported);
  const Registry r = imported->tables.registry();
  std::vector<Edges> all;
  for (bool dev : {false, true}) {
    EdgeKinds kinds;
    kinds.dev = dev;
    const PackageGraph graph = newest_graph(r, kinds);
    Edges edges{graph.nodes(), {}}, back{graph.nodes(), {}};
    for (uint32_t v = 0; v != graph.nodes(); ++v)
      for (uint32_t e = graph.offsets[v]; e != graph.offsets[v + 1]; ++e) {
        edges.list.push_back({v, graph.targets[e]});
        back.list.push_back({graph.targets[e], v});
      }
    all.push_back(std::move(edges));
    all.push_back(std::move(back));
  }
  return all;
}
constexpr const char* kCratesIo = "crates-io-2025-09-28.jsonl.zst";

}  // namespace

TEST(GraphAlgorithms, EqualBoostOnTheCpu) {
  for (int threads : {1, 2, 5}) {
    SCOPED_TRACE(threads);
    device::cpu::Queue queue(threads);
    compare(queue, graphs());
  }
}

TEST(GraphAlgorithms, EqualBoostOnCratesIo) {
  const auto index = real_index(kCratesIo);
  if (!index) GTEST_SKIP() << "RUSTG_CRATES_IO names no folder with " << kCratesIo;
  device::cpu::Queue queue;
  compare(queue, crates_io(*index));
}

#if defined(RUSTG_HAS_CUDA)
TEST(GraphAlgorithms, EqualBoostOnCuda) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  compare(**queue, graphs());
}

TEST(GraphAlgorithms, EqualBoostOnCratesIoOnCuda) {
  const auto index = real_index(kCratesIo);
  if (!index) GTEST_SKIP() << "RUSTG_CRATES_IO names no folder with " << kCratesIo;
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  compare(**queue, crates_io(*index));
}
#endif

}  // namespace rustg::graph
