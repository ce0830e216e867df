#include "graph/resolved_packages.h"

#include <algorithm>
#include <numeric>

#include "graph/lockfile.h"
#include "graph/lookup.h"

namespace rustg::graph {

ResolvedPackages resolved_packages(const LocalUniverse& local, const LocalWorkspace& workspace,
                                   const Resolution& resolution, const PackageSources& sources) {
  const Universe& u = local.universe();
  const Registry& r = u.registry;
  ResolvedPackages out;
  out.names = &local.names();
  std::vector<ResolvedPackage> packages;
  for (const Resolution::Package& p : resolution.packages) {
    ResolvedPackage& package = packages.emplace_back();
    package.version = p.version;
    package.name = out.names->name(p.version);
    if (u.is_local(p.version)) {
      const uint32_t index = p.version - r.versions;
      const LocalManifest& manifest = workspace.packages[index];
      package.number = manifest.version;
      package.source = local.place(index);
      package.url = manifest.source.empty() ? "path+file://" + manifest.folder.string() : manifest.source;
      if (!manifest.lock_only)
        package.facts = facts_of(manifest.manifest, manifest.folder);
      else if (manifest.source == kCratesIo)
        package.facts = sources.find(package.name, to_string(manifest.version));
      package.is_member = index < workspace.members;
    } else {
      package.number = version_of(r.strings, r.semver, r.version_ranks[p.version]);
      package.url = kCratesIo;
      package.facts = sources.find(package.name, to_string(package.number));
    }
    out.unknown += package.facts.known ? 0 : 1;
  }
  std::vector<uint32_t> order(packages.size()), place(packages.size());
  std::iota(order.begin(), order.end(), 0);
  // Cargo's order of sources: Git, paths, registries.
  auto kind = [&](uint32_t i) {
    return packages[i].url.starts_with("git+") ? 0 : packages[i].url.starts_with("path+") ? 1 : 2;
  };
  auto key = [&](uint32_t i) { return std::tie(packages[i].name, packages[i].number); };
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    if (key(a) != key(b)) return key(a) < key(b);
    return std::pair(kind(a), packages[a].url) < std::pair(kind(b), packages[b].url);
  });
  for (uint32_t i = 0; i != order.size(); ++i) place[order[i]] = i;
  for (uint32_t i : order) out.packages.push_back(std::move(packages[i]));
  for (const Resolution::Link& l : resolution.links) {
    auto& groups = out.packages[place[l.from]].groups;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.to == place[l.to]; });
    if (group == groups.end()) group = groups.insert(groups.end(), {place[l.to], {}});
    group->dependencies.push_back(l.dependency);
  }
  for (ResolvedPackage& p : out.packages)
    std::sort(p.groups.begin(), p.groups.end(), [](const auto& a, const auto& b) { return a.to < b.to; });
  for (VersionId member : local.members())
    for (uint32_t i = 0; i != out.packages.size(); ++i)
      if (out.packages[i].version == member) out.members.push_back(i);
  return out;
}

Platforms::Platforms(const Names& names, Platform host, std::vector<Platform> targets) : names_(names) {
  platforms_.push_back(std::move(host));
  std::sort(targets.begin(), targets.end(), [](const Platform& a, const Platform& b) { return a.name < b.name; });
  for (Platform& target : targets) {
    if (platforms_.size() > 1 && platforms_.back().name == target.name) continue;
    requested_.push_back(uint32_t(platforms_.size()));
    platforms_.push_back(std::move(target));
  }
  if (requested_.empty()) requested_.push_back(kHost);
  known_.resize(platforms_.size());
}

bool Platforms::active(const Dependency& dependency, uint32_t platform) const {
  if (dependency.platform == 0) return true;
  std::vector<int8_t>& known = known_[platform];
  if (known.size() <= dependency.platform) known.resize(dependency.platform + 1, -1);
  int8_t& answer = known[dependency.platform];
  if (answer < 0) answer = holds(names_.string(dependency.platform), platforms_[platform]) ? 1 : 0;
  return answer != 0;
}

}  // namespace rustg::graph
