#pragma once
#include "graph/prepare.h"
#include "graph/universe.h"

namespace rustg::graph {

namespace detail {

RUSTG_HD inline PreparedDependency prepare_dependency(const Registry& registry, const Universe& universe,
                                                      const PreparedVersion* versions, uint32_t id) {
  const Dependency& from = registry.dependencies[id];
  const uint32_t* list = registry.feature_lists + from.features;
  PreparedDependency out = {0, 0, kNone, 0, kNone, list[0], uint16_t(list[1] - list[0]), 0, from.name};
  if (from.default_features()) out.flags |= PreparedDependency::kDefaultFeatures;
  Candidates candidates(universe, from);
  out.first = candidates.first();
  out.last = candidates.last();
  bool one_place = true;
  for (VersionId v; (v = candidates.take()) != kNone; ++out.candidates) {
    if (out.newest == kNone) {
      out.newest = v;
      out.place = versions[v].place;
    }
    one_place = one_place && versions[v].place == out.place && versions[v].links == 0;
  }
  if (one_place && out.candidates != 0) out.flags |= PreparedDependency::kOnePlace;
  return out;
}

}  // namespace detail

template <class Queue>
PreparedRegistry<Queue>::PreparedRegistry(Queue& queue, const Registry& registry, StringId default_feature)
    : versions_(queue.template allocate<PreparedVersion>(registry.versions)),
      dependencies_(queue.template allocate<PreparedDependency>(registry.dependency_count)),
      tables_(queue.template allocate<PreparedTable>(registry.feature_table_count)),
      lists_(queue.template allocate<uint32_t>(registry.dependency_list_count + 1)) {
  prepare_versions(queue, registry);
  prepare_dependencies(queue, registry);
  prepare_tables(queue, registry, default_feature);
  prepare_lists(queue, registry);
  prepared_ = {versions_.data(), dependencies_.data(), tables_.data(), lists_.data(), entries_.data(), names_.data()};
}

template <class Queue>
void PreparedRegistry<Queue>::prepare_versions(Queue& queue, const Registry& registry) {
  const Registry r = registry;
  PreparedVersion* versions = versions_.data();
  // Compatible versions of a crate are neighbours.
  queue.inclusive_scan(
      r.versions,
      [=] RUSTG_HD(uint32_t v) {
        return v == 0 || r.version_crates[v] != r.version_crates[v - 1] ||
                       r.semver.compatible[r.version_ranks[v]] != r.semver.compatible[r.version_ranks[v - 1]]
                   ? 1u
                   : 0u;
      },
      [=] RUSTG_HD(uint32_t v, uint32_t places) {
        versions[v] = {places - 1, r.version_dependencies[v], r.version_features[v], r.version_links[v]};
      },
      0u, device::Sum{});
}

template <class Queue>
void PreparedRegistry<Queue>::prepare_dependencies(Queue& queue, const Registry& registry) {
  const Registry r = registry;
  const PreparedVersion* versions = versions_.data();
  PreparedDependency* dependencies = dependencies_.data();
  queue.for_each(r.dependency_count, [=] RUSTG_HD(uint32_t i) {
    Universe universe;
    universe.registry = r;
    dependencies[i] = detail::prepare_dependency(r, universe, versions, i);
  });
}

template <class Queue>
void PreparedRegistry<Queue>::prepare_tables(Queue& queue, const Registry& registry, StringId default_feature) {
  const Registry r = registry;
  PreparedTable* tables = tables_.data();
  queue.for_each(r.feature_table_count, [=] RUSTG_HD(uint32_t t) {
    const uint32_t first = r.feature_tables[t], count = r.feature_tables[t + 1] - first;
    tables[t] = {first, count, find_feature(r.features + first, count, default_feature)};
  });
}

template <class Queue>
void PreparedRegistry<Queue>::prepare_lists(Queue& queue, const Registry& registry) {
  const Registry r = registry;
  const PreparedDependency* dependencies = dependencies_.data();
  uint32_t* lists = lists_.data();
  queue.exclusive_scan(
      r.dependency_list_count,
      [=] RUSTG_HD(uint32_t l) {
        uint32_t count = 0;
        for (uint32_t i = r.dependency_lists[l]; i != r.dependency_lists[l + 1]; ++i)
          count += r.dependencies[r.dependency_ids[i]].kind() != DependencyKind::dev ? 1 : 0;
        return count;
      },
      [=] RUSTG_HD(uint32_t l, uint32_t before) { lists[l] = before; }, 0u, device::Sum{},
      lists + r.dependency_list_count);
  const uint32_t all = queue.read(lists + r.dependency_list_count);
  entries_ = queue.template allocate<PreparedEntry>(all);
  names_ = queue.template allocate<uint32_t>(all);
  PreparedEntry* entries = entries_.data();
  StringId* names = names_.data();
  queue.for_each(
      r.dependency_list_count,
      [=] RUSTG_HD(uint32_t l) {
        const uint32_t first = lists[l];
        uint32_t end = first;
        for (uint32_t i = r.dependency_lists[l]; i != r.dependency_lists[l + 1]; ++i) {
          const uint32_t id = r.dependency_ids[i];
          const Dependency& d = r.dependencies[id];
          if (d.kind() == DependencyKind::dev) continue;
          const PreparedEntry entry = {id, d.optional() ? 1u : 0u, dependencies[id].candidates};
          uint32_t at = end++;  // insertion keeps the order of equal ones, as cargo's sort does
          for (; at != first && entries[at - 1].candidates > entry.candidates; --at) {
            entries[at] = entries[at - 1];
            names[at] = names[at - 1];
          }
          entries[at] = entry;
          names[at] = d.name;
        }
      },
      512);
}

}  // namespace rustg::graph
