// Packages that neither a path nor the snapshot's registry leads to: of Git repositories and of other registries. What is known of them is what
// Cargo.lock says and, of repositories, what cargo has checked out.
#pragma once
#include <string>
#include <string_view>

#include "graph/local_workspace.h"
#include "graph/lockfile.h"
#include "graph/resolve.h"

namespace rustg::graph {

// Whether the key of a [patch.…] table means this source: `crates-io` or a URL.
bool is_source(std::string_view key, std::string_view url);
// Whether a lock file's source is this repository at this reference (branch=…, tag=…, rev=… or empty).
bool is_git_source(std::string_view source, std::string_view url, std::string_view reference);

// Adds the packages of Git repositories that the lock file names and cargo has checked out, and tells which patches are in use. lock may be null.
Status add_git_packages(LocalWorkspace& workspace, const LockFile* lock);

// Adds those that only the lock file tells of. How many they were.
uint32_t add_locked_packages(LocalWorkspace& workspace, const LockFile& lock, const Registry& registry);
// The resolution that the lock file is, if the manifests can be met with it; else an error that says what is missing.
Result<Resolution> resolution_of_lock(const LocalUniverse& universe, const LocalWorkspace& workspace,
                                      const LockFile& lock);

// Dependencies that nothing is known of. Empty: there are none.
std::string describe_unknown(const LocalUniverse& universe, const LocalWorkspace& workspace);

}  // namespace rustg::graph
