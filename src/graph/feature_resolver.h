// Which features of a resolution's packages are on, and which of their optional dependencies are used, for what is built: cargo's second
// resolver (resolver/features.rs), whose rules follow the workspace's `resolver`. The first one, which chooses versions, turns on all that anything could ask for.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "graph/resolved_packages.h"

namespace rustg::graph {

struct FeatureRules {
  bool decouple_host = false;    // build-dependencies and procedural macros have features of their own
  bool decouple_dev = false;     // dev-dependencies ask for nothing
  bool ignore_inactive = false;  // dependencies for other targets ask for nothing
};
// dev: dev-dependencies are in use.
FeatureRules feature_rules(uint32_t resolver, bool dev, bool all_targets);

// What is asked for of a package by the user.
struct FeatureRequest {
  std::vector<FeatureValue> features;  // feature, dependency_feature or weak_dependency_feature
  bool all = false, defaults = true;
};

class FeatureResolver {
 public:
  FeatureResolver(const ResolvedPackages& packages, FeatureRules rules, const Platforms& platforms);
  void activate(uint32_t package, const FeatureRequest& request);

  // for_host: as a build-dependency or a procedural macro.
  const std::set<StringId>& features(uint32_t package, bool for_host) const {
    return features_[key(package, for_host)];
  }
  bool uses(uint32_t package, bool for_host, StringId dependency) const {
    return dependencies_[key(package, for_host)].contains(dependency);
  }

 private:
  struct Use {
    uint32_t to;
    bool for_host;
    const Dependency* dependency;
  };
  uint32_t key(uint32_t package, bool for_host) const { return 2 * package + (for_host && rules_.decouple_host); }
  const std::vector<Use>& uses_of(uint32_t package, bool for_host);
  const Feature* find(uint32_t package, StringId feature) const;
  void activate_package(uint32_t package, bool for_host, const std::vector<FeatureValue>& values);
  void activate_by(const Use& use);
  void activate_value(uint32_t package, bool for_host, const FeatureValue& value);
  void activate_feature(uint32_t package, bool for_host, StringId feature);
  void activate_dependency(uint32_t package, bool for_host, StringId name);
  void activate_dependency_feature(uint32_t package, bool for_host, const FeatureValue& value);

  const ResolvedPackages& packages_;
  const FeatureRules rules_;
  const Platforms& platforms_;
  const bool track_host_;
  std::vector<std::set<StringId>> features_, dependencies_;  // by key()
  // By 2 * package + for_host:
  std::vector<bool> done_, listed_;
  std::vector<std::vector<Use>> uses_;
  std::map<std::pair<uint32_t, StringId>, std::set<StringId>> deferred_;  // d?/f whose d is not used yet
};

}  // namespace rustg::graph
