#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "graph/foreign_sources.h"
#include "graph/local_workspace.h"
#include "graph/lockfile.h"
#include "graph/lookup.h"

namespace rustg::graph {

namespace {

// As cargo shows it in parentheses: a folder; of a git source only the beginning of the revision.
std::string place_of(const LocalManifest& package) {
  const std::string& source = package.source;
  if (source.empty()) return package.folder.string();
  if (source == kCratesIo) return {};
  const size_t plus = source.find('+');
  if (!source.starts_with("git+")) return fmt::format("registry `{}`", source.substr(plus + 1));
  return source.substr(plus + 1, std::min(source.find('#'), source.size()) + 9 - (plus + 1));
}

}  // namespace

StringId LocalUniverse::intern(const std::string& text) {
  const Strings& strings = universe_.registry.strings;
  if (StringId id = find_string(strings, text); id != kNone) return id;
  auto& own = local_names_.strings;
  auto found = std::find(own.begin(), own.end(), text);
  if (found == own.end()) found = own.insert(own.end(), text);
  return strings.count + StringId(found - own.begin());
}

Result<std::unique_ptr<LocalUniverse>> LocalUniverse::make(const Registry& registry, const LocalWorkspace& workspace) {
  std::unique_ptr<LocalUniverse> out(new LocalUniverse);
  Universe& u = out->universe_;
  u.registry = registry;
  out->feature_lists_.push_back(0);
  for (uint32_t i = 0; i != workspace.packages.size(); ++i) {
    out->local_names_.versions.push_back(to_string(workspace.packages[i].version));
    out->local_names_.places.push_back(place_of(workspace.packages[i]));
    RUSTG_TRY(out->add(workspace, i));
    if (i < workspace.members) out->members_.push_back(registry.versions + i);
  }
  u.default_feature = out->intern("default");
  u.locals = out->packages_.data();
  u.local_count = uint32_t(out->packages_.size());
  u.local_dependency_ids = out->dependency_ids_.data();
  u.local_dependencies = out->dependencies_.data();
  u.local_requirements = out->requirements_.data();
  u.local_windows = out->windows_.data();
  u.local_feature_lists = out->feature_lists_.data();
  u.local_feature_names = out->feature_names_.data();
  u.local_features = out->features_.data();
  u.local_feature_values = out->feature_values_.data();
  RUSTG_TRY(out->add_answers(workspace));
  u.answers = out->answers_.data();
  u.answer_count = uint32_t(out->answers_.size());
  u.answer_requirements = out->answer_requirements_.data();
  return out;
}

Status LocalUniverse::add(const LocalWorkspace& workspace, uint32_t index) {
  const LocalManifest& package = workspace.packages[index];
  LocalPackage out{intern(package.manifest.name),
                   package.manifest.links.empty() ? 0 : intern(package.manifest.links),
                   uint32_t(dependency_ids_.size()),
                   0,
                   0,
                   0};
  for (const ManifestDependency& d : package.manifest.dependencies) RUSTG_TRY(add_dependency(workspace, package, d));
  out.dependencies = uint32_t(dependency_ids_.size()) - out.first_dependency;
  RUSTG_TRY(add_features(package, out));
  packages_.push_back(out);
  return ok();
}

Status LocalUniverse::add_dependency(const LocalWorkspace& workspace, const LocalManifest& package,
                                     const ManifestDependency& from) {
  const Registry& registry = universe_.registry;
  auto fail = [&](std::string why) {
    return Error{fmt::format("failed to parse manifest at `{}`: {}", (package.folder / "Cargo.toml").string(), why)};
  };
  std::string text = from.requirement.value_or("*");
  auto requirement = parse_requirement(text);
  if (!requirement)
    return fail(fmt::format("failed to parse the version requirement `{}` for dependency `{}`: {}", text, from.name,
                            requirement.error().message));
  Dependency out = {};
  out.crate = intern(from.package);
  out.name = intern(from.name);
  out.target_crate = find_crate(registry, from.package);
  const uint32_t local = find_local(workspace, package, from, *requirement);
  if (local != kNone) {
    const LocalManifest& to = workspace.packages[local];
    if (!from.path.empty() && to.manifest.name != from.package)
      return Error{
          fmt::format("no matching package named `{}` found\nlocation searched: {}\nrequired by package `{} v{} "
                      "({})`\nhelp: package `{}` exists at `{}`",
                      from.package, to.folder.string(), package.manifest.name, to_string(package.version),
                      package.folder.string(), to.manifest.name, to.folder.string())};
    if (from.requirement && !matches(*requirement, to.version))  // with none, even a pre-release will do
      return Error{
          fmt::format("failed to select a version for the requirement `{} = \"{}\"`\ncandidate versions found which "
                      "didn't match: {}\nlocation searched: {}\nrequired by package `{} v{} ({})`",
                      from.package, text, to_string(to.version), to.folder.string(), package.manifest.name,
                      to_string(package.version), package.folder.string())};
    out.target_crate = registry.crates + local;
  } else if (!from.git.empty() || !from.registry.empty()) {
    // Cargo.lock may tell what it is; if not, describe_unknown() says so.
    out.target_crate = kNone;
    out.flags = Dependency::kOtherRegistry;
  }
  out.requirement = registry.requirement_count + uint32_t(requirements_.size());
  Requirement compiled = compile(registry.strings, registry.semver, *requirement, windows_);
  compiled.text = intern(to_string(*requirement));
  requirements_.push_back(compiled);
  std::set<StringId> names;
  for (const std::string& f : from.features) names.insert(intern(f));
  out.features = registry.feature_list_count + uint32_t(feature_lists_.size()) - 1;
  feature_names_.insert(feature_names_.end(), names.begin(), names.end());
  feature_lists_.push_back(uint32_t(feature_names_.size()));
  out.platform = from.platform.empty() ? 0 : intern(from.platform);
  out.flags = uint8_t(out.flags | uint8_t(from.kind) | (from.optional ? Dependency::kOptional : 0) |
                      (from.default_features ? 0 : Dependency::kNoDefaultFeatures));
  dependency_ids_.push_back(registry.dependency_count + uint32_t(dependencies_.size()));
  dependencies_.push_back(out);
  return ok();
}

// The local package that a dependency is on; kNone: it is the registry's, or not known.
uint32_t LocalUniverse::find_local(const LocalWorkspace& workspace, const LocalManifest& package,
                                   const ManifestDependency& from, const VersionReq& requirement) const {
  if (!from.path.empty()) {
    auto folder = std::filesystem::weakly_canonical(package.folder / from.path);
    for (uint32_t i = 0; i != workspace.packages.size(); ++i)
      if (workspace.packages[i].folder == folder) return i;
  } else if (!from.git.empty()) {
    for (const Patch& patch : workspace.patches)
      if (patch.in_use && is_source(patch.of, from.git) &&
          workspace.packages[patch.package].manifest.name == from.package &&
          (!from.requirement || matches(requirement, workspace.packages[patch.package].version)))
        return patch.package;
    for (uint32_t i = 0; i != workspace.packages.size(); ++i)
      if (workspace.packages[i].manifest.name == from.package &&
          is_git_source(workspace.packages[i].source, from.git, from.reference))
        return i;
  }
  return kNone;
}

// Which dependencies on crates.io the patches meet.
Status LocalUniverse::add_answers(const LocalWorkspace& workspace) {
  const Registry& r = universe_.registry;
  for (const Patch& patch : workspace.patches) {
    if (!patch.in_use || !is_source(patch.of, "crates-io")) continue;
    const LocalManifest& package = workspace.packages[patch.package];
    LocalAnswer answer{intern(package.manifest.name), r.versions + patch.package, kNone,
                       uint32_t(answer_requirements_.size()), 0};
    if (CrateId crate = find_crate(r, package.manifest.name); crate != kNone)
      for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v)
        if (version_of(r.strings, r.semver, r.version_ranks[v]) == package.version) answer.instead = v;
    std::set<uint32_t> asked;
    for (uint32_t d = 0; d != r.dependency_count; ++d)
      if (r.dependencies[d].crate == answer.crate) asked.insert(r.dependencies[d].requirement);
    for (const Dependency& d : dependencies_)
      if (d.crate == answer.crate) asked.insert(d.requirement);
    for (uint32_t requirement : asked) {
      RUSTG_LET(parsed, parse_requirement(names_.string(universe_.requirement(requirement).text)));
      if (matches(parsed, package.version)) answer_requirements_.push_back(requirement);
    }
    answer.matches = uint32_t(answer_requirements_.size()) - answer.first_requirement;
    answers_.push_back(answer);
  }
  std::sort(answers_.begin(), answers_.end(), [&](const LocalAnswer& a, const LocalAnswer& b) {
    if (a.crate != b.crate) return a.crate < b.crate;
    return workspace.packages[a.version - r.versions].version > workspace.packages[b.version - r.versions].version;
  });
  return ok();
}

// As cargo's Summary does it: an optional dependency that no feature names with dep: is a feature itself.
Status LocalUniverse::add_features(const LocalManifest& package, LocalPackage& out) {
  std::map<std::string, std::vector<std::string>> features = package.manifest.features;
  std::set<std::string> named;
  for (const auto& [feature, values] : features)
    for (const std::string& value : values)
      if (value.starts_with("dep:")) named.insert(value.substr(4));
  for (const ManifestDependency& d : package.manifest.dependencies)
    if (d.optional && !features.contains(d.name) && !named.contains(d.name)) features[d.name] = {"dep:" + d.name};

  std::map<StringId, const std::vector<std::string>*> by_id;  // tables are sorted by id
  for (const auto& [feature, values] : features) by_id[intern(feature)] = &values;
  out.first_feature = uint32_t(features_.size());
  out.features = uint32_t(by_id.size());
  auto place_of = [&](StringId name) {
    auto found = by_id.find(name);
    return found == by_id.end() ? kNone : uint32_t(std::distance(by_id.begin(), found));
  };
  for (const auto& [id, values] : by_id) {
    Feature feature{id, uint32_t(feature_values_.size()), uint32_t(values->size())};
    for (const std::string& value : *values) {
      size_t slash = value.find('/');
      if (value.starts_with("dep:")) {
        feature_values_.push_back({intern(value.substr(4)), kNone, FeatureValue::dependency});
      } else if (slash != std::string::npos) {
        bool weak = slash != 0 && value[slash - 1] == '?';
        feature_values_.push_back(
            {intern(value.substr(0, slash - (weak ? 1 : 0))), intern(value.substr(slash + 1)),
             uint32_t(weak ? FeatureValue::weak_dependency_feature : FeatureValue::dependency_feature)});
      } else {
        StringId name = intern(value);
        if (place_of(name) == kNone) {
          auto of = std::find_if(features.begin(), features.end(),
                                 [list = values](const auto& f) { return &f.second == list; });
          return Error{
              fmt::format("failed to parse manifest at `{}`: feature `{}` includes `{}` which is neither a dependency "
                          "nor another feature",
                          (package.folder / "Cargo.toml").string(), of == features.end() ? "" : of->first, value)};
        }
        feature_values_.push_back({name, place_of(name), FeatureValue::feature});
      }
    }
    features_.push_back(feature);
  }
  return ok();
}

}  // namespace rustg::graph
