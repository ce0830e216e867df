// A resolution of a workspace as its lock file.
#pragma once
#include "graph/local_workspace.h"
#include "graph/lockfile.h"
#include "graph/resolve.h"

namespace rustg::graph {

LockFile lock_of(const LocalUniverse& universe, const LocalWorkspace& workspace, const Resolution& resolution);

// Resolve a workspace. previous (may be null): a lock file whose versions are kept where they can be.
Result<Resolution> resolve_workspace(LocalUniverse& universe, const LocalWorkspace& workspace, const LockFile* previous,
                                     ResolverMemory& memory);

}  // namespace rustg::graph
