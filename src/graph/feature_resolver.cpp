#include "graph/feature_resolver.h"

#include <algorithm>

namespace rustg::graph {

FeatureRules feature_rules(uint32_t resolver, bool dev, bool all_targets) {
  if (resolver < 2) return {};
  return {true, !dev, !all_targets};
}

FeatureResolver::FeatureResolver(const ResolvedPackages& packages, FeatureRules rules, const Platforms& platforms)
    : packages_(packages),
      rules_(rules),
      platforms_(platforms),
      track_host_(rules.decouple_host || rules.ignore_inactive),
      features_(2 * packages.packages.size()),
      dependencies_(features_.size()),
      done_(features_.size()),
      listed_(features_.size()),
      uses_(features_.size()) {}

void FeatureResolver::activate(uint32_t package, const FeatureRequest& request) {
  const Universe& u = packages_.universe();
  std::vector<FeatureValue> values = request.features;
  uint32_t count;
  const Feature* features = u.features_of(packages_.packages[package].version, count);
  if (request.defaults && find(package, u.default_feature) != nullptr)
    values.push_back({u.default_feature, kNone, FeatureValue::feature});
  if (request.all)
    for (uint32_t f = 0; f != count; ++f) values.push_back({features[f].name, kNone, FeatureValue::feature});
  // A procedural macro may be built for its tests and binaries too.
  const bool macro = track_host_ && packages_.packages[package].facts.proc_macro;
  if (macro) activate_package(package, false, values);
  activate_package(package, macro, values);
}

const Feature* FeatureResolver::find(uint32_t package, StringId feature) const {
  uint32_t count;
  const Feature* features = packages_.universe().features_of(packages_.packages[package].version, count);
  const uint32_t place = find_feature(features, count, feature);
  return place == kNone ? nullptr : features + place;
}

const std::vector<FeatureResolver::Use>& FeatureResolver::uses_of(uint32_t package, bool for_host) {
  const uint32_t at = 2 * package + (for_host ? 1 : 0);
  if (listed_[at]) return uses_[at];
  listed_[at] = true;
  for (const ResolvedPackage::Group& group : packages_.packages[package].groups)
    for (uint32_t id : group.dependencies) {
      const Dependency& d = packages_.dependency(id);
      const bool build = d.kind() == DependencyKind::build;
      if (rules_.ignore_inactive && d.platform != 0) {
        const auto& requested = platforms_.requested();
        const bool active = build || for_host ? platforms_.active(d, Platforms::kHost)
                                              : std::any_of(requested.begin(), requested.end(),
                                                            [&](uint32_t p) { return platforms_.active(d, p); });
        if (!active) continue;
      }
      if (rules_.decouple_dev && d.kind() == DependencyKind::dev) continue;
      const bool host = for_host || (track_host_ && (build || packages_.packages[group.to].facts.proc_macro));
      uses_[at].push_back({group.to, host, &d});
    }
  return uses_[at];
}

void FeatureResolver::activate_package(uint32_t package, bool for_host, const std::vector<FeatureValue>& values) {
  for (const FeatureValue& value : values) activate_value(package, for_host, value);
  const uint32_t at = 2 * package + (for_host ? 1 : 0);
  if (done_[at]) return;
  done_[at] = true;
  for (const Use& use : uses_of(package, for_host))
    if (!use.dependency->optional()) activate_by(use);
}

// What a dependency asks for of the package that it is on.
void FeatureResolver::activate_by(const Use& use) {
  const Universe& u = packages_.universe();
  std::vector<FeatureValue> values;
  const Slice list = u.feature_list(use.dependency->features);
  for (uint32_t i = 0; i != list.size; ++i) values.push_back({list.data[i], kNone, FeatureValue::feature});
  if (use.dependency->default_features() && find(use.to, u.default_feature) != nullptr)
    values.push_back({u.default_feature, kNone, FeatureValue::feature});
  activate_package(use.to, use.for_host, values);
}

void FeatureResolver::activate_value(uint32_t package, bool for_host, const FeatureValue& value) {
  switch (FeatureValue::Kind(value.kind)) {
    case FeatureValue::feature: return activate_feature(package, for_host, value.name);
    case FeatureValue::dependency: return activate_dependency(package, for_host, value.name);
    case FeatureValue::dependency_feature:
    case FeatureValue::weak_dependency_feature: return activate_dependency_feature(package, for_host, value);
  }
}

void FeatureResolver::activate_feature(uint32_t package, bool for_host, StringId name) {
  if (!features_[key(package, for_host)].insert(name).second) return;
  const Feature* feature = find(package, name);
  if (feature == nullptr) return;
  const FeatureValue* values = packages_.universe().values_of(packages_.packages[package].version);
  for (uint32_t i = 0; i != feature->values; ++i) activate_value(package, for_host, values[feature->first_value + i]);
}

void FeatureResolver::activate_dependency(uint32_t package, bool for_host, StringId name) {
  dependencies_[key(package, for_host)].insert(name);
  std::set<StringId> deferred;
  if (auto found = deferred_.find({2 * package + (for_host ? 1 : 0), name}); found != deferred_.end()) {
    deferred = std::move(found->second);
    deferred_.erase(found);
  }
  for (const Use& use : uses_of(package, for_host)) {
    if (use.dependency->name != name) continue;
    for (StringId feature : deferred) activate_feature(use.to, use.for_host, feature);
    activate_by(use);
  }
}

void FeatureResolver::activate_dependency_feature(uint32_t package, bool for_host, const FeatureValue& value) {
  const bool weak = value.kind == FeatureValue::weak_dependency_feature;
  for (const Use& use : uses_of(package, for_host)) {
    if (use.dependency->name != value.name) continue;
    if (use.dependency->optional()) {
      if (weak && !uses(package, for_host, value.name)) {
        deferred_[{2 * package + (for_host ? 1 : 0), value.name}].insert(value.other);
        continue;
      }
      activate_dependency(package, for_host, value.name);
      // Before there was d?/f, d/f turned on a feature d too; it does where there is such a feature.
      if (!weak && find(package, value.name) != nullptr) activate_feature(package, for_host, value.name);
    }
    activate_feature(use.to, use.for_host, value.other);
  }
}

}  // namespace rustg::graph
