// Parts of an index put together: the one Registry that they make, whatever the number of parts and whichever lines each has read.
//
// Every table is in an order that its content alone gives: strings by text, versions by precedence, requirements by text, feature lists and
// dependencies by content, crates by name and their versions by rank; lists of dependencies and tables of features by the first version that has them.
#pragma once
#include <vector>

#include "graph/part.h"
#include "graph/tables.h"

namespace rustg::graph {

struct Assembled {
  Tables tables;
  std::vector<uint64_t> repeated;  // sequence numbers of versions that were there before, and were left out
};
// Uses the threads of the calling TBB arena. The parts are used up.
Assembled assemble(std::vector<Part>& parts);

// The order of dependencies, by all that is their own.
bool is_before(const Dependency& a, const Dependency& b);
// SemverTable::compatible of the ranks.
void number_compatible(const SemverTable& semver, uint32_t* out);

}  // namespace rustg::graph
