// What somebody may have meant by a name that is not there.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustg::graph {

// The first of the nearest names, if it is at most three edits away.
std::optional<std::string> similar_name(std::string_view name, const std::vector<std::string>& names);
// As cargo says it behind an error; empty if there is none.
std::string similar_name_help(std::string_view kind, std::string_view name, const std::vector<std::string>& names);

}  // namespace rustg::graph
