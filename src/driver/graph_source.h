// What a question of `rustg graph` is asked of: a registry's newest versions, or the packages that a Cargo.toml's workspace resolves to.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/local_workspace.h"
#include "graph/lock_resolution.h"
#include "graph/package_graph.h"
#include "graph/snapshot.h"

namespace rustg::driver {

// The snapshot of that name; where none is given $RUSTG_REGISTRY, or crates.rgraph in the cache.
Result<graph::Snapshot> open_snapshot(const std::string& given);

struct Workspace {
  graph::Snapshot snapshot;
  graph::LocalWorkspace local;
  std::unique_ptr<graph::LocalUniverse> universe;
  graph::Resolution resolution;
  std::optional<graph::LockFile> lock;  // taken as it was: of some packages no more is known
  double seconds = 0;                   // that the resolution took, without reading anything
};
// keep: versions of the Cargo.lock that is there, where they can be kept. locked: it has to be there.
struct LockUse {
  bool keep = true, locked = false;
};
Result<Workspace> resolve_manifest(const std::string& manifest, const std::string& snapshot, LockUse use);

// The newest version of a registry that `name` or `name@requirement` asks for: not yanked, and no pre-release unless there is nothing else or the
// requirement names one.
Result<graph::VersionId> find_version(const graph::Registry& registry, const std::string& text);

class GraphSource {
 public:
  // `path`: a snapshot, a Cargo.toml or its folder. registry: the snapshot that a workspace is resolved with; empty: the default.
  static Result<std::unique_ptr<GraphSource>> open(const std::string& path, const std::string& registry,
                                                   graph::EdgeKinds kinds);
  const graph::PackageGraph& graph() const { return graph_; }
  const graph::Names& names() const { return *names_; }
  bool is_registry() const { return !workspace_; }
  std::string label(uint32_t node) const { return names().package(graph_.versions[node]); }
  // Of `name` or `name@version`. Empty: there is none; the error says so.
  Result<std::vector<uint32_t>> find(const std::string& text) const;

 private:
  std::optional<graph::Snapshot> snapshot_;
  std::optional<Workspace> workspace_;
  graph::Universe universe_;
  std::optional<graph::Names> own_names_;
  const graph::Names* names_ = nullptr;
  graph::PackageGraph graph_;
};

}  // namespace rustg::driver
