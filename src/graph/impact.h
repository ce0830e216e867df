// What one version more or less changes: which crates' resolutions, through a whole registry.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "graph/many_roots.h"
#include "graph/resolve.h"
#include "graph/tables.h"

namespace rustg::graph {

struct ImpactQuestion {
  std::string crate, version;
  bool yank = true;  // else publish
  // publish: requirements of the version before it that the new one would have otherwise.
  std::vector<std::pair<std::string, std::string>> requirements;
};

// A registry as it would be with the version, and without it: the same tables but for the flag that says that it is yanked, which nobody chooses.
class ImpactTables {
 public:
  // The registry's tables stay.
  static Result<std::unique_ptr<ImpactTables>> make(const Registry& registry, const ImpactQuestion& question);
  ImpactTables(const ImpactTables&) = delete;
  const Registry& with() const { return with_; }
  const Registry& without() const { return without_; }
  const Registry& before() const { return yank_ ? with_ : without_; }
  const Registry& after() const { return yank_ ? without_ : with_; }
  VersionId version() const { return version_; }
  VersionId manifest() const { return manifest_; }  // publish: the version whose manifest it has; else kNone

 private:
  ImpactTables() = default;
  Status publish(const Registry& registry, CrateId crate, const ImpactQuestion& question);

  std::optional<Tables> merged_;
  std::vector<uint8_t> flags_;
  Registry with_, without_;
  VersionId version_ = kNone, manifest_ = kNone;
  bool yank_ = true;
};

// By version: whether a search that activates it may ask for `version`, by whatever candidates of its dependencies. A superset of those whose resolution it
// takes part in: who does not ask for it finds what they find without it.
std::vector<uint8_t> find_askers(device::cpu::Queue& queue, const Registry& registry, const Prepared& prepared,
                                 VersionId version);

struct ImpactChange {
  VersionId root;
  bool worked, works;
  uint32_t dependents;  // crates whose newest version depends on the root's
  std::string reason;   // of the failure, before or after
};
struct Impact {
  uint32_t roots = 0;                 // newest versions of crates
  uint32_t asked = 0;                 // of them, that may ask for the version
  std::vector<ImpactChange> changes;  // what most depend on first
};
Impact find_impact(device::cpu::Queue& host, device::cuda::Queue* cuda, const ImpactTables& tables, Progress* progress);

// What a root takes otherwise: from or to is kNone where a version of that range comes or goes. In the order of the names.
struct ImpactMove {
  VersionId from, to;
};
std::vector<ImpactMove> moves_of(const ImpactTables& tables, VersionId root, ResolverMemory& memory);

}  // namespace rustg::graph
