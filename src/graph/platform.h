// What a dependency's `target` may say: a target's name, or cfg(…).
#pragma once
#include <string_view>

namespace rustg::graph {

// Whether cargo can read it.
bool is_platform(std::string_view text);

}  // namespace rustg::graph
