#include "draw/package_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "draw/text_width.h"

namespace rustg::draw {

using namespace rustg::graph;

namespace {

// Which packages the edges that `takes(dependency)` lead to from those marked.
template <class Takes>
void spread(const PackageGraph& graph, const Universe& universe, Takes takes, std::vector<uint8_t>& marked) {
  std::vector<uint32_t> list;
  for (uint32_t v = 0; v != graph.nodes(); ++v)
    if (marked[v]) list.push_back(v);
  for (size_t i = 0; i != list.size(); ++i)
    for (uint32_t e = graph.offsets[list[i]]; e != graph.offsets[list[i] + 1]; ++e)
      if (!marked[graph.targets[e]] && takes(universe.dependency(graph.dependencies[e]))) {
        marked[graph.targets[e]] = 1;
        list.push_back(graph.targets[e]);
      }
}

std::vector<PackageKind> find_kinds(const PackageGraph& graph, const Universe& universe, uint32_t members) {
  std::vector<PackageKind> kinds(graph.nodes(), PackageKind::dev);
  std::vector<uint8_t> marked(graph.nodes());
  std::fill_n(marked.begin(), members, 1);
  for (DependencyKind most : {DependencyKind::normal, DependencyKind::build}) {
    spread(
        graph, universe, [&](const Dependency& d) { return d.kind() <= most; }, marked);
    for (uint32_t v = 0; v != graph.nodes(); ++v)
      if (marked[v] && kinds[v] == PackageKind::dev)
        kinds[v] = most == DependencyKind::normal ? PackageKind::normal : PackageKind::build;
  }
  std::fill_n(kinds.begin(), members, PackageKind::member);
  return kinds;
}

std::string counted(size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

Size size_of(const PackageBox& box) {
  double width = 0;
  for (const auto& p : box.packages)
    width = std::max(width, text_width(p.name, kFontSize) + kVersionGap + text_width(p.version, kFontSize - 2));
  return {std::ceil(width + 2 * kBoxPadding), kLineHeight * double(box.packages.size()) + 6};
}

PackagePicture make_package_picture(const PackageGraph& graph, const Names& names, const Resolution& resolution,
                                    uint32_t members, std::string title) {
  const Universe& universe = names.universe();
  PackagePicture out;
  out.title = std::move(title);
  // Without dev-dependencies' edges there are packages that nothing leads to: they are not drawn.
  std::vector<uint8_t> reached(graph.nodes());
  std::fill_n(reached.begin(), members, 1);
  spread(
      graph, universe, [](const Dependency&) { return true; }, reached);
  device::cpu::Queue queue;
  const Order order = find_order(queue, graph);
  const std::vector<PackageKind> kinds = find_kinds(graph, universe, members);
  std::vector<uint8_t> everywhere(graph.nodes());
  std::fill_n(everywhere.begin(), members, 1);
  spread(
      graph, universe, [](const Dependency& d) { return d.platform == 0; }, everywhere);
  std::map<std::string_view, uint32_t> versions;
  for (uint32_t v = 0; v != graph.nodes(); ++v) {
    if (!reached[v]) continue;
    ++out.packages;
    ++versions[names.name(graph.versions[v])];
  }
  for (auto [name, count] : versions) out.duplicates += count > 1 ? 1 : 0;

  // A component's least node comes first and opens its box.
  std::vector<uint32_t> box_of(graph.nodes());
  for (uint32_t v = 0; v != graph.nodes(); ++v) {
    if (!reached[v]) continue;
    if (order.component[v] == v) {
      box_of[v] = uint32_t(out.boxes.size());
      out.boxes.push_back({{}, kinds[v]});
    }
    box_of[v] = box_of[order.component[v]];
    PackageBox& box = out.boxes[box_of[v]];
    box.kind = std::min(box.kind, kinds[v]);
    PackageBox::Package package{v,  std::string(names.name(graph.versions[v])),  names.version(graph.versions[v]),
                                "", versions[names.name(graph.versions[v])] > 1, everywhere[v] == 0};
    for (StringId feature : resolution.packages[v].features)
      package.features += (package.features.empty() ? "" : ", ") + std::string(names.string(feature));
    box.packages.push_back(std::move(package));
  }

  std::map<std::pair<uint32_t, uint32_t>, PackageLink> links;
  for (uint32_t v = 0; v != graph.nodes(); ++v)
    for (uint32_t e = graph.offsets[v]; reached[v] && e != graph.offsets[v + 1]; ++e) {
      const uint32_t from = box_of[v], to = box_of[graph.targets[e]];
      if (from == to) continue;
      const Dependency& d = universe.dependency(graph.dependencies[e]);
      auto [at, is_new] = links.try_emplace({from, to}, PackageLink{from, to, d.kind(), true, true, false, {}});
      PackageLink& link = at->second;
      link.kind = std::min(link.kind, d.kind());
      link.some_platforms = link.some_platforms && d.platform != 0;
      link.optional = link.optional && d.optional();
    }
  Dag all, drawn;
  for (const PackageBox& box : out.boxes) all.boxes.push_back(size_of(box));
  drawn.boxes = all.boxes;
  for (const auto& [ends, link] : links) all.edges.push_back(ends);
  const std::vector<uint8_t> transitive = find_transitive(all);
  size_t e = 0;
  std::vector<PackageLink> implied;
  for (auto& [ends, link] : links) {
    link.transitive = transitive[e++];
    if (!link.transitive) drawn.edges.push_back(ends);
    (link.transitive ? implied : out.links).push_back(std::move(link));
  }
  out.layout = lay_out_layers(drawn);
  for (size_t i = 0; i != out.links.size(); ++i) out.links[i].way = out.layout.ways[i];
  for (PackageLink& link : implied) {
    const Point from = out.layout.corner[link.from], to = out.layout.corner[link.to];
    const Size a = all.boxes[link.from], b = all.boxes[link.to];
    link.way = {{from.x + a.width, from.y + a.height / 2}, {to.x, to.y + b.height / 2}};
    out.links.push_back(std::move(link));
  }
  out.transitive = uint32_t(implied.size());
  out.subtitle =
      fmt::format("{}, {} in {}", counted(out.packages, "package", "packages"),
                  counted(links.size(), "dependency", "dependencies"), counted(out.layout.layers, "layer", "layers"));
  if (out.duplicates != 0)
    out.subtitle += fmt::format("; {} in several versions", counted(out.duplicates, "crate", "crates"));
  return out;
}

}  // namespace rustg::draw
