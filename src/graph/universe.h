// What a resolution chooses from: a registry's tables and, behind them, packages that are only here: workspace members, path and git
// dependencies. Ids at or above the registry's counts are the local ones'. Plain pointers, for either device.
#pragma once
#include "graph/prepared.h"
#include "graph/registry.h"

namespace rustg::graph {

struct LocalPackage {
  StringId name, links;
  uint32_t first_dependency, dependencies;  // in Universe::local_dependency_ids
  uint32_t first_feature, features;         // in Universe::local_features
};

// A local package that dependencies on the registry may be met with: a patch.
struct LocalAnswer {
  StringId crate;                       // the dependencies' name
  VersionId version;                    // of the local package
  VersionId instead;                    // the registry's of the same number, which it hides; kNone: the registry has none
  uint32_t first_requirement, matches;  // that it meets: in Universe::answer_requirements, ascending
};

struct Slice {
  const uint32_t* data;
  uint32_t size;
};

struct Universe {
  Registry registry;

  // A local package is crate registry.crates + i and, its only version, registry.versions + i.
  const LocalPackage* locals = nullptr;
  uint32_t local_count = 0;
  const uint32_t* local_dependency_ids = nullptr;  // registry.dependency_count + i: the i-th of
  const Dependency* local_dependencies = nullptr;
  const Requirement* local_requirements =
      nullptr;  // registry.requirement_count + i. Without windows of their own: into local_windows
  const Window* local_windows = nullptr;
  const uint32_t* local_feature_lists = nullptr;  // offsets into local_feature_names; registry.feature_list_count + i
  const StringId* local_feature_names = nullptr;
  const Feature* local_features = nullptr;
  const FeatureValue* local_feature_values = nullptr;
  const LocalAnswer* answers = nullptr;  // by crate; of one crate those first that are tried first
  uint32_t answer_count = 0;
  const uint32_t* answer_requirements = nullptr;
  StringId default_feature = kNone;  // "default", if anything names it

  // Which versions are tried first (VersionPreferences of cargo).
  const uint8_t* preferred = nullptr;  // by version: in the lock file. Those may be yanked
  const uint64_t* rust_versions = nullptr;  // as in Registry::version_rust: of the members that have one
  uint32_t rust_version_count = 0;
  // Of the registry, if it pays; not with versions that are tried first.
  Prepared prepared;

  RUSTG_HD bool is_local_crate(CrateId crate) const { return crate != kNone && crate >= registry.crates; }
  RUSTG_HD bool is_local(VersionId version) const { return version >= registry.versions; }
  RUSTG_HD const LocalPackage& local(VersionId version) const { return locals[version - registry.versions]; }

  RUSTG_HD const Dependency& dependency(uint32_t id) const {
    return id < registry.dependency_count ? registry.dependencies[id]
                                          : local_dependencies[id - registry.dependency_count];
  }
  RUSTG_HD Slice dependencies_of(VersionId version) const {
    if (is_local(version)) return {local_dependency_ids + local(version).first_dependency, local(version).dependencies};
    const uint32_t* list = registry.dependency_lists + registry.version_dependencies[version];
    return {registry.dependency_ids + list[0], list[1] - list[0]};
  }
  RUSTG_HD const Feature* features_of(VersionId version, uint32_t& count) const {
    if (is_local(version)) {
      count = local(version).features;
      return local_features + local(version).first_feature;
    }
    const uint32_t* table = registry.feature_tables + registry.version_features[version];
    count = table[1] - table[0];
    return registry.features + table[0];
  }
  // The same with the place of the default feature, kNone if there is none.
  RUSTG_HD const Feature* features_of(VersionId version, uint32_t& count, uint32_t& default_place) const;
  RUSTG_HD const FeatureValue* values_of(VersionId version) const {
    return is_local(version) ? local_feature_values : registry.feature_values;
  }
  RUSTG_HD Slice feature_list(uint32_t id) const {
    const bool here = id < registry.feature_list_count;
    const uint32_t* list =
        here ? registry.feature_lists + id : local_feature_lists + (id - registry.feature_list_count);
    return {(here ? registry.feature_list_names : local_feature_names) + list[0], list[1] - list[0]};
  }
  RUSTG_HD StringId links_of(VersionId version) const {
    if (prepared.versions != nullptr && !is_local(version)) return prepared.versions[version].links;
    return is_local(version) ? local(version).links : registry.version_links[version];
  }
  RUSTG_HD CrateId crate_of(VersionId version) const {
    return is_local(version) ? registry.crates + (version - registry.versions) : registry.version_crates[version];
  }
  // A number for its crate and compatible range: of versions with the same only one can be active.
  RUSTG_HD uint64_t place_of(VersionId version) const {
    if (prepared.versions != nullptr && !is_local(version)) return prepared.versions[version].place;
    return uint64_t(crate_of(version)) << 32 | compatible_of(version);
  }
  // What of its crate takes this version's place: SemverTable::compatible.
  RUSTG_HD uint32_t compatible_of(VersionId version) const {
    return is_local(version) ? 0 : registry.semver.compatible[registry.version_ranks[version]];
  }
  RUSTG_HD bool matches(uint32_t requirement, Rank rank) const {
    if (requirement < registry.requirement_count) return registry.matches(requirement, rank);
    const Requirement& r = local_requirements[requirement - registry.requirement_count];
    if (rank < r.low || rank >= r.high) return false;
    if (registry.semver.pre[rank] == 0) return true;
    for (uint32_t w = r.first_window; w != r.first_window + r.windows; ++w)
      if (rank >= local_windows[w].low && rank < local_windows[w].high) return true;
    return false;
  }
  RUSTG_HD bool is_met(const LocalAnswer& answer, uint32_t requirement) const {
    uint32_t low = answer.first_requirement, high = low + answer.matches;
    while (low < high) {
      const uint32_t middle = (low + high) / 2;
      if (answer_requirements[middle] < requirement)
        low = middle + 1;
      else
        high = middle;
    }
    return low != answer.first_requirement + answer.matches && answer_requirements[low] == requirement;
  }
  // Of a version that is of the crate that the dependency leads to, and is not tried first.
  RUSTG_HD bool is_candidate(uint32_t id, VersionId version) const {
    return !(registry.version_flags[version] & Registry::kYanked) &&
           matches(dependency(id).requirement, registry.version_ranks[version]);
  }
  RUSTG_HD const Requirement& requirement(uint32_t id) const {
    return id < registry.requirement_count ? registry.requirements[id]
                                           : local_requirements[id - registry.requirement_count];
  }
};

// The place of a feature in a table sorted by name; kNone if it is not there.
RUSTG_HD inline uint32_t find_feature(const Feature* features, uint32_t count, StringId name) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (features[middle].name < name)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && features[low].name == name ? low : kNone;
}

RUSTG_HD inline const Feature* Universe::features_of(VersionId version, uint32_t& count,
                                                     uint32_t& default_place) const {
  if (prepared.versions != nullptr && !is_local(version)) {
    const PreparedTable& table = prepared.tables[prepared.versions[version].table];
    count = table.count;
    default_place = table.default_feature;
    return registry.features + table.first;
  }
  const Feature* features = features_of(version, count);
  default_place = find_feature(features, count, default_feature);
  return features;
}

// The versions that a dependency may be, in the order in which cargo tries them: those of the lock file, then those that more of the
// workspace's rust-versions can build, then the newest.
class Candidates {
 public:
  RUSTG_HD Candidates(const Universe& universe, const Dependency& dependency) : u_(universe), dependency_(dependency) {
    CrateId crate = dependency.target_crate;
    if (crate == kNone) {
      pass_ = passes();
    } else if (u_.is_local_crate(crate)) {
      local_ = u_.registry.versions + (crate - u_.registry.crates);
    } else {
      const Registry& r = u_.registry;
      const Requirement& requirement = u_.requirement(dependency.requirement);
      first_ = lower_bound(r.crate_versions[crate], r.crate_versions[crate + 1], requirement.low);
      last_ = next_ = lower_bound(first_, r.crate_versions[crate + 1], requirement.high);
    }
    if (u_.answer_count != 0 && local_ == kNone && !(dependency.flags & Dependency::kOtherRegistry)) {
      while (answer_ != u_.answer_count && u_.answers[answer_].crate < dependency.crate) ++answer_;
      first_answer_ = answer_;
    } else {
      answer_ = u_.answer_count;
    }
  }
  // All candidates of the registry are of [first(), last()).
  RUSTG_HD VersionId first() const { return first_; }
  RUSTG_HD VersionId last() const { return last_; }
  // kNone: no more.
  RUSTG_HD VersionId take() {
    if (local_ != kNone) {
      VersionId version = local_;
      local_ = kNone;
      pass_ = passes();
      return version;
    }
    while (is_answer(answer_)) {
      const LocalAnswer& answer = u_.answers[answer_++];
      if (u_.is_met(answer, dependency_.requirement)) return answer.version;
    }
    for (; pass_ < passes(); ++pass_, next_ = last_)
      while (next_ != first_) {
        VersionId version = --next_;
        if (pass_of(version) == pass_ && u_.matches(dependency_.requirement, u_.registry.version_ranks[version]) &&
            !is_hidden(version))
          return version;
      }
    return kNone;
  }

 private:
  RUSTG_HD bool is_answer(uint32_t index) const {
    return index < u_.answer_count && u_.answers[index].crate == dependency_.crate;
  }
  RUSTG_HD bool is_hidden(VersionId version) const {
    for (uint32_t i = first_answer_; is_answer(i); ++i)
      if (u_.answers[i].instead == version) return true;
    return false;
  }
  RUSTG_HD uint32_t lower_bound(uint32_t low, uint32_t high, Rank rank) const {
    while (low < high) {
      uint32_t middle = (low + high) / 2;
      if (u_.registry.version_ranks[middle] < rank)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  RUSTG_HD uint32_t passes() const { return (u_.rust_version_count + 1) * (u_.preferred == nullptr ? 1 : 2); }
  // In which pass it is tried; kNone: never.
  RUSTG_HD uint32_t pass_of(VersionId version) const {
    bool preferred = u_.preferred != nullptr && u_.preferred[version] != 0;
    if (!preferred && (u_.registry.version_flags[version] & Registry::kYanked)) return kNone;
    uint32_t too_old = 0;
    uint64_t rust = u_.registry.version_rust[version];
    for (uint32_t i = 0; i != u_.rust_version_count; ++i) too_old += rust > u_.rust_versions[i] ? 1 : 0;
    return too_old + (preferred || u_.preferred == nullptr ? 0 : u_.rust_version_count + 1);
  }

  const Universe& u_;
  const Dependency& dependency_;
  uint32_t first_ = 0, last_ = 0, next_ = 0, pass_ = 0;
  uint32_t answer_ = 0, first_answer_ = kNone;  // kNone: a local package, which nothing answers for
  VersionId local_ = kNone;
};

RUSTG_HD inline uint32_t count_candidates(const Universe& universe, uint32_t dependency) {
  if (universe.prepared.dependencies != nullptr && dependency < universe.registry.dependency_count)
    return universe.prepared.dependencies[dependency].candidates;
  uint32_t count = 0;
  for (Candidates candidates(universe, universe.dependency(dependency)); candidates.take() != kNone;) ++count;
  return count;
}

}  // namespace rustg::graph
