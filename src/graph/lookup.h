// From text to a registry's numbers and back.
#pragma once
#include <string_view>
#include <vector>

#include "graph/registry.h"
#include "graph/semver.h"

namespace rustg::graph {

// kNone if the registry has no such text.
StringId find_string(const Strings& strings, std::string_view text);
// The first rank whose version is not before this one; the number of ranks if all are.
Rank find_rank(const Strings& strings, const SemverTable& semver, const Version& version);
Version version_of(const Strings& strings, const SemverTable& semver, Rank rank);
// A requirement without its text; its windows are put behind those that are there.
Requirement compile(const Strings& strings, const SemverTable& semver, const VersionReq& requirement,
                    std::vector<Window>& windows);

}  // namespace rustg::graph
