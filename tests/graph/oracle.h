// Asks the semver crate itself (semver_oracle.rs). RUSTG_SEMVER_CRATE names a folder with its sources, as cargo vendor or Debian's
// librust-semver-dev lays them out; without it, or without a rustc, there is no answer and tests are skipped.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace rustg::graph {

// One answer a question; nothing where the crate is not to be had, and `why` says so.
std::optional<std::vector<std::string>> ask_semver(const std::vector<std::string>& questions, std::string& why);

}  // namespace rustg::graph
