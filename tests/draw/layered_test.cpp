// What a layered drawing promises, held against random graphs and against counting by brute force.
#include "draw/layered.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <set>

namespace rustg::draw {
namespace {

Dag random_dag(uint32_t nodes, uint32_t edges, uint32_t seed) {
  std::mt19937 random(seed);
  Dag graph;
  for (uint32_t v = 0; v != nodes; ++v)
    graph.boxes.push_back({40.0 + random() % 120, random() % 10 == 0 ? 54.0 : 22.0});
  // Names in any order: an edge leads along a hidden order of the nodes.
  std::vector<uint32_t> order(nodes);
  for (uint32_t v = 0; v != nodes; ++v) order[v] = v;
  std::shuffle(order.begin(), order.end(), random);
  std::set<std::pair<uint32_t, uint32_t>> all;
  for (uint32_t e = 0; e != edges; ++e) {
    uint32_t a = random() % nodes, b = random() % nodes;
    if (a != b) all.insert({order[std::min(a, b)], order[std::max(a, b)]});
  }
  graph.edges.assign(all.begin(), all.end());
  return graph;
}

void expect_well_drawn(const Dag& graph, const LayeredLayout& layout) {
  ASSERT_EQ(layout.corner.size(), graph.nodes());
  ASSERT_EQ(layout.ways.size(), graph.edges.size());
  std::set<uint32_t> used(layout.layer.begin(), layout.layer.end());
  EXPECT_EQ(used.size(), layout.layers);
  for (uint32_t a = 0; a != graph.nodes(); ++a) {
    const Point p = layout.corner[a];
    const Size s = graph.boxes[a];
    EXPECT_GE(p.x, -1e-6);
    EXPECT_GE(p.y, -1e-6);
    EXPECT_LE(p.x + s.width, layout.size.width + 1e-6);
    EXPECT_LE(p.y + s.height, layout.size.height + 1e-6);
    for (uint32_t b = 0; b != a; ++b) {
      const Point q = layout.corner[b];
      const Size t = graph.boxes[b];
      EXPECT_TRUE(p.x + s.width < q.x || q.x + t.width < p.x || p.y + s.height < q.y || q.y + t.height < p.y)
          << "boxes " << a << " and " << b << " overlap";
      if (layout.layer[a] == layout.layer[b])
        EXPECT_EQ(p.x, q.x);
      else
        EXPECT_EQ(layout.layer[a] < layout.layer[b], p.x < q.x);
    }
  }
  for (size_t e = 0; e != graph.edges.size(); ++e) {
    auto [from, to] = graph.edges[e];
    EXPECT_LT(layout.layer[from], layout.layer[to]);
    const auto& way = layout.ways[e];
    ASSERT_GE(way.size(), 2u);
    EXPECT_NEAR(way.front().x, layout.corner[from].x + graph.boxes[from].width, 1e-6);
    EXPECT_NEAR(way.front().y, layout.corner[from].y + graph.boxes[from].height / 2, 1e-6);
    EXPECT_NEAR(way.back().x, layout.corner[to].x, 1e-6);
    EXPECT_NEAR(way.back().y, layout.corner[to].y + graph.boxes[to].height / 2, 1e-6);
    for (size_t i = 1; i != way.size(); ++i) EXPECT_GE(way[i].x, way[i - 1].x - 1e-6);
    // Lines stay out of all other boxes: what is level in a column passes above or below, and curves are between columns.
    for (uint32_t b = 0; b != graph.nodes(); ++b) {
      if (b == from || b == to) continue;
      const double left = layout.corner[b].x, right = left + graph.boxes[b].width, top = layout.corner[b].y,
                   bottom = top + graph.boxes[b].height;
      for (size_t i = 1; i != way.size(); ++i) {
        if (way[i].x <= left + 1e-6 || way[i - 1].x >= right - 1e-6) continue;
        EXPECT_EQ(way[i - 1].y, way[i].y) << "a curve over box " << b;
        EXPECT_TRUE(way[i].y < top || way[i].y > bottom) << "edge " << e << " runs through box " << b;
      }
    }
  }
}

TEST(Layered, RandomGraphsAreWellDrawn) {
  for (uint32_t seed = 0; seed != 40; ++seed) {
    SCOPED_TRACE(seed);
    const Dag graph = random_dag(1 + seed * 3, seed * 5, seed);
    const LayeredLayout layout = lay_out_layers(graph);
    expect_well_drawn(graph, layout);
    if (HasFailure()) return;
  }
}

TEST(Layered, HundredsOfBoxes) {
  const Dag graph = random_dag(500, 800, 7);
  expect_well_drawn(graph, lay_out_layers(graph));
}

TEST(Layered, NothingAndOne) {
  EXPECT_EQ(lay_out_layers({}).layers, 0u);
  const LayeredLayout one = lay_out_layers({{{50, 22}}, {}});
  EXPECT_EQ(one.corner, (std::vector<Point>{{0, 0}}));
  EXPECT_EQ(one.size.width, 50);
  EXPECT_EQ(one.size.height, 22);
}

TEST(Layered, ChainIsStraight) {
  Dag graph;
  for (uint32_t v = 0; v != 30; ++v) {
    graph.boxes.push_back({60, 22});
    if (v != 0) graph.edges.push_back({v - 1, v});
  }
  const LayeredLayout layout = lay_out_layers(graph);
  EXPECT_EQ(layout.layers, 30u);
  for (const Point& p : layout.corner) EXPECT_EQ(p.y, 0);
}

// Layers of a longest chain are as many as its nodes, whatever else there is.
TEST(Layered, AsManyLayersAsTheLongestChain) {
  for (uint32_t seed = 0; seed != 20; ++seed) {
    const Dag graph = random_dag(60, 120, 100 + seed);
    std::vector<uint32_t> depth(graph.nodes());
    for (uint32_t round = 0; round != graph.nodes(); ++round)
      for (auto [from, to] : graph.edges) depth[to] = std::max(depth[to], depth[from] + 1);
    EXPECT_EQ(lay_out_layers(graph).layers, *std::max_element(depth.begin(), depth.end()) + 1);
  }
}

TEST(Layered, TreesHaveNoCrossings) {
  for (uint32_t seed = 0; seed != 20; ++seed) {
    std::mt19937 random(seed);
    Dag graph;
    for (uint32_t v = 0; v != 120; ++v) {
      graph.boxes.push_back({60, 22});
      if (v != 0) graph.edges.push_back({uint32_t(random() % v), v});
    }
    EXPECT_EQ(lay_out_layers(graph).crossings, 0u) << seed;
  }
}

// Two pieces of edges cross if their ends are in different orders in the two layers.
uint64_t count_crossings(const Layers& g) {
  uint64_t count = 0;
  std::vector<uint32_t> place(g.vertices());
  for (const auto& order : g.order)
    for (uint32_t i = 0; i != order.size(); ++i) place[order[i]] = i;
  for (const auto& order : g.order)
    for (uint32_t a : order)
      for (uint32_t b : order)
        for (uint32_t x : g.right[a])
          for (uint32_t y : g.right[b]) count += place[a] < place[b] && place[x] > place[y] ? 1 : 0;
  return count;
}

TEST(Layered, FewerCrossings) {
  uint64_t before = 0, after = 0;
  for (uint32_t seed = 0; seed != 30; ++seed) {
    Layers layers = make_layers(random_dag(60, 100, seed));
    const uint64_t first = count_crossings(layers);
    auto contents = [&] {
      std::vector<std::vector<uint32_t>> sorted = layers.order;
      for (auto& order : sorted) std::sort(order.begin(), order.end());
      return sorted;
    };
    const auto vertices = contents();
    const uint64_t said = reduce_crossings(layers);
    EXPECT_EQ(said, count_crossings(layers));
    EXPECT_EQ(contents(), vertices);
    EXPECT_LE(said, first);
    before += first;
    after += said;
  }
  EXPECT_LT(after * 2, before);
}

TEST(Layered, TransitiveEdges) {
  for (uint32_t seed = 0; seed != 30; ++seed) {
    const Dag graph = random_dag(40, 140, seed);
    const std::vector<uint8_t> transitive = find_transitive(graph);
    auto reaches = [&](uint32_t from, uint32_t to, size_t without) {
      std::vector<uint8_t> seen(graph.nodes());
      std::function<void(uint32_t)> visit = [&](uint32_t v) {
        seen[v] = 1;
        for (size_t e = 0; e != graph.edges.size(); ++e)
          if (e != without && graph.edges[e].first == v && !seen[graph.edges[e].second]) visit(graph.edges[e].second);
      };
      visit(from);
      return seen[to] != 0;
    };
    for (size_t e = 0; e != graph.edges.size(); ++e)
      EXPECT_EQ(transitive[e] != 0, reaches(graph.edges[e].first, graph.edges[e].second, e)) << seed << " " << e;
  }
}

TEST(Layered, SameEveryTime) {
  const Dag graph = random_dag(200, 350, 3);
  const LayeredLayout a = lay_out_layers(graph), b = lay_out_layers(graph);
  EXPECT_EQ(a.corner, b.corner);
  EXPECT_EQ(a.ways, b.ways);
}

}  // namespace
}  // namespace rustg::draw
