#include "draw/registry_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "draw/markup.h"
#include "graph/communities.h"

namespace rustg::draw {

using namespace rustg::graph;

namespace {

constexpr uint32_t kLeastCommunity = 8;  // smaller ones share a circle
constexpr uint32_t kLeastDivided = 400;  // a circle of more crates has circles in it
constexpr uint32_t kLeastInside = 6;     // communities that are circles there
constexpr double kDiscGap = 0.3, kCircleGap = 2.5, kOutermostGap = 7, kRim = 1.5;

// What is packed together: crates and, in turn, such groups.
struct Group {
  std::vector<uint32_t> crates;  // nodes; the most depended upon first
  std::vector<Group> inside;
  uint32_t hue = kNoHue;
  Circle at;                   // within the one it is in
  std::vector<Circle> places;  // of its crates
};

class Maker {
 public:
  Maker(device::cpu::Queue& queue, const PackageGraph& graph) : queue_(queue), g_(graph) {}

  RegistryPicture make() {
    count_dependents();
    std::vector<Group> groups = make_groups();
    std::vector<Group*> leaves;
    for (Group& outer : groups) {
      leaves.push_back(&outer);
      for (Group& inner : outer.inside) leaves.push_back(&inner);
    }
    // Inner ones first; each is on its own.
    for (bool inner : {true, false}) {
      std::vector<Group*> now;
      for (Group* group : leaves)
        if (group->inside.empty() == inner) now.push_back(group);
      queue_.for_each(
          uint32_t(now.size()), [&](uint32_t i) { pack(*now[i]); }, 1);
    }
    std::vector<Circle> circles;
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.at.r > b.at.r; });
    for (const Group& group : groups) circles.push_back(group.at);
    out_.radius = pack_circles(circles, kOutermostGap);
    for (size_t i = 0; i != groups.size(); ++i) place(groups[i], circles[i].x, circles[i].y, kNone);
    make_edges();
    name_circles();
    return std::move(out_);
  }

 private:
  // Different crates; an edge may stand in the graph more than once.
  void count_dependents() {
    const uint32_t n = g_.nodes();
    dependents_.assign(n, 0);
    joined_.assign(n, 0);
    std::vector<uint32_t> last(n, kNone);
    for (uint32_t v = 0; v != n; ++v)
      for (uint32_t e = g_.offsets[v]; e != g_.offsets[v + 1]; ++e) {
        const uint32_t w = g_.targets[e];
        if (w == v || last[w] == v) continue;
        last[w] = v;
        ++dependents_[w];
        joined_[v] = joined_[w] = 1;
      }
  }

  // Lists of nodes by community, those without any edge left out.
  std::vector<std::vector<uint32_t>> divide(const std::vector<uint32_t>& nodes, const uint32_t* community) const {
    std::vector<uint32_t> sorted = nodes;
    std::stable_sort(sorted.begin(), sorted.end(), [&](uint32_t a, uint32_t b) { return community[a] < community[b]; });
    std::vector<std::vector<uint32_t>> out;
    for (size_t i = 0; i != sorted.size(); ++i) {
      if (i == 0 || community[sorted[i]] != community[sorted[i - 1]]) out.emplace_back();
      out.back().push_back(sorted[i]);
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return out;
  }

  std::vector<Group> make_groups() {
    const uint32_t n = g_.nodes();
    Digraph<device::cpu::Queue> digraph(queue_, g_.csr());
    std::vector<uint32_t> community(size_t(n) * kMostCommunityLevels), nodes;
    const uint32_t levels = find_communities(queue_, digraph, community.data());
    auto level = [&](uint32_t l) { return community.data() + size_t(l) * n; };
    Group alone, small;
    // The most depended upon first, here and so in every list made from this one.
    std::vector<uint32_t> by_rank(n);
    std::iota(by_rank.begin(), by_rank.end(), 0);
    std::stable_sort(by_rank.begin(), by_rank.end(),
                     [&](uint32_t a, uint32_t b) { return dependents_[a] > dependents_[b]; });
    for (uint32_t v : by_rank) (joined_[v] ? nodes : alone.crates).push_back(v);
    std::vector<Group> groups;
    if (!nodes.empty())
      for (std::vector<uint32_t>& members : divide(nodes, level(levels - 1))) {
        ++out_.communities;
        if (members.size() < kLeastCommunity) {
          small.inside.emplace_back().crates = std::move(members);
          continue;
        }
        // Hues far from each other for neighbours in size.
        Group& group = groups.emplace_back();
        group.hue = uint32_t(std::fmod(210 + 137.508 * double(groups.size() - 1), 360));
        uint32_t l = levels - 1;
        if (members.size() >= kLeastDivided)
          while (l != 0 && divide(members, level(l))[0].size() * 5 > members.size() * 3) --l;
        if (members.size() < kLeastDivided) {
          group.crates = std::move(members);
          continue;
        }
        std::vector<std::vector<uint32_t>> parts = divide(members, level(l));
        for (std::vector<uint32_t>& part : parts) {
          if (part.size() < kLeastInside || parts.size() == 1) {
            group.crates.insert(group.crates.end(), part.begin(), part.end());
          } else {
            group.inside.push_back({std::move(part), {}, group.hue, {}, {}});
          }
        }
        std::stable_sort(group.crates.begin(), group.crates.end(),
                         [&](uint32_t a, uint32_t b) { return dependents_[a] > dependents_[b]; });
      }
    if (!small.inside.empty()) groups.push_back(std::move(small));
    if (!alone.crates.empty()) groups.push_back(std::move(alone));
    return groups;
  }

  double radius(uint32_t node) const { return std::pow(1 + dependents_[node], kGrowth); }

  void pack(Group& group) {
    struct Item {
      double r;
      uint32_t group, crate;
    };
    std::vector<Item> items;
    for (uint32_t i = 0; i != group.inside.size(); ++i)
      items.push_back({group.inside[i].at.r + kCircleGap / 2, i, kNone});
    for (uint32_t i = 0; i != group.crates.size(); ++i) items.push_back({radius(group.crates[i]), kNone, i});
    std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.r > b.r; });
    std::vector<Circle> circles;
    for (const Item& item : items) circles.push_back({0, 0, item.r});
    group.at.r = pack_circles(circles, kDiscGap) + kRim;
    group.places.resize(group.crates.size());
    for (size_t i = 0; i != items.size(); ++i) {
      if (items[i].group == kNone) {
        group.places[items[i].crate] = circles[i];
      } else {
        group.inside[items[i].group].at.x = circles[i].x;
        group.inside[items[i].group].at.y = circles[i].y;
      }
    }
  }

  void place(const Group& group, double x, double y, uint32_t parent) {
    const uint32_t index = uint32_t(out_.circles.size());
    out_.circles.push_back(
        {{x, y, group.at.r}, parent, uint32_t(out_.crates.size()), uint32_t(group.crates.size()), 0, 0, group.hue});
    for (size_t i = 0; i != group.crates.size(); ++i) {
      out_.crates.push_back(group.crates[i]);
      out_.discs.push_back({x + group.places[i].x, y + group.places[i].y, group.places[i].r});
    }
    for (const Group& inner : group.inside) place(inner, x + inner.at.x, y + inner.at.y, index);
    out_.circles[index].count = uint32_t(out_.crates.size()) - out_.circles[index].first;
  }

  void make_edges() {
    const uint32_t n = g_.nodes();
    std::vector<uint32_t> number(n);
    for (uint32_t i = 0; i != n; ++i) number[out_.crates[i]] = i;
    out_.offsets.assign(1, 0);
    std::vector<uint32_t> list;
    for (uint32_t i = 0; i != n; ++i) {
      const uint32_t v = out_.crates[i];
      out_.dependents.push_back(dependents_[v]);
      list.clear();
      for (uint32_t e = g_.offsets[v]; e != g_.offsets[v + 1]; ++e)
        if (g_.targets[e] != v) list.push_back(number[g_.targets[e]]);
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
      out_.targets.insert(out_.targets.end(), list.begin(), list.end());
      out_.offsets.push_back(uint32_t(out_.targets.size()));
    }
  }

  void name_circles() {
    std::vector<uint32_t> here(out_.crates.size());
    for (CrateCircle& circle : out_.circles) {
      const uint32_t end = circle.first + circle.count;
      std::fill(here.begin() + circle.first, here.begin() + end, 0);
      for (uint32_t e = out_.offsets[circle.first]; e != out_.offsets[end]; ++e)
        if (const uint32_t t = out_.targets[e]; t >= circle.first && t < end) ++here[t];
      double most = -1;
      for (uint32_t i = circle.first; i != end; ++i) {
        const double own = double(here[i]) * here[i] / std::max(out_.dependents[i], 1u);
        if (own <= most) continue;
        most = own;
        circle.named_for = i;
      }
    }
  }

  device::cpu::Queue& queue_;
  const PackageGraph& g_;
  std::vector<uint32_t> dependents_;
  std::vector<uint8_t> joined_;
  RegistryPicture out_;
};

}  // namespace

RegistryPicture make_registry_picture(device::cpu::Queue& queue, const PackageGraph& newest, std::string title) {
  RegistryPicture out = Maker(queue, newest).make();
  out.title = std::move(title);
  out.subtitle = fmt::format("{} crates, {} dependencies of their newest versions, {} communities",
                             grouped(out.crates.size()), grouped(out.targets.size()), grouped(out.communities));
  return out;
}

}  // namespace rustg::draw
