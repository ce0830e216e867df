#pragma once
#include "device/atomic.h"
#include "graph/resolve_all.h"
#include "graph/workspace.h"

namespace rustg::graph {

namespace detail {

RUSTG_HD inline RootResult resolve_root(const Universe& universe, const Workspace& workspace, VersionId root,
                                        uint64_t steps) {
  Resolver resolver(universe, workspace, steps);
  RootResult result = {};
  result.outcome = resolver.resolve_version(root);
  result.steps = uint32_t(steps - resolver.steps_left());
  result.returns = resolver.returns();
  if (result.outcome != Outcome::resolved) return result;
  result.packages = resolver.activations();
  for (uint32_t i = 0; i != resolver.activations(); ++i) result.digest += digest_of(workspace.activations[i].version);
  return result;
}

template <class Queue>
void forget_content(Queue& queue, uint64_t* blocks, uint32_t slots, uint32_t packages) {
  const uint64_t words = workspace_words(packages);
  queue.for_each(slots, [=] RUSTG_HD(uint32_t slot) { *workspace_in(blocks + slot * words, packages).left = kNone; });
}

}  // namespace detail

template <class Queue>
ResolverSlots<Queue>::ResolverSlots(Queue& queue, uint32_t slots, uint32_t packages)
    : slots_(slots),
      packages_(packages),
      blocks_(queue.template allocate<uint64_t>(workspace_words(packages) * slots)),
      next_(queue.template allocate<uint32_t>(1)) {
  detail::forget_content(queue, blocks_.data(), slots, packages);
}

template <class Queue>
void resolve_roots(Queue& queue, const Universe& universe, const VersionId* roots, device::Count count,
                   ResolverSlots<Queue>& slots, uint64_t steps, RootResult* results, uint32_t spread) {
  const Universe u = universe;
  uint64_t* blocks = slots.blocks();
  uint32_t* next = slots.next();
  const uint32_t packages = slots.packages();
  const uint64_t words = workspace_words(packages);
  queue.zero(next, 1);
  // A slot takes root after root: their costs differ a thousandfold.
  queue.for_each(
      slots.slots() * spread,
      [=] RUSTG_HD(uint32_t lane) {
        if (lane % spread != 0) return;
        const uint64_t slot = lane / spread;
        const Workspace workspace = workspace_in(blocks + slot * words, packages);
        const uint32_t n = count.get();
        for (uint32_t i; (i = device::atomic_add(next, 1u)) < n;)
          results[i] = detail::resolve_root(u, workspace, roots[i], steps);
      },
      1);
}

}  // namespace rustg::graph
