// A registry's index as tables: crates, their versions, dependencies and features, in CSR form and in plain arrays that lie in one block of
// memory (a mapped snapshot, host memory, or a device's). Built by import.h, kept by snapshot.h. docs/graph.md has the picture and the sizes.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/hd.h"

namespace rustg::graph {

// Index into the table of the same name. None is kNone.
using StringId = uint32_t;
using CrateId = uint32_t;
using VersionId = uint32_t;
constexpr uint32_t kNone = 0xffffffffu;

// A number for one semantic version among all that the registry names, in semver's order (pre-releases before their release, build metadata
// last, as the semver crate orders it): comparing ranks is comparing versions. Only versions that are in the registry have one; what a
// requirement names is the rank of the first version that is not before it.
using Rank = uint32_t;

// Text of names, features, requirements, targets…: interned, so equal text is an equal id. Ids are in the order of the text (by bytes), so
// comparing ids is comparing texts; id 0 is the empty text.
struct Strings {
  const uint32_t* offsets = nullptr;  // count + 1
  const char* bytes = nullptr;
  uint32_t count = 0;
  std::string_view operator[](StringId id) const { return {bytes + offsets[id], offsets[id + 1] - offsets[id]}; }
};

// By rank.
struct SemverTable {
  const uint64_t *majors = nullptr, *minors = nullptr, *patches = nullptr;
  const StringId *pre = nullptr, *build = nullptr;
  uint32_t count = 0;
  // What takes each other's place: equal for versions that cargo lets only one of into a resolution (x.*.*, 0.x.*, 0.0.x).
  const uint32_t* compatible = nullptr;
};

// A requirement compiled: a release matches if low <= rank < high; a pre-release also has to lie in a window of `windows`, since it only
// matches where a comparator names a pre-release of the same major.minor.patch. What one interval cannot say (none known in crates.io)
// does not exist in semver's grammar: comparators are a conjunction.
struct Requirement {
  StringId text;
  Rank low, high;
  uint32_t first_window, windows;  // in Registry::windows
};
struct Window {
  Rank low, high;
};

enum class DependencyKind : uint8_t { normal, build, dev };

// One edge. Equal edges, of whatever version, are stored once.
struct Dependency {
  static constexpr uint8_t kKind = 3, kOptional = 4, kNoDefaultFeatures = 8, kOtherRegistry = 16;
  StringId crate;        // the package's name
  CrateId target_crate;  // kNone: the registry has no such crate, or it is to come from another registry
  StringId name;         // in the manifest; differs where it is renamed
  uint32_t requirement;  // index into requirements
  uint32_t features;     // index into feature_lists
  StringId platform;     // cfg(…) or a triple; 0: all
  uint8_t flags;
  uint8_t reserved[3];
  RUSTG_HD DependencyKind kind() const { return DependencyKind(flags & kKind); }
  RUSTG_HD bool optional() const { return flags & kOptional; }
  RUSTG_HD bool default_features() const { return !(flags & kNoDefaultFeatures); }
};
static_assert(sizeof(Dependency) == 28);

// What a feature turns on.
struct FeatureValue {
  enum Kind : uint32_t { feature, dependency, dependency_feature, weak_dependency_feature };  // f, dep:d, d/f, d?/f
  StringId name;                                                                              // f or d, without dep:
  uint32_t other;  // d/f and d?/f: f. f: its place in the feature table, kNone if it is not there
  uint32_t kind;
};
struct Feature {
  StringId name;
  uint32_t first_value, values;  // in feature_values
};

// Of a crate's lines in the index, whatever their order: what tells a changed crate from one that is as it was.
struct CrateHash {
  uint64_t low, high;
  bool operator==(const CrateHash&) const = default;
};

struct Registry {
  Strings strings;
  SemverTable semver;

  uint32_t crates = 0;
  const StringId* crate_names = nullptr;     // sorted by text, so that find_crate() can search
  const uint32_t* crate_versions = nullptr;  // crates + 1: first version of each
  const CrateHash* crate_hashes = nullptr;
  uint32_t versions = 0;  // a crate's are together, the oldest first
  const Rank* version_ranks = nullptr;
  const CrateId* version_crates = nullptr;
  const uint8_t* version_flags = nullptr;          // kYanked
  const StringId* version_links = nullptr;         // 0: none
  const uint64_t* version_rust = nullptr;          // rust-version as 21 bits each of major, minor, patch; 0: none
  const uint32_t* version_dependencies = nullptr;  // index into dependency_lists
  const uint32_t* version_features = nullptr;      // index into feature_tables
  const uint8_t* version_checksums = nullptr;      // 32 bytes each; null: the index has none

  // Lists of edges; equal lists are stored once. In the order of the index.
  uint32_t dependency_list_count = 0;
  const uint32_t* dependency_lists = nullptr;  // dependency_list_count + 1: offsets into dependency_ids
  const uint32_t* dependency_ids = nullptr;
  uint32_t dependency_count = 0;
  const Dependency* dependencies = nullptr;

  uint32_t requirement_count = 0;
  const Requirement* requirements = nullptr;
  uint32_t window_count = 0;
  const Window* windows = nullptr;

  // Names of features that an edge asks for, sorted.
  uint32_t feature_list_count = 0;
  const uint32_t* feature_lists = nullptr;  // feature_list_count + 1: offsets into feature_list_names
  const StringId* feature_list_names = nullptr;

  // The [features] of a version, with the implicit features of optional dependencies put in as cargo does; sorted by name. A feature's place in
  // its table is its bit in the resolver's sets. Equal tables are stored once. Values are in the order of the features they belong to.
  uint32_t feature_table_count = 0;
  const uint32_t* feature_tables = nullptr;  // feature_table_count + 1: offsets into features
  const Feature* features = nullptr;
  uint32_t feature_value_count = 0;
  const FeatureValue* feature_values = nullptr;

  static constexpr uint8_t kYanked = 1;

  RUSTG_HD bool matches(uint32_t requirement, Rank rank) const {
    const Requirement& r = requirements[requirement];
    if (rank < r.low || rank >= r.high) return false;
    if (semver.pre[rank] == 0) return true;
    for (uint32_t w = r.first_window; w != r.first_window + r.windows; ++w)
      if (rank >= windows[w].low && rank < windows[w].high) return true;
    return false;
  }
};

// kNone if there is none of that name.
CrateId find_crate(const Registry& registry, std::string_view name);

}  // namespace rustg::graph
