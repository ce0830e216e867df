#include "graph/selection.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "graph/similar_name.h"

namespace rustg::graph {

namespace {

bool is_pattern(const std::string& text) { return text.find_first_of("*?[]") != std::string::npos; }

std::string joined(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

// As text: f, d/f or d?/f.
struct AskedFeature {
  std::string text, dependency, feature;
  bool weak = false;
  auto operator<=>(const AskedFeature&) const = default;
};

class Selector {
 public:
  Selector(const ResolvedPackages& packages, const LocalWorkspace& workspace, const SelectionRequest& request)
      : packages_(packages), workspace_(workspace), request_(request) {}

  Result<Selection> select() {
    RUSTG_TRY(split_features());
    RUSTG_TRY(select_packages());
    // Which features are meant for whom follows newer rules where there is no package at the root, or with resolver 2.
    if (workspace_.current == kNone || workspace_.resolver >= 2)
      RUSTG_TRY(request_of_selected());
    else
      RUSTG_TRY(request_of_current());
    std::sort(out_.requests.begin(), out_.requests.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return std::move(out_);
  }

 private:
  const ResolvedPackage& package(uint32_t p) const { return packages_.packages[p]; }
  bool is_selected(uint32_t p) const { return std::find(selected_.begin(), selected_.end(), p) != selected_.end(); }

  Status split_features() {
    std::set<AskedFeature> features;
    for (const std::string& list : request_.features)
      for (size_t at = 0; at < list.size();) {
        const size_t end = std::min(list.find_first_of(", \t\n", at), list.size());
        AskedFeature asked{list.substr(at, end - at), {}, {}};
        at = end + 1;
        if (asked.text.empty()) continue;
        if (asked.text.starts_with("dep:"))
          return Error{fmt::format("feature `{}` is not allowed to use explicit `dep:` syntax", asked.text)};
        size_t slash = asked.text.find('/');
        asked.feature = slash == std::string::npos ? asked.text : asked.text.substr(slash + 1);
        if (slash != std::string::npos) {
          asked.weak = slash != 0 && asked.text[slash - 1] == '?';
          asked.dependency = asked.text.substr(0, slash - (asked.weak ? 1 : 0));
          if (asked.feature.find('/') != std::string::npos)
            return Error{fmt::format("multiple slashes in feature `{}` is not allowed", asked.text)};
        }
        features.insert(asked);
      }
    asked_.assign(features.begin(), features.end());
    return ok();
  }

  // Members that the specifications and patterns are of; those that are of none.
  std::vector<uint32_t> members_of(const std::vector<std::string>& texts, std::vector<std::string>& unused_patterns,
                                   std::vector<std::string>& unused, Status& status) const {
    std::vector<uint32_t> out;
    for (const std::string& text : texts) {
      bool used = false;
      auto spec = is_pattern(text) ? Result<PackageSpec>(PackageSpec()) : PackageSpec::parse(text);
      if (!spec) {
        status = spec.error();
        continue;
      }
      for (uint32_t m : packages_.members)
        if (is_pattern(text) ? ::fnmatch(text.c_str(), package(m).name.c_str(), 0) == 0 : spec->matches(package(m))) {
          used = true;
          if (std::find(out.begin(), out.end(), m) == out.end()) out.push_back(m);
        }
      if (!used) (is_pattern(text) ? unused_patterns : unused).push_back(text);
    }
    std::sort(unused.begin(), unused.end());
    return out;
  }
  std::string not_found(const char* what, const std::vector<std::string>& names) const {
    return fmt::format("package{} `{}` not found in workspace `{}`", what, joined(names), workspace_.root.string());
  }

  Status select_packages() {
    std::vector<std::string> patterns, names;
    Status status = ok();
    if (request_.workspace) {
      selected_ = packages_.members;
      if (!request_.exclude.empty()) {
        const auto excluded = members_of(request_.exclude, patterns, names, status);
        if (!status) return status;
        std::erase_if(selected_,
                      [&](uint32_t m) { return std::find(excluded.begin(), excluded.end(), m) != excluded.end(); });
        if (!names.empty()) out_.warnings.push_back("excluded " + not_found("(s)", names));
        if (!patterns.empty()) out_.warnings.push_back("excluded " + not_found(" pattern(s)", patterns));
      } else if (!request_.packages.empty()) {
        members_of(request_.packages, patterns, names, status);
        if (!status) return status;
        if (!names.empty()) return Error{not_found("(s)", names)};
        if (!patterns.empty()) return Error{not_found(" pattern(s)", patterns)};
      }
    } else if (!request_.packages.empty()) {
      for (const std::string& text : request_.packages) {
        if (is_pattern(text)) {
          auto members = members_of({text}, patterns, names, status);
          selected_.insert(selected_.end(), members.begin(), members.end());
          continue;
        }
        RUSTG_LET(spec, PackageSpec::parse(text));
        for (uint32_t m : packages_.members)
          if (spec.matches(package(m)) && !is_selected(m)) selected_.push_back(m);
        out_.specs.push_back(std::move(spec));
      }
      if (!patterns.empty()) return Error{not_found(" pattern(s)", patterns)};
    } else {
      for (uint32_t m : workspace_.default_members) selected_.push_back(packages_.members[m]);
    }
    if (selected_.empty() && out_.specs.empty())
      return Error{workspace_.current == kNone
                       ? fmt::format("manifest path `{}` contains no package: The manifest is virtual, and the "
                                     "workspace has no members.",
                                     (workspace_.root).string())
                       : "no packages to compile"};
    out_.roots = selected_;
    return ok();
  }

  // --- features

  StringId find_text(const std::string& text) const { return packages_.names->find(text); }
  bool has_feature(uint32_t p, const std::string& feature) const {
    const Universe& u = packages_.universe();
    StringId name = find_text(feature);
    if (name == kNone) return false;
    uint32_t count;
    const Feature* features = u.features_of(package(p).version, count);
    if (find_feature(features, count, name) != kNone) return true;
    return dependency_of(p, feature, true);
  }
  bool dependency_of(uint32_t p, const std::string& name, bool optional) const {
    const Universe& u = packages_.universe();
    const Slice list = u.dependencies_of(package(p).version);
    for (uint32_t i = 0; i != list.size; ++i) {
      const Dependency& d = u.dependency(list.data[i]);
      if (packages_.names->string(d.name) == name && (d.optional() || !optional)) return true;
    }
    return false;
  }
  FeatureValue plain(const std::string& feature) const { return {find_text(feature), kNone, FeatureValue::feature}; }
  FeatureValue of_dependency(const AskedFeature& a) const {
    return {find_text(a.dependency), find_text(a.feature),
            uint32_t(a.weak ? FeatureValue::weak_dependency_feature : FeatureValue::dependency_feature)};
  }
  FeatureRequest everything_asked() const { return {{}, request_.all_features, !request_.no_default_features}; }

  Status request_of_selected() {
    std::set<AskedFeature> found;
    bool any = false;
    for (uint32_t m : packages_.members) {
      if (!is_selected(m)) continue;
      any = true;
      FeatureRequest request = everything_asked();
      for (const AskedFeature& a : asked_) {
        if (a.dependency.empty() ? has_feature(m, a.feature)
                                 : a.dependency == package(m).name && has_feature(m, a.feature) &&
                                       !dependency_of(m, a.dependency, false)) {
          RUSTG_TRY(check_feature(m, a.feature));
          request.features.push_back(plain(a.feature));
        } else if (!a.dependency.empty() && dependency_of(m, a.dependency, false)) {
          RUSTG_TRY(check_dependency(m, a));
          request.features.push_back(of_dependency(a));
        } else {
          continue;
        }
        found.insert(a);
      }
      out_.requests.emplace_back(m, std::move(request));
    }
    if (!any) {
      if (!asked_.empty() || request_.all_features || request_.no_default_features)
        return Error{"cannot specify features for packages outside of workspace"};
      for (uint32_t m : packages_.members) out_.requests.emplace_back(m, FeatureRequest{});
      return ok();
    }
    std::vector<std::string> unknown;
    for (const AskedFeature& a : asked_)
      if (!found.contains(a)) unknown.push_back(a.text);
    return unknown.empty() ? ok() : Status(Error{unknown_features(unknown)});
  }

  std::string unknown_features(std::vector<std::string> unknown) const {
    std::sort(unknown.begin(), unknown.end());
    std::vector<std::string> selected, others;
    for (uint32_t m : packages_.members) {
      if (is_selected(m))
        selected.push_back(package(m).name);
      else if (std::any_of(unknown.begin(), unknown.end(), [&](const std::string& f) { return has_feature(m, f); }))
        others.push_back(package(m).name);
    }
    const char* these = unknown.size() == 1 ? "this feature" : "these features";
    std::string text =
        selected.size() == 1
            ? fmt::format("the package '{}' does not contain {}: {}", selected[0], these, joined(unknown))
            : fmt::format("none of the selected packages contains {}: {}\nselected packages: {}", these,
                          joined(unknown), joined(selected));
    if (!others.empty())
      text += fmt::format("\nhelp: package{} with the missing feature{}: {}", others.size() == 1 ? "" : "s",
                          unknown.size() == 1 ? "" : "s", joined(others));
    return text;
  }

  bool in_table(uint32_t p, const std::string& feature) const {
    uint32_t count;
    const Feature* features = packages_.universe().features_of(package(p).version, count);
    StringId name = find_text(feature);
    return name != kNone && find_feature(features, count, name) != kNone;
  }
  Status check_feature(uint32_t p, const std::string& feature) const {
    if (in_table(p, feature)) return ok();
    const std::string label = packages_.names->package(package(p).version);
    if (dependency_of(p, feature, true))
      return Error{fmt::format(
          "package `{}` does not have feature `{}`\n\nhelp: an optional dependency with that name exists, but the "
          "`features` table includes it with the \"dep:\" syntax so it does not have an implicit feature with that "
          "name",
          label, feature)};
    if (dependency_of(p, feature, false))
      return Error{fmt::format(
          "package `{}` does not have feature `{}`\n\nhelp: a dependency with that name exists but it is required "
          "dependency and only optional dependencies can be used as features.",
          label, feature)};
    std::vector<std::string> names;
    uint32_t count;
    const Feature* features = packages_.universe().features_of(package(p).version, count);
    for (uint32_t f = 0; f != count; ++f) names.emplace_back(packages_.names->string(features[f].name));
    std::sort(names.begin(), names.end());
    return Error{fmt::format("package `{}` does not have the feature `{}`{}", label, feature,
                             similar_name_help("feature", feature, names))};
  }
  // d/f: that there is a d, and that it has f.
  Status check_dependency(uint32_t p, const AskedFeature& a) const {
    if (!dependency_of(p, a.dependency, false))
      return Error{fmt::format("package `{}` does not have a dependency named `{}`",
                               packages_.names->package(package(p).version), a.dependency)};
    for (const ResolvedPackage::Group& group : package(p).groups)
      for (uint32_t id : group.dependencies)
        if (packages_.names->string(packages_.dependency(id).name) == a.dependency && !in_table(group.to, a.feature))
          return Error{
              fmt::format("failed to select a version for `{0}`: package `{1}` depends on `{0}` with feature "
                          "`{2}` but `{0}` does not have that feature",
                          package(group.to).name, package(p).name, a.feature)};
    return ok();
  }

  // --features and --no-default-features are about the package at hand, whatever is selected; member/feature is about that member.
  Status request_of_current() {
    const uint32_t current = packages_.members[workspace_.current];
    for (uint32_t m : packages_.members) {
      if (m != current && !is_selected(m)) continue;
      FeatureRequest request = everything_asked();
      if (m != current) request.defaults = true;
      for (const AskedFeature& a : asked_) {
        const bool of_member = !a.dependency.empty() && is_other_selected_member(a.dependency, current);
        if (m == current && !of_member && !a.dependency.empty()) {
          RUSTG_TRY(check_dependency(m, a));
          request.features.push_back(of_dependency(a));
        } else if ((m == current && !of_member) || (m != current && of_member && a.dependency == package(m).name)) {
          RUSTG_TRY(check_feature(m, a.feature));
          request.features.push_back(plain(a.feature));
        }
      }
      out_.requests.emplace_back(m, std::move(request));
    }
    return ok();
  }
  bool is_other_selected_member(const std::string& name, uint32_t current) const {
    return std::any_of(packages_.members.begin(), packages_.members.end(),
                       [&](uint32_t m) { return m != current && package(m).name == name && is_selected(m); });
  }

  const ResolvedPackages& packages_;
  const LocalWorkspace& workspace_;
  const SelectionRequest& request_;
  std::vector<AskedFeature> asked_;
  std::vector<uint32_t> selected_;
  Selection out_;
};

}  // namespace

Result<Selection> select(const ResolvedPackages& packages, const LocalWorkspace& workspace,
                         const SelectionRequest& request) {
  return Selector(packages, workspace, request).select();
}

}  // namespace rustg::graph
