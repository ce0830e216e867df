// What a picture of a registry promises: every crate is in it once, in its circle, clear of the others, with its own edges.
#include "draw/registry_picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace rustg::draw {
namespace {

using graph::PackageGraph;

// Communities of all sizes, some crates that everybody needs, and some on their own. Edges stand there twice at times.
PackageGraph registry(uint32_t nodes, uint32_t seed) {
  std::mt19937 random(seed);
  PackageGraph out;
  out.offsets.assign(1, 0);
  for (uint32_t v = 0; v != nodes; ++v) {
    out.versions.push_back(v);
    const uint32_t kind = random() % 8;
    if (kind != 0)
      for (uint32_t e = random() % 6 + 1; e-- != 0;) {
        const uint32_t block = v < nodes / 2 ? 40 : 16 + v % 50;
        const uint32_t drawn = uint32_t(random() % 4 == 0        ? random() % 10
                                        : v < nodes / 2 && e < 2 ? 12 + v % 3
                                                                 : v / block * block + random() % block);
        const uint32_t to = std::min(nodes - 1, drawn);
        out.targets.push_back(to);
        if (random() % 5 == 0) out.targets.push_back(to);
      }
    out.offsets.push_back(uint32_t(out.targets.size()));
  }
  out.dependencies.resize(out.targets.size());
  return out;
}

void expect_well_drawn(const PackageGraph& graph, const RegistryPicture& p) {
  const uint32_t n = graph.nodes();
  ASSERT_EQ(p.crates.size(), n);
  ASSERT_EQ(p.discs.size(), n);
  std::vector<uint32_t> number(n, graph::kNone);
  for (uint32_t i = 0; i != n; ++i) {
    EXPECT_EQ(number[p.crates[i]], graph::kNone);
    number[p.crates[i]] = i;
  }
  std::vector<uint32_t> dependents(n);
  for (uint32_t i = 0; i != n; ++i) {
    const uint32_t v = p.crates[i];
    std::set<uint32_t> expected;
    for (uint32_t e = graph.offsets[v]; e != graph.offsets[v + 1]; ++e)
      if (graph.targets[e] != v) expected.insert(number[graph.targets[e]]);
    EXPECT_EQ(std::vector<uint32_t>(p.targets.begin() + p.offsets[i], p.targets.begin() + p.offsets[i + 1]),
              std::vector<uint32_t>(expected.begin(), expected.end()));
    for (uint32_t t : expected) ++dependents[t];
  }
  EXPECT_EQ(p.dependents, dependents);
  std::vector<uint32_t> owners(n);
  uint32_t outermost = 0;
  auto distance = [](const Circle& a, const Circle& b) { return std::hypot(a.x - b.x, a.y - b.y); };
  for (size_t c = 0; c != p.circles.size(); ++c) {
    const CrateCircle& circle = p.circles[c];
    EXPECT_LE(circle.own, circle.count);
    EXPECT_GE(circle.named_for, circle.first);
    EXPECT_LT(circle.named_for, circle.first + circle.count);
    for (uint32_t i = circle.first; i != circle.first + circle.own; ++i) {
      ++owners[i];
      EXPECT_LE(distance(p.discs[i], circle.at) + p.discs[i].r, circle.at.r + 1e-4);
      if (i != circle.first) {
        EXPECT_GE(p.dependents[i - 1], p.dependents[i]);
      }
    }
    if (circle.parent == graph::kNone) {
      EXPECT_EQ(circle.first, outermost) << "outermost circles stand one after the other";
      outermost += circle.count;
      EXPECT_LE(std::hypot(circle.at.x, circle.at.y) + circle.at.r, p.radius + 1e-4);
    } else {
      const CrateCircle& around = p.circles[circle.parent];
      EXPECT_LT(circle.parent, c);
      EXPECT_LE(distance(circle.at, around.at) + circle.at.r, around.at.r + 1e-4);
      EXPECT_GE(circle.first, around.first + around.own);
      EXPECT_LE(circle.first + circle.count, around.first + around.count);
    }
    for (size_t d = 0; d != c; ++d)
      if (p.circles[d].parent == circle.parent) {
        EXPECT_GE(distance(circle.at, p.circles[d].at), circle.at.r + p.circles[d].at.r - 1e-4);
      }
  }
  EXPECT_EQ(outermost, n);
  EXPECT_EQ(std::count(owners.begin(), owners.end(), 1u), n);
  for (uint32_t i = 0; i != n; ++i) {
    EXPECT_NEAR(p.discs[i].r, std::pow(1 + p.dependents[i], kGrowth), 1e-9);
    for (uint32_t j = 0; j != i; ++j)
      ASSERT_GE(distance(p.discs[i], p.discs[j]), p.discs[i].r + p.discs[j].r - 1e-4) << i << " on " << j;
  }
}

TEST(RegistryPicture, EverythingIsInItsPlace) {
  for (uint32_t nodes : {1u, 2u, 9u, 300u, 2500u}) {
    SCOPED_TRACE(nodes);
    const PackageGraph graph = registry(nodes, nodes);
    device::cpu::Queue queue;
    const RegistryPicture picture = make_registry_picture(queue, graph, "all");
    expect_well_drawn(graph, picture);
    if (nodes == 2500) {
      EXPECT_TRUE(std::any_of(picture.circles.begin(), picture.circles.end(),
                              [](const CrateCircle& c) { return c.parent != graph::kNone; }));
      EXPECT_GT(picture.communities, 3u);
      EXPECT_TRUE(std::any_of(picture.circles.begin(), picture.circles.end(), [](const CrateCircle& c) {
        return c.hue == kNoHue && c.parent == graph::kNone && c.own == c.count;
      })) << "some are on their own";
    }
    if (HasFailure()) return;
  }
}

TEST(RegistryPicture, SameForAnyNumberOfThreads) {
  const PackageGraph graph = registry(3000, 5);
  device::cpu::Queue one(1), four(4);
  const RegistryPicture a = make_registry_picture(one, graph, "all"), b = make_registry_picture(four, graph, "all");
  EXPECT_EQ(a.crates, b.crates);
  ASSERT_EQ(a.circles.size(), b.circles.size());
  for (size_t i = 0; i != a.discs.size(); ++i) {
    EXPECT_EQ(a.discs[i].x, b.discs[i].x);
    EXPECT_EQ(a.discs[i].y, b.discs[i].y);
  }
}

}  // namespace
}  // namespace rustg::draw
