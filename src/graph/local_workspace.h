// The packages of a Cargo workspace on disk: its members and what they depend on by path; and the universe that they make with a registry.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/names.h"
#include "graph/package_manifest.h"
#include "graph/semver.h"

namespace rustg::graph {

struct LocalManifest {
  PackageManifest manifest;  // with what it inherits filled in
  std::filesystem::path folder;
  Version version;
  std::string source;    // as in a lock file; empty: a path
  std::string checksum;  // of a package that only the lock file tells of
  bool lock_only = false;
};

// [patch.…]: a package that takes the place of another source's.
struct Patch {
  uint32_t package;
  std::string of;      // crates-io, or a URL
  bool in_use = true;  // no: the lock file keeps another version
};

struct LocalWorkspace {
  std::filesystem::path root;           // the folder of its Cargo.toml
  std::vector<LocalManifest> packages;  // members first
  uint32_t members = 0;
  uint32_t current = kNone;               // the package that was asked about; none: a workspace without a package at its root
  std::vector<uint32_t> default_members;  // that a command is about where it names none
  uint32_t resolver = 1;
  std::vector<std::string> rust_versions;  // of members that have one
  std::vector<Patch> patches;
  std::vector<std::pair<std::string, ManifestDependency>> wanted_patches;  // as the root's Cargo.toml has them
  bool prefers_rust_version = false;  // versions that can be built with the members' rust-versions, if they have any, or
  std::string toolchain;              //   with this one
};

Result<PackageManifest> read_package_manifest(const std::filesystem::path& path);

// Of the workspace that this Cargo.toml is of. Errors name the file.
Result<LocalWorkspace> load_workspace(const std::filesystem::path& manifest);

// A rust-version as in Registry::version_rust; 0 if it is none.
uint64_t pack_rust_version(std::string_view text);

// A registry and a workspace's packages behind it. Both have to live as long.
class LocalUniverse {
 public:
  static Result<std::unique_ptr<LocalUniverse>> make(const Registry& registry, const LocalWorkspace& workspace);
  const Universe& universe() const { return universe_; }
  Universe& universe() { return universe_; }
  const Names& names() const { return names_; }
  const std::vector<VersionId>& members() const { return members_; }
  const std::string& place(uint32_t index) const { return local_names_.places[index]; }
  VersionId package(uint32_t index) const { return universe_.registry.versions + index; }

 private:
  LocalUniverse() : names_(universe_, &local_names_) {}
  StringId intern(const std::string& text);
  Status add(const LocalWorkspace& workspace, uint32_t index);
  Status add_dependency(const LocalWorkspace& workspace, const LocalManifest& package,
                        const ManifestDependency& dependency);
  Status add_features(const LocalManifest& package, LocalPackage& out);

  Status add_answers(const LocalWorkspace& workspace);
  uint32_t find_local(const LocalWorkspace& workspace, const LocalManifest& package,
                      const ManifestDependency& dependency, const VersionReq& requirement) const;

  Universe universe_;
  LocalNames local_names_;
  Names names_;
  std::vector<VersionId> members_;
  std::vector<LocalPackage> packages_;
  std::vector<uint32_t> dependency_ids_, feature_lists_;
  std::vector<Dependency> dependencies_;
  std::vector<Requirement> requirements_;
  std::vector<Window> windows_;
  std::vector<StringId> feature_names_;
  std::vector<Feature> features_;
  std::vector<FeatureValue> feature_values_;
  std::vector<LocalAnswer> answers_;
  std::vector<uint32_t> answer_requirements_;
};

}  // namespace rustg::graph
