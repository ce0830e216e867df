// Changes put into a registry without building it again.
#pragma once
#include <vector>

#include "graph/tables.h"

namespace rustg::graph {

// `old` without the crates `removed` (sorted), and with those of `changes`, none of which is left in it. The tables are those that the whole index
// would give.
Tables merge(const Registry& old, const std::vector<CrateId>& removed, const Registry& changes);

}  // namespace rustg::graph
