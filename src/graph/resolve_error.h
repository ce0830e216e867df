// Why a resolution failed, as cargo says it (its src/resolver/errors.rs): the path of packages and requirements that led there.
#pragma once
#include <string>

#include "graph/names.h"
#include "graph/resolver.h"

namespace rustg::graph {

std::string describe(const Names& names, const Workspace& workspace, const Resolver& resolver, Outcome outcome);

}  // namespace rustg::graph
