// What a Cargo.toml says about a package's dependencies and features, and about its workspace: what a resolution needs. manifest.h reads
// the part that says which files are whose.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/registry.h"

namespace rustg::graph {

struct ManifestDependency {
  std::string name;     // in the manifest
  std::string package;  // the same unless renamed
  std::optional<std::string> requirement;
  DependencyKind kind = DependencyKind::normal;
  std::string platform;  // cfg(…) or a triple; empty: all
  bool optional = false, default_features = true;
  bool inherited = false;  // `workspace = true`: the rest comes from the workspace's table
  std::optional<bool> own_default_features;
  std::vector<std::string> features;
  std::string path, git, reference, registry;  // where from; reference: branch=…, tag=… or rev=…
};

struct PackageManifest {
  bool is_package = false, is_workspace = false;
  std::string name, version = "0.0.0", links, rust_version, resolver;
  bool inherits_version = false, inherits_rust_version = false, inherits_edition = false;
  std::string edition;
  std::string license, repository;
  bool inherits_license = false, inherits_repository = false;
  bool proc_macro = false;
  std::optional<std::string> library;  // [lib]: its name, empty if it is not given
  std::optional<std::string> workspace_folder;
  std::vector<ManifestDependency> dependencies;  // in cargo's order: by table, then by name
  std::map<std::string, std::vector<std::string>> features;

  // [workspace]
  std::vector<std::string> members, exclude;
  std::optional<std::vector<std::string>> default_members;
  std::map<std::string, ManifestDependency> workspace_dependencies;
  std::string workspace_version, workspace_rust_version, workspace_edition, workspace_resolver;
  std::string workspace_license, workspace_repository;
  // [patch.crates-io] and other sources' by URL
  std::map<std::string, std::vector<ManifestDependency>> patches;
  bool replaces = false;  // [replace], which is older than [patch]
};

// An error has line and reason, as cargo words it.
Result<PackageManifest> parse_package_manifest(std::string_view text);

}  // namespace rustg::graph
