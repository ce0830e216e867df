// A resolution's packages with all that cargo's second pass over them needs: which of their features and dependencies are used.
#pragma once
#include <string>
#include <vector>

#include "graph/local_workspace.h"
#include "graph/package_facts.h"
#include "graph/platform.h"
#include "graph/resolve.h"

namespace rustg::graph {

struct ResolvedPackage {
  VersionId version;
  std::string name;
  Version number;
  std::string source;  // as cargo shows it in parentheses; empty: crates.io
  std::string url;     // of the source, with its kind: path+file:///home/me/app
  PackageFacts facts;
  bool is_member = false, used = true;
  struct Group {
    uint32_t to;
    std::vector<uint32_t> dependencies;  // Universe::dependency()
  };
  std::vector<Group> groups;  // sorted
};

struct ResolvedPackages {
  const Names* names = nullptr;
  std::vector<ResolvedPackage> packages;  // in cargo's order: by name, version and source
  std::vector<uint32_t> members;          // of the workspace, in its order
  uint32_t unknown = 0;                   // packages whose Cargo.toml is not on this machine
  const Universe& universe() const { return names->universe(); }
  const Dependency& dependency(uint32_t id) const { return universe().dependency(id); }
};

ResolvedPackages resolved_packages(const LocalUniverse& universe, const LocalWorkspace& workspace,
                                   const Resolution& resolution, const PackageSources& sources);

// What is built on, and for.
class Platforms {
 public:
  // No targets: for the host.
  Platforms(const Names& names, Platform host, std::vector<Platform> targets);
  static constexpr uint32_t kHost = 0;
  const std::vector<uint32_t>& requested() const { return requested_; }  // ascending by name
  const std::string& name(uint32_t platform) const { return platforms_[platform].name; }
  // Whether a dependency is one there.
  bool active(const Dependency& dependency, uint32_t platform) const;

 private:
  const Names& names_;
  std::vector<Platform> platforms_;  // the host first
  std::vector<uint32_t> requested_;
  mutable std::vector<std::vector<int8_t>> known_;  // by platform and text: -1: not asked yet
};

}  // namespace rustg::graph
