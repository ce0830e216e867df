// The graph of a registry's newest versions: a node is a crate, an edge a dependency of its newest version on another crate.
#pragma once
#include "graph/algorithms.h"
#include "graph/registry.h"

namespace rustg::graph {

// Which dependencies are edges.
struct EdgeKinds {
  bool normal = true, build = true, dev = false, optional = true;
  RUSTG_HD bool has(const Dependency& d) const {
    if (d.target_crate == kNone || (d.optional() && !optional)) return false;
    return d.kind() == DependencyKind::normal ? normal : d.kind() == DependencyKind::build ? build : dev;
  }
};

// newest[c] (room for crates): the newest version of crate c that is neither yanked nor a pre-release; if there is none the newest not
// yanked, else the newest. The registry's tables are in the queue's memory.
template <class Queue>
void find_newest(Queue& queue, const Registry& registry, VersionId* newest);

// Edges of those versions: offsets has room for crates + 1. With targets null, only offsets are made; offsets[crates] then tells how many targets there
// will be.
template <class Queue>
void newest_edges(Queue& queue, const Registry& registry, const VersionId* newest, EdgeKinds kinds, uint32_t* offsets,
                  uint32_t* targets);

#define RUSTG_NEWEST_FOR(prefix, Queue)                                  \
  prefix template void find_newest(Queue&, const Registry&, VersionId*); \
  prefix template void newest_edges(Queue&, const Registry&, const VersionId*, EdgeKinds, uint32_t*, uint32_t*);
RUSTG_NEWEST_FOR(extern, device::cpu::Queue)
RUSTG_NEWEST_FOR(extern, device::cuda::Queue)

}  // namespace rustg::graph
