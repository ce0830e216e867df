// Communities of a graph: nodes that have more to do with each other than chance would have it. Levels of them, from small to large.
#pragma once
#include "graph/algorithms.h"

namespace rustg::graph {

// community[l * nodes + v] (room for kMostCommunityLevels * nodes): the community of level l that v is in, numbered from 0; those of a level are
// made of whole ones of the level before. How many levels there are; 0 only if there are no nodes.
//
// Modularity is made large by moving nodes between communities, then communities (Blondel and others, "Fast unfolding of communities in large
// networks", 2008). Here a quarter of the nodes moves at once, all by what they see before any has moved: sorting edges by node and by community of the
// other end gives what each node has to do with each community. Arithmetic is in integers, so the result is the same on any device.
//
// An edge counts for less the more edges lead to where it leads: to depend on what everybody depends on says little.
constexpr uint32_t kMostCommunityLevels = 8;
template <class Queue>
uint32_t find_communities(Queue& queue, const Digraph<Queue>& graph, uint32_t* community);

#define RUSTG_COMMUNITIES_FOR(prefix, Queue) \
  prefix template uint32_t find_communities(Queue&, const Digraph<Queue>&, uint32_t*);
RUSTG_COMMUNITIES_FOR(extern, device::cpu::Queue)
RUSTG_COMMUNITIES_FOR(extern, device::cuda::Queue)

}  // namespace rustg::graph
