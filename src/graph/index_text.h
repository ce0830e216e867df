// A version of a registry as a line of an index, as cargo would have it.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/registry.h"

namespace rustg::graph {

// What differs from the version that is there: its number, and requirements of dependencies by their name, in the manifest or the package's.
struct IndexEdit {
  std::string version;
  std::vector<std::pair<std::string, std::string>> requirements;
};

// As the manifest calls it, or the package itself.
bool is_named(const Registry& registry, const Dependency& dependency, std::string_view name);

// One line of JSON, without a newline. Read again, it gives the same dependencies and features. A checksum is not taken over.
std::string index_line(const Registry& registry, VersionId version, const IndexEdit* edit = nullptr);

}  // namespace rustg::graph
