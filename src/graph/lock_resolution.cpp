#include "graph/lock_resolution.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "graph/lookup.h"

namespace rustg::graph {

LockFile lock_of(const LocalUniverse& local, const LocalWorkspace& workspace, const Resolution& resolution) {
  const Universe& u = local.universe();
  const Registry& r = u.registry;
  LockFile lock;
  // The least rust-version of the members tells which cargos are to understand the file.
  uint64_t least = 0;
  for (const std::string& text : workspace.rust_versions)
    if (uint64_t packed = pack_rust_version(text); packed != 0 && (least == 0 || packed < least)) least = packed;
  lock.version = lock_version_for(least >> 42, least >> 21 & ((1u << 21) - 1));
  for (const Resolution::Package& p : resolution.packages) {
    LockedPackage& package = lock.packages.emplace_back();
    package.name = local.names().name(p.version);
    if (u.is_local(p.version)) {
      const LocalManifest& manifest = workspace.packages[p.version - r.versions];
      package.version = manifest.version;
      package.source = manifest.source;
      package.checksum = manifest.checksum;
      continue;
    }
    package.version = version_of(r.strings, r.semver, r.version_ranks[p.version]);
    package.source = kCratesIo;
    if (r.version_checksums != nullptr)
      for (int i = 0; i != 32; ++i)
        package.checksum += fmt::format("{:02x}", r.version_checksums[32 * size_t(p.version) + i]);
  }
  for (const Resolution::Link& l : resolution.links) lock.packages[l.from].dependencies.push_back(l.to);
  for (const Patch& patch : workspace.patches) {
    const VersionId version = local.package(patch.package);
    if (std::any_of(resolution.packages.begin(), resolution.packages.end(),
                    [&](const Resolution::Package& p) { return p.version == version; }))
      continue;
    const LocalManifest& manifest = workspace.packages[patch.package];
    lock.unused_patches.push_back({manifest.manifest.name, manifest.version, manifest.source, {}, {}});
  }
  return lock;
}

Result<Resolution> resolve_workspace(LocalUniverse& local, const LocalWorkspace& workspace, const LockFile* previous,
                                     ResolverMemory& memory) {
  Universe& u = local.universe();
  const Registry& r = u.registry;
  std::vector<uint8_t> preferred;
  if (previous != nullptr) {
    preferred.resize(r.versions);
    for (const LockedPackage& package : previous->packages) {
      CrateId crate = package.source == kCratesIo ? find_crate(r, package.name) : kNone;
      if (crate == kNone) continue;
      Rank rank = find_rank(r.strings, r.semver, package.version);
      for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v)
        if (r.version_ranks[v] == rank) preferred[v] = 1;
    }
    u.preferred = preferred.data();
  }
  // Equal ones once: it is their order alone that tells which of two versions suits more of them.
  std::set<uint64_t> rust_versions;
  if (workspace.prefers_rust_version) {
    for (const std::string& text : workspace.rust_versions) rust_versions.insert(pack_rust_version(text));
    if (rust_versions.empty() && !workspace.toolchain.empty())
      rust_versions.insert(pack_rust_version(workspace.toolchain));
  }
  const std::vector<uint64_t> packed(rust_versions.begin(), rust_versions.end());
  u.rust_versions = packed.data();
  u.rust_version_count = uint32_t(packed.size());
  auto resolution = resolve_members(local.names(), local.members(), memory);
  u.preferred = nullptr;
  u.rust_versions = nullptr;
  u.rust_version_count = 0;
  return resolution;
}

}  // namespace rustg::graph
