#include "graph/narrow.h"

#include <algorithm>
#include <deque>

namespace rustg::graph {

namespace {

class Narrower {
 public:
  explicit Narrower(ResolvedPackages& packages) : packages_(packages), states_(packages.packages.size()) {}

  void run(const std::vector<std::pair<uint32_t, FeatureRequest>>& requests) {
    const Universe& u = packages_.universe();
    for (const auto& [package, request] : requests) {
      states_[package].root = true;
      if (request.all) {
        uint32_t count;
        const Feature* features = features_of(package, count);
        for (uint32_t f = 0; f != count; ++f) require(package, features[f].name);
      }
      if (request.defaults) require(package, u.default_feature);
      for (const FeatureValue& value : request.features) apply(package, value);
      touch(package);
    }
    while (!waiting_.empty()) {
      const uint32_t package = waiting_.front();
      waiting_.pop_front();
      states_[package].waits = false;
      follow(package);
    }
    for (uint32_t p = 0; p != states_.size(); ++p) {
      ResolvedPackage& package = packages_.packages[p];
      package.used = states_[p].reached;
      for (ResolvedPackage::Group& group : package.groups)
        std::erase_if(group.dependencies, [&](uint32_t id) { return !is_followed(p, packages_.dependency(id)); });
      std::erase_if(package.groups, [](const auto& group) { return group.dependencies.empty(); });
    }
  }

 private:
  struct State {
    bool reached = false, root = false, waits = false;
    std::set<StringId> features;
    std::map<StringId, std::set<StringId>> wanted;  // of dependencies, by name: features
  };

  const Feature* features_of(uint32_t package, uint32_t& count) const {
    return packages_.universe().features_of(packages_.packages[package].version, count);
  }
  void touch(uint32_t package) {
    State& state = states_[package];
    state.reached = true;
    if (!state.waits) waiting_.push_back(package);
    state.waits = true;
  }
  void require(uint32_t package, StringId name) {
    uint32_t count;
    const Feature* features = features_of(package, count);
    const uint32_t place = find_feature(features, count, name);
    if (place == kNone || !states_[package].features.insert(name).second) return;
    const FeatureValue* values = packages_.universe().values_of(packages_.packages[package].version);
    for (uint32_t i = 0; i != features[place].values; ++i) apply(package, values[features[place].first_value + i]);
  }
  void apply(uint32_t package, const FeatureValue& value) {
    if (value.kind == FeatureValue::feature) return require(package, value.name);
    auto& wanted = states_[package].wanted[value.name];
    if (value.kind == FeatureValue::dependency) return;
    wanted.insert(value.other);
    if (value.kind == FeatureValue::dependency_feature && is_optional(package, value.name))
      require(package, value.name);
  }
  bool is_optional(uint32_t package, StringId name) const {
    const Slice list = packages_.universe().dependencies_of(packages_.packages[package].version);
    return std::any_of(list.data, list.data + list.size, [&](uint32_t id) {
      return packages_.dependency(id).name == name && packages_.dependency(id).optional();
    });
  }
  bool is_followed(uint32_t package, const Dependency& d) const {
    const State& state = states_[package];
    if (!state.reached || (d.kind() == DependencyKind::dev && !state.root)) return false;
    return !d.optional() || state.wanted.contains(d.name);
  }

  void follow(uint32_t package) {
    const Universe& u = packages_.universe();
    for (const ResolvedPackage::Group& group : packages_.packages[package].groups)
      for (uint32_t id : group.dependencies) {
        const Dependency& d = packages_.dependency(id);
        if (!is_followed(package, d)) continue;
        State& to = states_[group.to];
        const size_t features = to.features.size(), wanted = wanted_of(to);
        const bool reached = to.reached;
        const Slice list = u.feature_list(d.features);
        for (uint32_t i = 0; i != list.size; ++i) require(group.to, list.data[i]);
        if (d.default_features()) require(group.to, u.default_feature);
        if (auto more = states_[package].wanted.find(d.name); more != states_[package].wanted.end())
          for (StringId feature : std::set(more->second)) require(group.to, feature);
        if (!reached || to.features.size() != features || wanted_of(to) != wanted) touch(group.to);
      }
  }
  static size_t wanted_of(const State& state) {
    size_t count = state.wanted.size();
    for (const auto& [name, features] : state.wanted) count += features.size();
    return count;
  }

  ResolvedPackages& packages_;
  std::vector<State> states_;
  std::deque<uint32_t> waiting_;
};

}  // namespace

void narrow(ResolvedPackages& packages, const std::vector<std::pair<uint32_t, FeatureRequest>>& requests) {
  Narrower(packages).run(requests);
}

}  // namespace rustg::graph
