#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "graph/foreign_sources.h"
#include "graph/lookup.h"

namespace rustg::graph {

namespace {

// Of the registry; kNone: it does not have it.
VersionId find_version(const Registry& r, const LockedPackage& package) {
  CrateId crate = package.source == kCratesIo ? find_crate(r, package.name) : kNone;
  if (crate != kNone)
    for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v)
      if (version_of(r.strings, r.semver, r.version_ranks[v]) == package.version) return v;
  return kNone;
}

uint32_t find_package(const LocalWorkspace& workspace, const LockedPackage& package) {
  for (uint32_t i = 0; i != workspace.packages.size(); ++i) {
    const LocalManifest& p = workspace.packages[i];
    if (p.manifest.name == package.name && p.version == package.version && p.source == package.source) return i;
  }
  return kNone;
}

class LockReader {
 public:
  LockReader(const LocalUniverse& local, const LocalWorkspace& workspace, const LockFile& lock)
      : local_(local), u_(local.universe()), workspace_(workspace), lock_(lock) {}

  Result<Resolution> read() {
    const Registry& r = u_.registry;
    std::vector<VersionId> versions(lock_.packages.size(), kNone);
    for (uint32_t i = 0; i != versions.size(); ++i) {
      versions[i] = find_version(r, lock_.packages[i]);
      if (versions[i] != kNone) continue;
      uint32_t package = find_package(workspace_, lock_.packages[i]);
      if (package != kNone) versions[i] = r.versions + package;
    }
    // From the members on, so that members come first and what nothing needs is noticed.
    std::vector<uint32_t> place(versions.size(), kNone), list;
    auto reach = [&](uint32_t i) {
      if (place[i] != kNone) return place[i];
      place[i] = uint32_t(list.size());
      list.push_back(i);
      return place[i];
    };
    for (VersionId member : local_.members()) {
      auto found = std::find(versions.begin(), versions.end(), member);
      if (found == versions.end()) return Error{fmt::format("`{}` is not in it", local_.names().package(member))};
      reach(uint32_t(found - versions.begin()));
    }
    Resolution out;
    for (uint32_t k = 0; k != list.size(); ++k) {
      const uint32_t from = list[k];
      const LockedPackage& package = lock_.packages[from];
      if (versions[from] == kNone)
        return Error{fmt::format("`{} {}` is there no more", package.name, to_string(package.version))};
      std::set<uint32_t> used;
      const Slice dependencies = u_.dependencies_of(versions[from]);
      const bool is_member = u_.is_local(versions[from]) && versions[from] - r.versions < workspace_.members;
      for (uint32_t i = 0; i != dependencies.size; ++i) {
        const Dependency& d = u_.dependency(dependencies.data[i]);
        if (d.kind() == DependencyKind::dev && !is_member) continue;
        RUSTG_LET(to, target_of(package, d));
        if (to != kNone) {
          used.insert(to);
          out.links.push_back({k, reach(to), dependencies.data[i]});
        } else if (is_member || !d.optional()) {
          return Error{fmt::format("`{}` of `{}` is not in it", local_.names().dependency(d),
                                   local_.names().package(versions[from]))};
        }
      }
      for (uint32_t to : package.dependencies)
        if (!used.contains(to))
          return Error{fmt::format("`{}` does not depend on `{}`", local_.names().package(versions[from]),
                                   lock_.packages[to].name)};
    }
    if (list.size() != versions.size()) return Error{"it has packages that nothing depends on"};
    for (uint32_t i : list) out.packages.push_back({versions[i], {}});
    std::sort(out.links.begin(), out.links.end());
    return out;
  }

 private:
  // Which of the packages that the lock file gives a package a dependency is met with: the newest that can be.
  Result<uint32_t> target_of(const LockedPackage& package, const Dependency& d) const {
    const std::string_view text = local_.names().string(u_.requirement(d.requirement).text);
    RUSTG_LET(requirement, parse_requirement(text));
    const std::string_view name = local_.names().string(d.crate);
    uint32_t best = kNone;
    for (uint32_t to : package.dependencies) {
      const LockedPackage& p = lock_.packages[to];
      // Without a requirement even a pre-release will do, where it is no registry's.
      const bool any = requirement.comparators.empty() && p.source.find("registry+") == std::string::npos;
      if (p.name == name && (any || matches(requirement, p.version)) &&
          (best == kNone || lock_.packages[best].version < p.version))
        best = to;
    }
    return best;
  }

  const LocalUniverse& local_;
  const Universe& u_;
  const LocalWorkspace& workspace_;
  const LockFile& lock_;
};

}  // namespace

uint32_t add_locked_packages(LocalWorkspace& workspace, const LockFile& lock, const Registry& registry) {
  uint32_t count = 0;
  for (const LockedPackage& p : lock.packages) {
    // What has no source was a path; if it is there no more the lock file does not fit.
    if (p.source.empty() || find_version(registry, p) != kNone || find_package(workspace, p) != kNone) continue;
    LocalManifest& out = workspace.packages.emplace_back();
    out.manifest.is_package = true;
    out.manifest.name = p.name;
    out.manifest.version = to_string(p.version);
    out.version = p.version;
    out.source = p.source;
    out.checksum = p.checksum;
    out.lock_only = true;
    for (uint32_t to : p.dependencies) {
      ManifestDependency& d = out.manifest.dependencies.emplace_back();
      d.name = d.package = lock.packages[to].name;
      d.requirement = "=" + to_string(lock.packages[to].version);
      d.requirement->resize(std::min(d.requirement->find('+'), d.requirement->size()));
    }
    ++count;
  }
  return count;
}

Result<Resolution> resolution_of_lock(const LocalUniverse& universe, const LocalWorkspace& workspace,
                                      const LockFile& lock) {
  auto read = LockReader(universe, workspace, lock).read();
  if (read) return read;
  std::string unknown;
  uint32_t count = 0;
  for (const LocalManifest& p : workspace.packages)
    if (p.lock_only && ++count <= 3)
      unknown += fmt::format("{}{} {}", unknown.empty() ? "" : ", ", p.manifest.name, p.manifest.version);
  return Error{
      fmt::format("Cargo.lock does not fit the manifests any more ({}), and of {} of its packages no more is "
                  "known than it says ({}{}): they can neither be kept nor chosen anew",
                  read.error().message, count, unknown, count > 3 ? ", …" : "")};
}

std::string describe_unknown(const LocalUniverse& universe, const LocalWorkspace& workspace) {
  const Universe& u = universe.universe();
  for (uint32_t i = 0; i != workspace.packages.size(); ++i) {
    const LocalManifest& package = workspace.packages[i];
    const Slice ids = u.dependencies_of(universe.package(i));
    for (uint32_t k = 0; k != ids.size; ++k) {
      const Dependency& d = u.dependency(ids.data[k]);
      const ManifestDependency& from = package.manifest.dependencies[k];
      if (d.target_crate != kNone || (from.git.empty() && from.registry.empty())) continue;
      if (i >= workspace.members && (d.optional() || d.kind() == DependencyKind::dev)) continue;
      return fmt::format(
          "dependency `{}` of package `{}` is in {}, of which Cargo.lock does not tell: `cargo fetch` "
          "writes it there",
          from.name, universe.names().package(universe.package(i)),
          from.git.empty() ? fmt::format("another registry (`{}`)", from.registry)
                           : fmt::format("a Git repository ({})", from.git));
    }
  }
  return {};
}

}  // namespace rustg::graph
