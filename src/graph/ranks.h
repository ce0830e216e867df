// Where versions that a registry does not have would stand among those it has, and requirements as intervals of ranks.
#pragma once
#include <vector>

#include "graph/registry.h"
#include "graph/semver.h"

namespace rustg::graph {

// The first rank that is not below the version; Registry::semver.count if all are.
Rank rank_of(const Registry& registry, const Version& version);

struct RankBounds {
  Rank low, high;
  std::vector<Window> windows;
};
RankBounds rank_bounds(const Registry& registry, const VersionReq& requirement);

}  // namespace rustg::graph
