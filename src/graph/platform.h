// What a dependency's `target` may say: a target's name, or cfg(…); and whether that is so of a target.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace rustg::graph {

// A target as rustc describes it.
struct Platform {
  std::string name;               // x86_64-unknown-linux-gnu
  std::vector<std::string> cfgs;  // of --print=cfg: unix, target_os="linux"; sorted
};
// Of what `rustc --print=cfg` says.
Platform make_platform(std::string name, std::string_view cfgs);

// Whether cargo can read it.
bool is_platform(std::string_view text);
// Whether it holds of a target. What cannot be read does not.
bool holds(std::string_view text, const Platform& platform);

}  // namespace rustg::graph
