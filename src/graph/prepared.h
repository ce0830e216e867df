// What resolutions ask of a registry over and over, worked out once: each record answers one question with one access to memory. For many
// resolutions; a single one does without.
#pragma once
#include "graph/registry.h"

namespace rustg::graph {

struct PreparedVersion {
  uint32_t
      place;  // a number for its crate and compatible range: of versions with the same number only one can be active
  uint32_t list;   // Registry::version_dependencies
  uint32_t table;  // Registry::version_features
  StringId links;
};
struct PreparedDependency {
  static constexpr uint16_t kDefaultFeatures = 1;
  // All candidates have one place, none of them has links: if that place is taken, by a candidate, there is no other; if it is free, the newest
  // can be had.
  static constexpr uint16_t kOnePlace = 2;
  VersionId first, last;  // where its candidates are
  VersionId newest;       // candidate; kNone: there is none
  uint32_t candidates;
  uint32_t place;          // of the newest
  uint32_t first_feature;  // in Registry::feature_list_names
  uint16_t features, flags;
  StringId name;
};
static_assert(sizeof(PreparedDependency) == 32);
struct PreparedTable {
  uint32_t first, count;     // in Registry::features
  uint32_t default_feature;  // its place in the table; kNone
};
// A dependency of a list.
struct PreparedEntry {
  uint32_t dependency : 31, optional : 1;
  uint32_t candidates;
};

struct Prepared {
  const PreparedVersion* versions = nullptr;  // null: nothing has been prepared
  const PreparedDependency* dependencies = nullptr;
  const PreparedTable* tables = nullptr;
  // Of every dependency list what is no dev-dependency; those with the fewest candidates first, equal ones in the order of the list.
  const uint32_t* lists = nullptr;  // dependency_list_count + 1: offsets
  const PreparedEntry* entries = nullptr;
  const StringId* names = nullptr;  // of each entry: Dependency::name
};

}  // namespace rustg::graph
