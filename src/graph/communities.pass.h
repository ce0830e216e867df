#pragma once
#include <utility>

#include "device/atomic.h"
#include "graph/communities.h"

namespace rustg::graph {

namespace detail {

// Small enough that what a node gains, times all edges, stays in 63 bits.
constexpr uint32_t kEdgeWeight = 256;
constexpr uint32_t kParts = 4;
constexpr uint32_t kRounds = 12;

RUSTG_HD inline uint32_t root(uint32_t n) {
  uint32_t low = 0, high = 1 << 16;
  while (low + 1 < high) {
    const uint32_t middle = (low + high) / 2;
    if (uint64_t(middle) * middle <= n)
      low = middle;
    else
      high = middle;
  }
  return low;
}
RUSTG_HD inline uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}
inline int bits_for(uint32_t values) {
  int bits = 1;
  while (bits < 32 && values >> bits != 0) ++bits;
  return bits;
}

// An undirected graph: every edge stands there for both of its ends; an edge from a node to itself is only in `degrees`.
template <class Queue>
struct WeightedGraph {
  uint32_t nodes, edges;
  device::Buffer<uint32_t> sources, targets;
  device::Buffer<uint64_t> weights, degrees;
};

template <class Queue>
WeightedGraph<Queue> weigh(Queue& queue, const Digraph<Queue>& graph) {
  const Csr forward = graph.forward(), backward = graph.backward();
  const uint32_t nodes = forward.nodes, edges = 2 * forward.edges;
  WeightedGraph<Queue> out{nodes,
                           edges,
                           queue.template allocate<uint32_t>(edges),
                           queue.template allocate<uint32_t>(edges),
                           queue.template allocate<uint64_t>(edges),
                           queue.template allocate<uint64_t>(nodes)};
  uint32_t *sources = out.sources.data(), *targets = out.targets.data();
  uint64_t *weights = out.weights.data(), *degrees = out.degrees.data();
  queue.for_each(
      nodes,
      [=] RUSTG_HD(uint32_t v) {
        uint32_t place = forward.offsets[v] + backward.offsets[v];
        uint64_t degree = 0;
        for (uint32_t e = forward.offsets[v]; e != forward.offsets[v + 1]; ++e, ++place) {
          const uint32_t w = forward.targets[e];
          sources[place] = v;
          targets[place] = w;
          weights[place] = v == w ? 0 : kEdgeWeight / root(backward.offsets[w + 1] - backward.offsets[w]) + 1;
          degree += weights[place];
        }
        const uint32_t own = root(backward.offsets[v + 1] - backward.offsets[v]);
        for (uint32_t e = backward.offsets[v]; e != backward.offsets[v + 1]; ++e, ++place) {
          const uint32_t u = backward.targets[e];
          sources[place] = v;
          targets[place] = u;
          weights[place] = v == u ? 0 : kEdgeWeight / own + 1;
          degree += weights[place];
        }
        degrees[v] = degree;
      },
      256);
  return out;
}

// What a node finds best. own: its edges into the community that it is in.
struct Choice {
  int64_t gain;
  uint32_t community;
  uint64_t own;
};
struct BetterChoice {
  RUSTG_HD Choice operator()(const Choice& a, const Choice& b) const {
    const bool second = b.gain > a.gain || (b.gain == a.gain && b.community < a.community);
    return {second ? b.gain : a.gain, second ? b.community : a.community, a.own + b.own};
  }
};
constexpr int64_t kNoGain = int64_t(1) << 63;

// Moves nodes as long as enough of them want to; whether any did.
template <class Queue>
bool move_nodes(Queue& queue, const WeightedGraph<Queue>& g, uint32_t* community) {
  const uint32_t nodes = g.nodes, edges = g.edges;
  const int bits = bits_for(nodes);
  const uint32_t *sources = g.sources.data(), *targets = g.targets.data();
  const uint64_t *weights = g.weights.data(), *degrees = g.degrees.data();
  device::Buffer<uint64_t> longs = queue.template allocate<uint64_t>(size_t(edges) * 3 + nodes + 1);
  uint64_t *keys = longs.data(), *run_keys = keys + edges, *run_weights = run_keys + edges,
           *totals = run_weights + edges, *all = totals + nodes;
  device::Buffer<uint32_t> words = queue.template allocate<uint32_t>(size_t(edges) + 2 * size_t(nodes) + 3);
  uint32_t *values = words.data(), *next = values + edges, *sizes = next + nodes, *active = sizes + nodes,
           *runs = active + 1, *moved = runs + 1;
  queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) {
    community[v] = next[v] = v;
    totals[v] = degrees[v];
    sizes[v] = 1;
  });
  queue.reduce(
      nodes, [=] RUSTG_HD(uint32_t v) { return degrees[v]; }, uint64_t(0), device::Sum{}, all);
  bool any = false;
  for (uint32_t round = 0; round != kRounds; ++round) {
    queue.zero(moved, 1);
    for (uint32_t part = 0; part != kParts; ++part) {
      queue.compact(
          edges, [=] RUSTG_HD(uint32_t e) { return mix(sources[e] * kRounds + round) % kParts == part; },
          [=] RUSTG_HD(uint32_t e, uint32_t place) {
            keys[place] = uint64_t(sources[e]) << bits | community[targets[e]];
            values[place] = e;
          },
          active);
      queue.radix_sort(device::Count(active, edges), keys, values, 0, 2 * bits);
      queue.reduce_by_key(
          device::Count(active, edges), [=] RUSTG_HD(uint32_t i) { return weights[values[i]]; },
          [=] RUSTG_HD(uint32_t i) { return keys[i] == keys[i + 1]; },
          [=] RUSTG_HD(uint32_t run, uint32_t last, uint64_t weight) {
            run_keys[run] = keys[last];
            run_weights[run] = weight;
          },
          uint64_t(0), device::Sum{}, runs);
      queue.reduce_by_key(
          device::Count(runs, edges),
          [=] RUSTG_HD(uint32_t i) {
            const uint32_t v = uint32_t(run_keys[i] >> bits), c = uint32_t(run_keys[i] & ((uint64_t(1) << bits) - 1));
            if (c == community[v]) return Choice{kNoGain, c, run_weights[i]};
            // Two alone would for ever change places.
            if (sizes[c] == 1 && sizes[community[v]] == 1 && c > community[v]) return Choice{kNoGain, c, 0};
            return Choice{int64_t(run_weights[i] * *all) - int64_t(degrees[v] * totals[c]), c, 0};
          },
          [=] RUSTG_HD(uint32_t i) { return run_keys[i] >> bits == run_keys[i + 1] >> bits; },
          [=] RUSTG_HD(uint32_t, uint32_t last, const Choice& best) {
            const uint32_t v = uint32_t(run_keys[last] >> bits);
            if (best.gain == kNoGain) return;
            const int64_t staying =
                int64_t(best.own * *all) - int64_t(degrees[v] * (totals[community[v]] - degrees[v]));
            if (best.gain > staying) next[v] = best.community;
          },
          Choice{kNoGain, ~0u, 0}, BetterChoice{});
      queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) {
        const uint32_t from = community[v], to = next[v];
        if (from == to) return;
        device::atomic_add(&totals[to], degrees[v]);
        device::atomic_add(&totals[from], uint64_t(0) - degrees[v]);
        device::atomic_add(&sizes[to], 1u);
        device::atomic_add(&sizes[from], ~0u);
        device::atomic_add(moved, 1u);
        community[v] = to;
      });
    }
    const uint32_t count = queue.read(moved);
    any = any || count != 0;
    if (count <= nodes / 200) break;
  }
  return any;
}

// Communities get numbers without gaps; how many there are.
template <class Queue>
uint32_t number_communities(Queue& queue, uint32_t nodes, uint32_t* community) {
  device::Buffer<uint32_t> words = queue.template allocate<uint32_t>(2 * size_t(nodes) + 1);
  uint32_t *used = words.data(), *number = used + nodes, *count = number + nodes;
  queue.zero(used, nodes);
  queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) { device::atomic_or(&used[community[v]], 1u); });
  queue.exclusive_scan(
      nodes, [=] RUSTG_HD(uint32_t c) { return used[c]; },
      [=] RUSTG_HD(uint32_t c, uint32_t before) { number[c] = before; }, 0u, device::Sum{}, count);
  queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) { community[v] = number[community[v]]; });
  return queue.read(count);
}

// Communities become nodes, and edges between the same two become one.
template <class Queue>
WeightedGraph<Queue> contract(Queue& queue, const WeightedGraph<Queue>& g, const uint32_t* community, uint32_t nodes) {
  const uint32_t edges = g.edges, nodes_before = g.nodes;
  const int bits = bits_for(nodes);
  const uint32_t *sources = g.sources.data(), *targets = g.targets.data();
  const uint64_t *weights = g.weights.data(), *degrees = g.degrees.data();
  device::Buffer<uint64_t> key_buffer = queue.template allocate<uint64_t>(edges);
  device::Buffer<uint32_t> words = queue.template allocate<uint32_t>(size_t(edges) + 2);
  uint64_t* keys = key_buffer.data();
  uint32_t *values = words.data(), *between = values + edges, *runs = between + 1;
  queue.compact(
      edges, [=] RUSTG_HD(uint32_t e) { return community[sources[e]] != community[targets[e]]; },
      [=] RUSTG_HD(uint32_t e, uint32_t place) {
        keys[place] = uint64_t(community[sources[e]]) << bits | community[targets[e]];
        values[place] = e;
      },
      between);
  queue.radix_sort(device::Count(between, edges), keys, values, 0, 2 * bits);
  WeightedGraph<Queue> out{nodes,
                           0,
                           queue.template allocate<uint32_t>(edges),
                           queue.template allocate<uint32_t>(edges),
                           queue.template allocate<uint64_t>(edges),
                           queue.template allocate<uint64_t>(nodes)};
  uint32_t *new_sources = out.sources.data(), *new_targets = out.targets.data();
  uint64_t *new_weights = out.weights.data(), *new_degrees = out.degrees.data();
  queue.reduce_by_key(
      device::Count(between, edges), [=] RUSTG_HD(uint32_t i) { return weights[values[i]]; },
      [=] RUSTG_HD(uint32_t i) { return keys[i] == keys[i + 1]; },
      [=] RUSTG_HD(uint32_t run, uint32_t last, uint64_t weight) {
        new_sources[run] = uint32_t(keys[last] >> bits);
        new_targets[run] = uint32_t(keys[last] & ((uint64_t(1) << bits) - 1));
        new_weights[run] = weight;
      },
      uint64_t(0), device::Sum{}, runs);
  queue.zero(new_degrees, nodes);
  queue.for_each(nodes_before,
                 [=] RUSTG_HD(uint32_t v) { device::atomic_add(&new_degrees[community[v]], degrees[v]); });
  out.edges = queue.read(runs);
  return out;
}

}  // namespace detail

template <class Queue>
uint32_t find_communities(Queue& queue, const Digraph<Queue>& graph, uint32_t* community) {
  const uint32_t nodes = graph.forward().nodes;
  if (nodes == 0) return 0;
  detail::WeightedGraph<Queue> g = detail::weigh(queue, graph);
  device::Buffer<uint32_t> of_node = queue.template allocate<uint32_t>(nodes);
  uint32_t* own = of_node.data();
  for (uint32_t level = 0;; ++level) {
    const bool moved = detail::move_nodes(queue, g, own);
    const uint32_t count = detail::number_communities(queue, g.nodes, own);
    const uint32_t* before = community + size_t(level - 1) * nodes;
    uint32_t* now = community + size_t(level) * nodes;
    if (level == 0)
      queue.copy(now, own, nodes);
    else if (moved)
      queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) { now[v] = own[before[v]]; });
    else
      return level;
    if (level + 1 == kMostCommunityLevels) return level + 1;
    g = detail::contract(queue, g, own, count);
  }
}

}  // namespace rustg::graph
