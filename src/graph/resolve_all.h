// Many resolutions at once: one work item a root, on either device.
#pragma once
#include <cstdint>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "device/memory.h"
#include "device/types.h"
#include "graph/resolver.h"

namespace rustg::graph {

struct RootResult {
  Outcome outcome;
  uint32_t packages;  // the root among them
  uint32_t steps;     // dependencies looked at, and candidates given up at once
  uint32_t returns;
  uint64_t digest;  // of the set of versions chosen: equal sets, equal digests
};

// What a version adds to the digest (splitmix64's finisher).
RUSTG_HD inline uint64_t digest_of(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

// Memory for `slots` resolutions at a time, of up to `packages` packages each (a power of two).
template <class Queue>
class ResolverSlots {
 public:
  ResolverSlots(Queue& queue, uint32_t slots, uint32_t packages);
  uint32_t slots() const { return slots_; }
  uint32_t packages() const { return packages_; }
  uint64_t* blocks() const { return blocks_.data(); }
  uint32_t* next() const { return next_.data(); }

 private:
  uint32_t slots_, packages_;
  device::Buffer<uint64_t> blocks_;
  device::Buffer<uint32_t> next_;
};

// Every root as the only dependency of a package. Those that do not fit into a slot, or take more steps, are told as too_small and too_long, for
// someone with more memory and patience. All of `universe` is in the queue's memory. spread: how many lanes of a GPU there are for a slot; one of them works.
template <class Queue>
void resolve_roots(Queue& queue, const Universe& universe, const VersionId* roots, device::Count count,
                   ResolverSlots<Queue>& slots, uint64_t steps, RootResult* results, uint32_t spread = 1);

#define RUSTG_RESOLVE_ALL_FOR(prefix, Queue)                                                                          \
  prefix template class ResolverSlots<Queue>;                                                                         \
  prefix template void resolve_roots(Queue&, const Universe&, const VersionId*, device::Count, ResolverSlots<Queue>&, \
                                     uint64_t, RootResult*, uint32_t);
RUSTG_RESOLVE_ALL_FOR(extern, device::cpu::Queue)
RUSTG_RESOLVE_ALL_FOR(extern, device::cuda::Queue)

}  // namespace rustg::graph
