// What a Cargo.toml says about editions and about the members of a workspace.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustg::graph {

// 0 to 3 for "2015", "2018", "2021", "2024"; none for anything else.
std::optional<uint8_t> edition_of(std::string_view name);

// Something wrong with a manifest, and where: line and column from 1, or 0 if it is about the file as a whole.
struct ManifestError {
  std::string message;
  uint32_t line = 0, column = 0;
};

struct Manifest {
  bool is_package = false, is_workspace = false;
  // Of the package: its own edition, or that the workspace has it. Neither: 2015.
  std::optional<uint8_t> edition;
  bool inherits_edition = false;
  std::optional<std::string> workspace_folder;  // package.workspace
  // Of the workspace.
  std::optional<uint8_t> workspace_edition;
  std::vector<std::string> members, exclude;  // members: patterns, as for glob
  // All that is wrong. A manifest with errors is not to be relied on.
  std::vector<ManifestError> errors;
};

Manifest parse_manifest(std::string_view text);

}  // namespace rustg::graph
