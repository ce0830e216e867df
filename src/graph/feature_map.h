// The features of a package as cargo understands them: [features] (or an index's features and features2), and for every optional
// dependency that no value names with dep: and no feature is called like, a feature of its name.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/registry.h"

namespace rustg::graph {

struct NamedFeature {
  std::string_view name;
  std::vector<std::string_view> values;
};
struct NamedDependency {
  std::string_view name;  // in the manifest
  bool optional;
};

struct FeatureMap {
  struct Value {
    std::string_view name;  // as in FeatureValue
    std::string_view feature;
    uint32_t place;  // of a feature: its place in the map, kNone if it is not there
    FeatureValue::Kind kind;
  };
  struct Entry {
    std::string_view name;
    std::vector<Value> values;
  };
  std::vector<Entry> entries;  // sorted by name
};

// A feature that is there twice has the values of both. Errors are what cargo refuses (or, in an index, ignores the version for), in its words.
Result<FeatureMap> build_feature_map(std::vector<NamedFeature> features,
                                     const std::vector<NamedDependency>& dependencies);

}  // namespace rustg::graph
