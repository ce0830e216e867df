// What a command is about: packages of a workspace as -p, --workspace and --exclude name them, and the features asked for of each.
#pragma once
#include <string>
#include <vector>

#include "graph/feature_resolver.h"
#include "graph/package_spec.h"

namespace rustg::graph {

struct SelectionRequest {
  std::vector<std::string> packages, exclude;  // specifications, or patterns with *, ? and [ ]
  bool workspace = false;
  std::vector<std::string> features;  // as given: with commas and spaces
  bool all_features = false, no_default_features = false;
};

struct Selection {
  // What a tree begins with: packages, and what specifications are of among the packages in use (narrow.h).
  std::vector<uint32_t> roots;
  std::vector<PackageSpec> specs;
  std::vector<std::pair<uint32_t, FeatureRequest>> requests;
  std::vector<std::string> warnings;
};

// Of all packages of the resolution.
Result<Selection> select(const ResolvedPackages& packages, const LocalWorkspace& workspace,
                         const SelectionRequest& request);

}  // namespace rustg::graph
