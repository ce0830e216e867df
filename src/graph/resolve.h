// Resolutions on the host: one set of roots in memory that grows as needed.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/names.h"
#include "graph/resolver.h"

namespace rustg::graph {

// One resolution as its user sees it: chosen versions and who depends on whom.
struct Resolution {
  struct Package {
    VersionId version;
    std::vector<StringId> features;  // that are on, sorted
  };
  struct Link {
    uint32_t from, to;    // packages
    uint32_t dependency;  // Universe::dependency()
    bool operator==(const Link&) const = default;
    auto operator<=>(const Link&) const = default;
  };
  std::vector<Package> packages;  // in the order in which they were chosen; members first
  std::vector<Link> links;        // sorted, each once
  uint64_t steps = 0;
  uint32_t returns = 0;
};

// Memory for resolutions of up to `packages` packages; more make it grow.
class ResolverMemory {
 public:
  explicit ResolverMemory(uint32_t packages = 1024) { reserve(packages); }
  void reserve(uint32_t packages);
  const Workspace& workspace() const { return workspace_; }
  uint32_t packages() const { return packages_; }

 private:
  std::unique_ptr<uint64_t[]> block_;
  Workspace workspace_ = {};
  uint32_t packages_ = 0;
};

constexpr uint32_t kNogoods = 1 << 16;
constexpr uint64_t kMostSteps = 20'000'000;  // dependencies looked at; cargo's own patience is about that long

// The lock file's view: all members with everything on. Errors are cargo's.
Result<Resolution> resolve_members(const Names& names, const std::vector<VersionId>& members, ResolverMemory& memory);
// One version as the only dependency of a package.
Result<Resolution> resolve_version(const Names& names, VersionId version, ResolverMemory& memory,
                                   uint64_t steps = kMostSteps);

}  // namespace rustg::graph
