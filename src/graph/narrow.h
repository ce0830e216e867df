// The part of a resolution that some members with some features need: cargo resolves once more for that, with all versions kept.
#pragma once
#include <vector>

#include "graph/feature_resolver.h"

namespace rustg::graph {

// Marks the other packages as unused, and takes the links away that the first resolver's rules do not follow: every kind of dependency on
// every target, dev-dependencies of these packages alone, d?/f as if d were used.
void narrow(ResolvedPackages& packages, const std::vector<std::pair<uint32_t, FeatureRequest>>& requests);

}  // namespace rustg::graph
