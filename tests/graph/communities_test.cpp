// Communities against what was put into a graph, and against modularity counted from its definition; on each device.
#include "graph/communities.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

namespace rustg::graph {

namespace {

using Edges = std::vector<std::pair<uint32_t, uint32_t>>;

struct Lists {
  std::vector<uint32_t> offsets, targets;
  Lists(uint32_t nodes, Edges edges) : offsets(nodes + 1) {
    std::stable_sort(edges.begin(), edges.end(), [](auto a, auto b) { return a.first < b.first; });
    for (auto [a, b] : edges) {
      ++offsets[a + 1];
      targets.push_back(b);
    }
    for (uint32_t v = 0; v != nodes; ++v) offsets[v + 1] += offsets[v];
  }
  Csr csr() const { return {offsets.data(), targets.data(), uint32_t(offsets.size() - 1), uint32_t(targets.size())}; }
};

// A list of communities for each level.
template <class Queue>
std::vector<std::vector<uint32_t>> communities(Queue& queue, uint32_t nodes, const Edges& edges) {
  const Lists lists(nodes, edges);
  Digraph<Queue> graph(queue, lists.csr());
  auto out = queue.template allocate<uint32_t>(size_t(nodes) * kMostCommunityLevels);
  const uint32_t levels = find_communities(queue, graph, out.data());
  std::vector<std::vector<uint32_t>> all;
  for (uint32_t l = 0; l != levels; ++l) all.push_back(queue.download(out.data() + size_t(l) * nodes, nodes));
  return all;
}

// Groups of `size` nodes: an edge inside of a group is much likelier than one between groups.
Edges planted(uint32_t groups, uint32_t size, double inside, double between, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> draw;
  Edges edges;
  for (uint32_t a = 0; a != groups * size; ++a)
    for (uint32_t b = 0; b != groups * size; ++b)
      if (a != b && draw(random) < (a % groups == b % groups ? inside : between)) edges.push_back({a, b});
  return edges;
}

// Newman's definition, an edge weighing 1 + 256 / root of how many lead to where it leads.
double modularity(uint32_t nodes, const Edges& edges, const std::vector<uint32_t>& community) {
  std::vector<uint32_t> into(nodes);
  for (auto [a, b] : edges) ++into[b];
  std::map<uint32_t, double> degree;
  double all = 0, inside = 0;
  for (auto [a, b] : edges) {
    if (a == b) continue;
    const double weight = 1 + std::floor(256 / std::floor(std::sqrt(into[b])));
    degree[community[a]] += weight;
    degree[community[b]] += weight;
    all += 2 * weight;
    if (community[a] == community[b]) inside += 2 * weight;
  }
  double out = inside / all;
  for (auto [c, d] : degree) out -= d / all * (d / all);
  return out;
}

void expect_nested(const std::vector<std::vector<uint32_t>>& levels, uint32_t nodes) {
  for (size_t l = 0; l != levels.size(); ++l) {
    std::set<uint32_t> used(levels[l].begin(), levels[l].end());
    EXPECT_EQ(*used.rbegin() + 1, used.size()) << "numbers without gaps";
    if (l == 0) continue;
    std::map<uint32_t, uint32_t> above;
    for (uint32_t v = 0; v != nodes; ++v)
      EXPECT_EQ(above.try_emplace(levels[l - 1][v], levels[l][v]).first->second, levels[l][v]);
  }
}

}  // namespace

TEST(Communities, FindsWhatWasPlanted) {
  for (uint32_t seed = 0; seed != 5; ++seed) {
    const uint32_t groups = 12, size = 30, nodes = groups * size;
    const Edges edges = planted(groups, size, 0.2, 0.004, seed);
    device::cpu::Queue queue;
    const auto levels = communities(queue, nodes, edges);
    ASSERT_FALSE(levels.empty());
    expect_nested(levels, nodes);
    std::set<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t v = 0; v != nodes; ++v) pairs.insert({v % groups, levels.back()[v]});
    EXPECT_EQ(pairs.size(), groups) << "seed " << seed;
  }
}

TEST(Communities, LaterLevelsAreBetter) {
  for (uint32_t seed = 0; seed != 8; ++seed) {
    std::mt19937 random(seed);
    const uint32_t nodes = 200 + seed * 300;
    Edges edges;
    // As in a registry: some are depended upon by very many.
    for (uint32_t e = 0; e != nodes * 4; ++e) {
      const uint32_t a = random() % nodes, to = uint32_t(std::pow(double(random() % 1000) / 1000, 4) * nodes);
      edges.push_back({a, (to + a / 50) % nodes});
    }
    device::cpu::Queue queue;
    const auto levels = communities(queue, nodes, edges);
    expect_nested(levels, nodes);
    std::vector<uint32_t> single(nodes);
    for (uint32_t v = 0; v != nodes; ++v) single[v] = v;
    double before = modularity(nodes, edges, single);
    for (const auto& level : levels) {
      const double now = modularity(nodes, edges, level);
      EXPECT_GE(now, before - 1e-9) << "seed " << seed;
      before = now;
    }
    EXPECT_GT(before, 0.2);
  }
}

TEST(Communities, FewNodes) {
  device::cpu::Queue queue;
  EXPECT_TRUE(communities(queue, 0, {}).empty());
  EXPECT_EQ(communities(queue, 1, {{0, 0}}), (std::vector<std::vector<uint32_t>>{{0}}));
  EXPECT_EQ(communities(queue, 3, {}).back(), (std::vector<uint32_t>{0, 1, 2}));
  const auto pairs = communities(queue, 4, {{0, 2}, {3, 1}}).back();
  EXPECT_EQ(pairs[0], pairs[2]);
  EXPECT_EQ(pairs[1], pairs[3]);
  EXPECT_NE(pairs[0], pairs[1]);
}

// Twenty thousand nodes: more than one thread has a part in it.
Edges many() {
  std::mt19937 random(1);
  Edges edges;
  for (uint32_t e = 0; e != 100'000; ++e) {
    const uint32_t a = random() % 20'000;
    edges.push_back({a, random() % 3 == 0 ? random() % 50 : (a / 100 * 100 + random() % 100) % 20'000});
  }
  return edges;
}

TEST(Communities, SameForAnyNumberOfThreads) {
  device::cpu::Queue one(1), four(4);
  const auto levels = communities(one, 20'000, many());
  EXPECT_GT(levels.size(), 1u);
  EXPECT_EQ(communities(four, 20'000, many()), levels);
}

TEST(Communities, SameOnCuda) {
  auto cuda = device::cuda::Queue::open();
  if (!cuda) GTEST_SKIP() << cuda.error().message;
#if defined(RUSTG_HAS_CUDA)
  device::cpu::Queue cpu;
  EXPECT_EQ(communities(**cuda, 20'000, many()), communities(cpu, 20'000, many()));
#endif
}

}  // namespace rustg::graph
