#include "graph/package_graph.h"

#include <algorithm>
#include <numeric>

namespace rustg::graph {

namespace {

// Shortest distances on the host's threads.
std::vector<uint32_t> distances(const Csr& csr, const std::vector<uint32_t>& from) {
  device::cpu::Queue queue;
  std::vector<uint32_t> out(csr.nodes);
  if (csr.nodes != 0) find_distances(queue, csr, from.data(), device::Count(uint32_t(from.size())), out.data());
  return out;
}

struct Transposed {
  std::vector<uint32_t> offsets, targets, edges;
  Csr csr() const { return {offsets.data(), targets.data(), uint32_t(offsets.size() - 1), uint32_t(targets.size())}; }
};
Transposed transpose(const PackageGraph& graph) {
  Transposed out{std::vector<uint32_t>(graph.nodes() + 1), std::vector<uint32_t>(graph.targets.size()),
                 std::vector<uint32_t>(graph.targets.size())};
  for (uint32_t t : graph.targets) ++out.offsets[t + 1];
  std::partial_sum(out.offsets.begin(), out.offsets.end(), out.offsets.begin());
  std::vector<uint32_t> place(out.offsets.begin(), out.offsets.end() - 1);
  for (uint32_t v = 0; v != graph.nodes(); ++v)
    for (uint32_t e = graph.offsets[v]; e != graph.offsets[v + 1]; ++e) {
      out.edges[place[graph.targets[e]]] = e;
      out.targets[place[graph.targets[e]]++] = v;
    }
  return out;
}

}  // namespace

PackageGraph newest_graph(const Registry& registry, EdgeKinds kinds) {
  device::cpu::Queue queue;
  PackageGraph out;
  out.versions.resize(registry.crates);
  out.offsets.resize(registry.crates + 1);
  find_newest(queue, registry, out.versions.data());
  newest_edges(queue, registry, out.versions.data(), kinds, out.offsets.data(), nullptr);
  out.targets.resize(out.offsets.back());
  out.dependencies.resize(out.offsets.back());
  newest_edges(queue, registry, out.versions.data(), kinds, out.offsets.data(), out.targets.data());
  queue.for_each(
      registry.crates,
      [&](uint32_t crate) {
        const uint32_t* list = registry.dependency_lists + registry.version_dependencies[out.versions[crate]];
        uint32_t place = out.offsets[crate];
        for (uint32_t i = list[0]; i != list[1]; ++i)
          if (kinds.has(registry.dependencies[registry.dependency_ids[i]]))
            out.dependencies[place++] = registry.dependency_ids[i];
      },
      1024);
  return out;
}

PackageGraph resolution_graph(const Universe& universe, const Resolution& resolution, EdgeKinds kinds) {
  PackageGraph out;
  for (const Resolution::Package& p : resolution.packages) out.versions.push_back(p.version);
  out.offsets.assign(1, 0);
  size_t link = 0;
  for (uint32_t v = 0; v != out.nodes(); ++v) {
    for (; link != resolution.links.size() && resolution.links[link].from == v; ++link) {
      const Resolution::Link& l = resolution.links[link];
      DependencyKind kind = universe.dependency(l.dependency).kind();
      if (!(kind == DependencyKind::normal ? kinds.normal : kind == DependencyKind::build ? kinds.build : kinds.dev))
        continue;
      out.targets.push_back(l.to);
      out.dependencies.push_back(l.dependency);
    }
    out.offsets.push_back(uint32_t(out.targets.size()));
  }
  return out;
}

template <class Queue>
Order find_order(Queue& queue, const PackageGraph& graph) {
  Digraph<Queue> digraph(queue, graph.csr());
  auto component = queue.template allocate<uint32_t>(graph.nodes()),
       level = queue.template allocate<uint32_t>(graph.nodes());
  find_components(queue, digraph, component.data());
  find_levels(queue, digraph, component.data(), level.data());
  return {queue.download(component.data(), graph.nodes()), queue.download(level.data(), graph.nodes())};
}
template Order find_order(device::cpu::Queue&, const PackageGraph&);
#if defined(RUSTG_HAS_CUDA)
template Order find_order(device::cuda::Queue&, const PackageGraph&);
#endif

std::vector<uint32_t> build_order(const Order& order) {
  std::vector<uint32_t> nodes(order.level.size());
  std::iota(nodes.begin(), nodes.end(), 0);
  std::stable_sort(nodes.begin(), nodes.end(), [&](uint32_t a, uint32_t b) { return order.level[a] < order.level[b]; });
  return nodes;
}

std::vector<uint32_t> longest_chain(const PackageGraph& graph, const Order& order) {
  std::vector<uint32_t> chain;
  if (graph.nodes() == 0) return chain;
  uint32_t at = uint32_t(std::max_element(order.level.begin(), order.level.end()) - order.level.begin());
  // A component's way down may begin at any of its members.
  std::vector<uint32_t> by_component(graph.nodes());
  std::iota(by_component.begin(), by_component.end(), 0);
  std::stable_sort(by_component.begin(), by_component.end(),
                   [&](uint32_t a, uint32_t b) { return order.component[a] < order.component[b]; });
  for (;;) {
    uint32_t below = kUnreached, from = at;
    auto [begin, end] = std::equal_range(by_component.begin(), by_component.end(), at, [&](uint32_t a, uint32_t b) {
      return order.component[a] < order.component[b];
    });
    if (order.level[at] != 0)
      for (auto m = begin; m != end && below == kUnreached; ++m)
        for (uint32_t e = graph.offsets[*m]; e != graph.offsets[*m + 1]; ++e)
          if (uint32_t w = graph.targets[e];
              order.component[w] != order.component[at] && order.level[w] + 1 == order.level[at] && w < below) {
            below = w;
            from = *m;
          }
    chain.push_back(at);
    if (from != at) chain.push_back(from);
    if (below == kUnreached) return chain;
    at = below;
  }
}

std::vector<Cycle> find_cycles(const PackageGraph& graph, const Order& order) {
  std::vector<std::vector<uint32_t>> members(graph.nodes());
  for (uint32_t v = 0; v != graph.nodes(); ++v) members[order.component[v]].push_back(v);
  std::vector<Cycle> cycles;
  std::vector<uint32_t> before(graph.nodes(), kUnreached);
  for (uint32_t first = 0; first != graph.nodes(); ++first) {
    if (members[first].empty()) continue;
    // Breadth first inside of the component, until an edge leads back.
    std::vector<uint32_t> list = {first};
    uint32_t last = kUnreached;
    for (size_t i = 0; i != list.size() && last == kUnreached; ++i)
      for (uint32_t e = graph.offsets[list[i]]; e != graph.offsets[list[i] + 1]; ++e) {
        uint32_t w = graph.targets[e];
        if (order.component[w] != first) continue;
        if (w == first) {
          last = list[i];
          break;
        }
        if (before[w] != kUnreached) continue;
        before[w] = list[i];
        list.push_back(w);
      }
    if (last != kUnreached) {
      Cycle cycle{std::move(members[first]), {first}};
      for (uint32_t v = last; v != first; v = before[v]) cycle.way.push_back(v);
      cycle.way.push_back(first);
      std::reverse(cycle.way.begin(), cycle.way.end());
      cycles.push_back(std::move(cycle));
    }
    for (uint32_t v : list) before[v] = kUnreached;
  }
  return cycles;
}

std::vector<uint32_t> find_path(const PackageGraph& graph, const std::vector<uint32_t>& from,
                                const std::vector<uint32_t>& to) {
  std::vector<uint32_t> distance = distances(graph.csr(), from);
  uint32_t end = kUnreached;
  for (uint32_t v : to)
    if (distance[v] != kUnreached && (end == kUnreached || std::pair(distance[v], v) < std::pair(distance[end], end)))
      end = v;
  if (end == kUnreached) return {};
  Transposed back = transpose(graph);
  std::vector<uint32_t> path = {end};
  while (distance[path.back()] != 0)
    for (uint32_t e = back.offsets[path.back()]; e != back.offsets[path.back() + 1]; ++e)
      if (distance[back.targets[e]] + 1 == distance[path.back()]) {
        path.push_back(back.targets[e]);
        break;
      }
  std::reverse(path.begin(), path.end());
  return path;
}

Dependents find_dependents(const PackageGraph& graph, const std::vector<uint32_t>& of) {
  Dependents out;
  Transposed back = transpose(graph);
  for (uint32_t v : of)
    for (uint32_t e = back.offsets[v]; e != back.offsets[v + 1]; ++e)
      out.direct.push_back({back.targets[e], back.edges[e]});
  std::sort(out.direct.begin(), out.direct.end());
  for (uint32_t d : distances(back.csr(), of)) out.all += d != kUnreached && d != 0 ? 1 : 0;
  return out;
}

}  // namespace rustg::graph
