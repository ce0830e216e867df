// Whether a registry's tables can be followed without leaving them.
#pragma once
#include <optional>
#include <string>

#include "graph/tables.h"

namespace rustg::graph {

// The first thing that is wrong. Looks at every number, and uses the threads of the calling TBB arena.
std::optional<std::string> validate(const Sections& sections);

}  // namespace rustg::graph
