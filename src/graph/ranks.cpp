#include "graph/ranks.h"

#include <algorithm>
#include <tuple>

namespace rustg::graph {

namespace {

std::strong_ordering compare(const Registry& registry, Rank rank, const Version& version) {
  const SemverTable& s = registry.semver;
  if (auto order = std::tie(s.majors[rank], s.minors[rank], s.patches[rank]) <=>
                   std::tie(version.major, version.minor, version.patch);
      order != 0)
    return order;
  if (auto order = compare_identifiers(registry.strings[s.pre[rank]], version.pre); order != 0) return order;
  return compare_identifiers(registry.strings[s.build[rank]], version.build, true);
}

}  // namespace

Rank rank_of(const Registry& registry, const Version& version) {
  Rank low = 0, high = registry.semver.count;
  while (low < high) {
    Rank middle = low + (high - low) / 2;
    if (compare(registry, middle, version) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

RankBounds rank_bounds(const Registry& registry, const VersionReq& requirement) {
  Bounds b = bounds(requirement);
  RankBounds out{rank_of(registry, b.low), b.high ? rank_of(registry, *b.high) : registry.semver.count, {}};
  for (Version triple : b.triples) {
    Version least = triple;
    least.pre = "0";
    Rank low = std::max(out.low, rank_of(registry, least)), high = std::min(out.high, rank_of(registry, triple));
    if (low < high) out.windows.push_back({low, high});
  }
  return out;
}

}  // namespace rustg::graph
