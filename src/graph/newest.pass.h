#pragma once
#include "graph/newest.h"

namespace rustg::graph {

template <class Queue>
void find_newest(Queue& queue, const Registry& registry, VersionId* newest) {
  const Registry r = registry;
  queue.for_each(
      r.crates,
      [=] RUSTG_HD(uint32_t crate) {
        const VersionId begin = r.crate_versions[crate], end = r.crate_versions[crate + 1];
        VersionId best = end - 1;
        for (VersionId v = end; v != begin; --v) {
          if (r.version_flags[v - 1] & Registry::kYanked) continue;
          const bool release = r.semver.pre[r.version_ranks[v - 1]] == 0;
          if (best == end - 1 && (r.version_flags[best] & Registry::kYanked)) best = v - 1;
          if (!release) continue;
          best = v - 1;
          break;
        }
        newest[crate] = best;
      },
      256);
}

template <class Queue>
void newest_edges(Queue& queue, const Registry& registry, const VersionId* newest, EdgeKinds kinds, uint32_t* offsets,
                  uint32_t* targets) {
  const Registry r = registry;
  if (targets == nullptr) {
    queue.exclusive_scan(
        r.crates,
        [=] RUSTG_HD(uint32_t crate) {
          const uint32_t* list = r.dependency_lists + r.version_dependencies[newest[crate]];
          uint32_t count = 0;
          for (uint32_t i = list[0]; i != list[1]; ++i) count += kinds.has(r.dependencies[r.dependency_ids[i]]) ? 1 : 0;
          return count;
        },
        [=] RUSTG_HD(uint32_t crate, uint32_t before) { offsets[crate] = before; }, 0u, device::Sum{},
        offsets + r.crates);
    return;
  }
  queue.for_each(
      r.crates,
      [=] RUSTG_HD(uint32_t crate) {
        const uint32_t* list = r.dependency_lists + r.version_dependencies[newest[crate]];
        uint32_t place = offsets[crate];
        for (uint32_t i = list[0]; i != list[1]; ++i) {
          const Dependency& d = r.dependencies[r.dependency_ids[i]];
          if (kinds.has(d)) targets[place++] = d.target_crate;
        }
      },
      256);
}

}  // namespace rustg::graph
