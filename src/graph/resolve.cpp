#include "graph/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "graph/resolve_error.h"
#include "graph/workspace.h"

namespace rustg::graph {

void ResolverMemory::reserve(uint32_t packages) {
  if (packages <= packages_) return;
  packages_ = std::bit_ceil(packages);
  block_ = std::make_unique_for_overwrite<uint64_t[]>(workspace_words(packages_, kNogoods));
  workspace_ = workspace_in(block_.get(), packages_, kNogoods);
  *workspace_.left = kNone;
}

namespace {

template <class Run>
Result<Resolution> resolve(const Names& names, ResolverMemory& memory, uint64_t steps, Run run) {
  const Universe& universe = names.universe();
  for (;;) {
    Resolver resolver(universe, memory.workspace(), steps);
    Outcome outcome = run(resolver);
    if (outcome == Outcome::too_small) {
      if (memory.packages() >= 1u << 22) return Error{"the resolution does not fit into memory"};
      memory.reserve(2 * memory.packages());
      continue;
    }
    const Workspace& w = memory.workspace();
    if (outcome == Outcome::conflict) resolver.explain();
    if (outcome != Outcome::resolved) return Error{describe(names, w, resolver, outcome)};
    Resolution out;
    out.steps = steps - resolver.steps_left();
    out.returns = resolver.returns();
    for (uint32_t i = 0; i != resolver.activations(); ++i) {
      const Activation& a = w.activations[i];
      Resolution::Package& package = out.packages.emplace_back();
      package.version = a.version;
      uint32_t count;
      const Feature* features = universe.features_of(a.version, count);
      for (uint32_t f = 0; f != count; ++f)
        if (w.bits[a.bits + f / 32] >> f % 32 & 1) package.features.push_back(features[f].name);
    }
    for (uint32_t i = 0; i != resolver.edges(); ++i) {
      const Edge e = resolver.edge(i);
      out.links.push_back({e.parent, e.child, e.dependency});
    }
    std::sort(out.links.begin(), out.links.end());
    out.links.erase(std::unique(out.links.begin(), out.links.end()), out.links.end());
    return out;
  }
}

}  // namespace

Result<Resolution> resolve_members(const Names& names, const std::vector<VersionId>& members, ResolverMemory& memory) {
  return resolve(names, memory, kMostSteps, [&](Resolver& resolver) {
    return resolver.resolve_members(members.data(), uint32_t(members.size()));
  });
}

Result<Resolution> resolve_version(const Names& names, VersionId version, ResolverMemory& memory, uint64_t steps) {
  return resolve(names, memory, steps, [&](Resolver& resolver) { return resolver.resolve_version(version); });
}

}  // namespace rustg::graph
