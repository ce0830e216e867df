// Algorithms over a directed graph in CSR form, on either device: reachability and distances, strongly connected components, levels. Results
// are the same whatever ran when. Graphs are what the registry's newest versions depend on, or a resolution; an edge goes from a
// package to what it depends on.
#pragma once
#include <cstdint>
#include <vector>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "device/memory.h"
#include "device/types.h"

namespace rustg::graph {

// Plain pointers, in a queue's memory. Edges of node v: targets[offsets[v]..offsets[v + 1]]; an edge may stand there twice.
struct Csr {
  const uint32_t* offsets = nullptr;  // nodes + 1
  const uint32_t* targets = nullptr;
  uint32_t nodes = 0, edges = 0;
};

// A graph and its transpose: who depends on a node.
template <class Queue>
class Digraph {
 public:
  // `forward` is copied; its pointers are the host's.
  Digraph(Queue& queue, const Csr& forward);
  const Csr& forward() const { return forward_; }
  const Csr& backward() const { return backward_; }

 private:
  device::Buffer<uint32_t> offsets_, targets_, back_offsets_, back_targets_;
  Csr forward_, backward_;
};

// component[v] (room for nodes): the least node of v's strongly connected component.
// Peeling by tasks takes what is in no cycle's way; the rest is coloured: every node takes the greatest node that reaches it, and of a colour those
// that reach the node it is named for are a component (Orzan, "On Distributed Verification and Verified Distribution", 2004).
template <class Queue>
void find_components(Queue& queue, const Digraph<Queue>& graph, uint32_t* component);

// level[v] (room for nodes): the longest chain of components below v's; 0 for what depends on nothing. Nodes of a level can be built at once, level
// after level. component: of find_components().
template <class Queue>
void find_levels(Queue& queue, const Digraph<Queue>& graph, const uint32_t* component, uint32_t* level);

// distance[v] (room for nodes): edges on a shortest way from one of `seeds`, kUnreached if there is none. Along `edges`, which is the graph's
// forward or backward Csr.
constexpr uint32_t kUnreached = 0xffffffffu;
template <class Queue>
void find_distances(Queue& queue, const Csr& edges, const uint32_t* seeds, device::Count count, uint32_t* distance);

#define RUSTG_GRAPH_FOR(prefix, Queue)                                                         \
  prefix template class Digraph<Queue>;                                                        \
  prefix template void find_components(Queue&, const Digraph<Queue>&, uint32_t*);              \
  prefix template void find_levels(Queue&, const Digraph<Queue>&, const uint32_t*, uint32_t*); \
  prefix template void find_distances(Queue&, const Csr&, const uint32_t*, device::Count, uint32_t*);
RUSTG_GRAPH_FOR(extern, device::cpu::Queue)
RUSTG_GRAPH_FOR(extern, device::cuda::Queue)

}  // namespace rustg::graph
