#pragma once
#include "device/atomic.h"
#include "device/work_queue.h"
#include "graph/algorithms.h"

namespace rustg::graph {

namespace detail {

// Edges sorted by their target, stably, so that sources come in order.
template <class Queue>
void transpose(Queue& queue, const Csr& forward, uint32_t* back, uint32_t* source) {
  const uint32_t nodes = forward.nodes, edges = forward.edges;
  const uint32_t *offsets = forward.offsets, *targets = forward.targets;
  device::Buffer<uint32_t> keys = queue.template allocate<uint32_t>(edges);
  uint32_t* key = keys.data();
  queue.for_each(
      nodes,
      [=] RUSTG_HD(uint32_t v) {
        for (uint32_t e = offsets[v]; e != offsets[v + 1]; ++e) source[e] = v;
      },
      256);
  queue.copy(key, targets, edges);
  int bits = 1;
  while (bits < 32 && nodes >> bits != 0) ++bits;
  queue.radix_sort(edges, key, source, 0, bits);
  queue.for_each(nodes + 1, [=] RUSTG_HD(uint32_t v) {  // the first edge of a target that is not below v
    uint32_t low = 0, high = edges;
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (key[middle] < v)
        low = middle + 1;
      else
        high = middle;
    }
    back[v] = low;
  });
}

// Some of the edges of a node, as a task. A node with many is divided among tasks: serde has 60,000 dependents.
struct EdgeRange {
  uint32_t node, begin, end;
};
constexpr uint32_t kEdgesATask = 32;
RUSTG_HD inline EdgeRange edges_of(const Csr& g, uint32_t v) { return {v, g.offsets[v], g.offsets[v + 1]}; }
// Tasks there can be in all: a half of what was divided has at least half of kEdgesATask.
inline uint32_t most_tasks(const Csr& g) { return g.nodes + g.edges / (kEdgesATask / 2); }
// Leaves a range of at most kEdgesATask edges, and pushes the others.
RUSTG_HD inline void divide(EdgeRange& range, const device::Push<EdgeRange>& push) {
  while (range.end - range.begin > kEdgesATask) {
    const uint32_t middle = range.begin + (range.end - range.begin) / 2;
    push({range.node, middle, range.end});
    range.end = middle;
  }
}

// Nodes of a round, in the order in which they became ready, and how many edges those before have.
struct RoundNode {
  uint32_t node, edges_before;
};
// Nodes in the upper half, their edges in the lower: one addition gives a node its place in both.
using RoundSize = uint64_t;

// A node became ready. In a round: it is one of the next.
struct Append {
  Csr graph;
  RoundNode* list;
  RoundSize* size;
  static constexpr bool kFence = false;  // a launch ends in between
  RUSTG_HD void operator()(uint32_t v) const {
    const uint32_t edges = graph.offsets[v + 1] - graph.offsets[v];
    if (edges == 0) return;
    const RoundSize before = device::atomic_add(size, RoundSize(1) << 32 | edges);
    list[before >> 32] = {v, uint32_t(before)};
  }
};
// Among tasks: it is one.
struct PushNode {
  Csr graph;
  device::Push<EdgeRange> push;
  static constexpr bool kFence = true;
  RUSTG_HD void operator()(uint32_t v) const { push(edges_of(graph, v)); }
};

// visit(v, target, ready) for the edges in `graph` of the nodes v in list[0..count), and of every node that it calls ready(v) for. In rounds at first, one launch
// each, edge by edge: that takes microseconds on a GPU, where a task is seen by another warp only after some ten times that. What is left after many rounds
// are long chains: tasks.
template <class Queue, class Visit>
void spread(Queue& queue, device::WorkQueue<EdgeRange>& tasks, const Csr& graph, const uint32_t* list,
            device::Count count, const Visit& visit) {
  constexpr uint32_t kRounds = 96, kLook = 16;
  const Csr g = graph;
  device::Buffer<RoundNode> nodes = queue.template allocate<RoundNode>(size_t(g.nodes) * 2);
  device::Buffer<RoundSize> words = queue.template allocate<RoundSize>(kRounds + 1);
  RoundNode* lists[] = {nodes.data(), nodes.data() + g.nodes};  // of even rounds, of odd ones
  RoundSize* sizes = words.data();
  const auto edges = [&](uint32_t round) { return reinterpret_cast<const uint32_t*>(sizes + round); };
  queue.zero(sizes, kRounds + 1);
  const Append first{g, lists[0], sizes};
  queue.for_each(
      count, [=] RUSTG_HD(uint32_t i) { first(list[i]); }, 256);
  for (uint32_t round = 0; round != kRounds; ++round) {
    if (round % kLook == kLook - 1 && queue.read(edges(round)) == 0) return;
    const RoundNode* from = lists[round % 2];
    const RoundSize* size = sizes + round;
    const Append next{g, lists[(round + 1) % 2], sizes + round + 1};
    queue.for_each_chunk(device::Count(edges(round), g.edges), 2, [=] RUSTG_HD(const device::Chunk& chunk) {
      uint32_t low = 0, high = uint32_t(*size >> 32);  // the last node that begins at the chunk's begin or before
      while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (from[middle].edges_before <= chunk.begin)
          low = middle;
        else
          high = middle;
      }
      for (uint32_t i = chunk.begin; i != chunk.end; ++low) {
        const RoundNode at = from[low];
        const uint32_t begin = g.offsets[at.node], end = g.offsets[at.node + 1];
        for (uint32_t e = begin + (i - at.edges_before); e != end && i != chunk.end; ++e, ++i)
          visit(at.node, g.targets[e], next);
      }
    });
  }
  const RoundNode* left = lists[kRounds % 2];
  queue.run_tasks(
      tasks, device::Count(edges(kRounds) + 1, g.nodes), [=] RUSTG_HD(uint32_t i) { return edges_of(g, left[i].node); },
      [=] RUSTG_HD(EdgeRange range, const device::Push<EdgeRange>& push) {
        divide(range, push);
        for (uint32_t e = range.begin; e != range.end; ++e) visit(range.node, g.targets[e], PushNode{g, push});
      });
}

// Take away, again and again, nodes without an edge of `along` to a node that is still undecided: each is a component.
struct Peel {
  uint32_t *pending, *component;
  template <class Ready>
  RUSTG_HD void operator()(uint32_t v, uint32_t u, const Ready& ready) const {
    if (u == v || device::atomic_load(&pending[u]) == 0 || device::atomic_add(&pending[u], ~0u) != 1) return;
    component[u] = u;
    ready(u);
  }
};
template <class Queue>
void peel(Queue& queue, device::WorkQueue<EdgeRange>& tasks, const Csr& along, const Csr& against, uint32_t* pending,
          uint32_t* list, uint32_t* count, uint32_t* component) {
  const uint32_t nodes = along.nodes;
  queue.for_each(
      nodes,
      [=] RUSTG_HD(uint32_t v) {
        uint32_t n = 0;
        if (component[v] == kUnreached)
          for (uint32_t e = along.offsets[v]; e != along.offsets[v + 1]; ++e)
            n += along.targets[e] != v && component[along.targets[e]] == kUnreached ? 1 : 0;
        pending[v] = n;
      },
      256);
  queue.compact(
      nodes, [=] RUSTG_HD(uint32_t v) { return component[v] == kUnreached && pending[v] == 0; },
      [=] RUSTG_HD(uint32_t v, uint32_t place) {
        list[place] = v;
        component[v] = v;
      },
      count);
  spread(queue, tasks, against, list, device::Count(count, nodes), Peel{pending, component});
}

// A node goes on once all that its component depends on has its level.
struct Raise {
  uint32_t nodes;
  const uint32_t *component, *keys, *members, *first;
  uint32_t *pending, *level;
  template <class Ready>
  RUSTG_HD void operator()(uint32_t v, uint32_t target, const Ready& ready) const {
    const uint32_t own = component[v], c = component[target];
    if (c == own) return;
    device::atomic_max(&level[c], device::atomic_load(&level[own]) + 1);
    if constexpr (Ready::kFence) device::fence();  // the level before the count that sets it free
    if (device::atomic_add(&pending[c], ~0u) != 1) return;
    if constexpr (Ready::kFence) device::fence();
    for (uint32_t m = first[c]; m != nodes && keys[m] == c; ++m) ready(members[m]);
  }
};

// Rounds of `round` until one changes nothing; the host looks every few rounds.
template <class Queue, class Round>
void until_stable(Queue& queue, uint32_t* changed, Round round) {
  constexpr int kRounds = 4;
  do {
    for (int i = 0; i != kRounds; ++i) {
      queue.zero(changed, 1);
      round();
    }
  } while (queue.read(changed) != 0);
}

template <class Queue>
void propagate_colors(Queue& queue, const Csr& g, const uint32_t* list, device::Count active, const uint32_t* component,
                      uint32_t* color, uint32_t* changed) {
  queue.for_each(
      active,
      [=] RUSTG_HD(uint32_t i) {
        const uint32_t v = list[i], c = device::atomic_load(&color[v]);
        for (uint32_t e = g.offsets[v]; e != g.offsets[v + 1]; ++e) {
          uint32_t w = g.targets[e];
          if (component[w] == kUnreached && device::atomic_load(&color[w]) < c && device::atomic_max(&color[w], c) < c)
            *changed = 1;
        }
      },
      256);
}

// mark: the node reaches the node that its colour is named for, by nodes of that colour.
template <class Queue>
void propagate_marks(Queue& queue, const Csr& g, const uint32_t* list, device::Count active, const uint32_t* color,
                     uint32_t* mark, uint32_t* changed) {
  queue.for_each(
      active,
      [=] RUSTG_HD(uint32_t i) {
        const uint32_t v = list[i];
        if (mark[v] != 0) return;
        for (uint32_t e = g.offsets[v]; e != g.offsets[v + 1]; ++e) {
          uint32_t w = g.targets[e];
          if (color[w] == color[v] && device::atomic_load(&mark[w]) != 0) {
            device::atomic_max(&mark[v], 1u);
            *changed = 1;
            return;
          }
        }
      },
      256);
}

}  // namespace detail

template <class Queue>
Digraph<Queue>::Digraph(Queue& queue, const Csr& forward)
    : offsets_(queue.upload(std::span(forward.offsets, forward.nodes + 1))),
      targets_(queue.upload(std::span(forward.targets, forward.edges))),
      back_offsets_(queue.template allocate<uint32_t>(forward.nodes + 1)),
      back_targets_(queue.template allocate<uint32_t>(forward.edges)),
      forward_{offsets_.data(), targets_.data(), forward.nodes, forward.edges},
      backward_{back_offsets_.data(), back_targets_.data(), forward.nodes, forward.edges} {
  detail::transpose(queue, forward_, back_offsets_.data(), back_targets_.data());
}

template <class Queue>
void find_components(Queue& queue, const Digraph<Queue>& graph, uint32_t* component) {
  const Csr forward = graph.forward(), backward = graph.backward();
  const uint32_t nodes = forward.nodes;
  if (nodes == 0) return;
  device::WorkQueue<detail::EdgeRange> tasks(queue, detail::most_tasks(forward));
  device::Buffer<uint32_t> words = queue.template allocate<uint32_t>(size_t(nodes) * 5 + 2);
  uint32_t *pending = words.data(), *list = pending + nodes, *color = list + nodes, *mark = color + nodes,
           *least = mark + nodes, *count = least + nodes, *changed = count + 1;
  queue.fill(component, nodes, kUnreached);
  for (;;) {
    detail::peel(queue, tasks, forward, backward, pending, list, count, component);
    detail::peel(queue, tasks, backward, forward, pending, list, count, component);
    queue.compact(
        nodes, [=] RUSTG_HD(uint32_t v) { return component[v] == kUnreached; },
        [=] RUSTG_HD(uint32_t v, uint32_t place) { list[place] = v; }, count);
    const uint32_t rest = queue.read(count);
    if (rest == 0) return;
    const device::Count active(rest);
    queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) {
      color[v] = component[v] == kUnreached ? v : kUnreached;
      mark[v] = 0;
      least[v] = kUnreached;
    });
    detail::until_stable(queue, changed,
                         [&] { detail::propagate_colors(queue, forward, list, active, component, color, changed); });
    queue.for_each(active, [=] RUSTG_HD(uint32_t i) {
      if (color[list[i]] == list[i]) mark[list[i]] = 1;
    });
    detail::until_stable(queue, changed,
                         [&] { detail::propagate_marks(queue, forward, list, active, color, mark, changed); });
    queue.for_each(active, [=] RUSTG_HD(uint32_t i) {
      if (mark[list[i]] != 0) device::atomic_min(&least[color[list[i]]], list[i]);
    });
    queue.for_each(active, [=] RUSTG_HD(uint32_t i) {
      if (mark[list[i]] != 0) component[list[i]] = least[color[list[i]]];
    });
  }
}

template <class Queue>
void find_levels(Queue& queue, const Digraph<Queue>& graph, const uint32_t* component, uint32_t* level) {
  const Csr forward = graph.forward(), backward = graph.backward();
  const uint32_t nodes = forward.nodes;
  if (nodes == 0) return;
  device::WorkQueue<detail::EdgeRange> tasks(queue, detail::most_tasks(forward));
  device::Buffer<uint32_t> words = queue.template allocate<uint32_t>(size_t(nodes) * 5 + 1);
  uint32_t *pending = words.data(), *keys = pending + nodes, *members = keys + nodes, *first = members + nodes,
           *list = first + nodes, *count = list + nodes;
  // By component: its members, and how many edges leave it.
  queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) {
    pending[v] = 0;
    level[v] = 0;
    keys[v] = component[v];
    members[v] = v;
  });
  queue.radix_sort(nodes, keys, members);
  queue.for_each(nodes, [=] RUSTG_HD(uint32_t i) {
    if (i == 0 || keys[i] != keys[i - 1]) first[keys[i]] = i;
  });
  queue.for_each(
      nodes,
      [=] RUSTG_HD(uint32_t v) {
        uint32_t n = 0;
        for (uint32_t e = forward.offsets[v]; e != forward.offsets[v + 1]; ++e)
          n += component[forward.targets[e]] != component[v] ? 1 : 0;
        if (n != 0) device::atomic_add(&pending[component[v]], n);
      },
      256);
  queue.compact(
      nodes, [=] RUSTG_HD(uint32_t v) { return pending[component[v]] == 0; },
      [=] RUSTG_HD(uint32_t v, uint32_t place) { list[place] = v; }, count);
  detail::spread(queue, tasks, backward, list, device::Count(count, nodes),
                 detail::Raise{nodes, component, keys, members, first, pending, level});
  queue.for_each(nodes, [=] RUSTG_HD(uint32_t v) {
    if (component[v] != v) level[v] = level[component[v]];
  });
}

template <class Queue>
void find_distances(Queue& queue, const Csr& edges, const uint32_t* seeds, device::Count count, uint32_t* distance) {
  const Csr g = edges;
  device::Buffer<uint32_t> words = queue.template allocate<uint32_t>(size_t(g.nodes) * 2 + 2);
  uint32_t *lists = words.data(), *counts = lists + 2 * size_t(g.nodes);
  queue.fill(distance, g.nodes, kUnreached);
  queue.zero(counts, 2);
  queue.for_each(count, [=] RUSTG_HD(uint32_t i) {
    if (device::atomic_cas(&distance[seeds[i]], kUnreached, 0u) == kUnreached)
      lists[device::atomic_add(&counts[0], 1u)] = seeds[i];
  });
  for (uint32_t round = 0;; ++round) {
    const uint32_t *from = lists + round % 2 * size_t(g.nodes), *from_count = counts + round % 2;
    uint32_t *to = lists + (round + 1) % 2 * size_t(g.nodes), *to_count = counts + (round + 1) % 2;
    queue.zero(to_count, 1);
    queue.for_each(
        device::Count(from_count, g.nodes),
        [=] RUSTG_HD(uint32_t i) {
          const uint32_t v = from[i];
          for (uint32_t e = g.offsets[v]; e != g.offsets[v + 1]; ++e) {
            uint32_t w = g.targets[e];
            if (device::atomic_load(&distance[w]) == kUnreached &&
                device::atomic_cas(&distance[w], kUnreached, round + 1) == kUnreached)
              to[device::atomic_add(to_count, 1u)] = w;
          }
        },
        256);
    if (round % 8 == 7 && queue.read(to_count) == 0) return;
  }
}

}  // namespace rustg::graph
