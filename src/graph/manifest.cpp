#include "graph/manifest.h"

#include <fmt/format.h>




#include "graph/toml.h"

namespace rustg::graph {
namespace {

class Reader {
 public:
  explicit Reader(Manifest& manifest) : manifest_(manifest) {}

  void read(const toml::table& root) {
    if (const toml::table* package = table(root, root.contains("package") ? "package" : "project")) {
      manifest_.is_package = true;
      if (const toml::node* edition = package->get("edition")) {
        const toml::table* inherited = edition->as_table();
        const toml::node* workspace = inherited != nullptr ? inherited->get("workspace") : nullptr;
        if (workspace != nullptr && workspace->value<bool>() == true)
          manifest_.inherits_edition = true;
        else
          manifest_.edition = parse_edition(*edition);
      }
      if (const toml::node* workspace = package->get("workspace")) manifest_.workspace_folder = text(*workspace, "package.workspace");
    }
    if (const toml::table* workspace = table(root, "workspace")) {
      manifest_.is_workspace = true;
      manifest_.members = texts(*workspace, "members");
      manifest_.exclude = texts(*workspace, "exclude");
      if (const toml::table* package = table(*workspace, "package"))
        if (const toml::node* edition = package->get("edition")) manifest_.workspace_edition = parse_edition(*edition);
    }
    if (!manifest_.is_package && !manifest_.is_workspace && manifest_.errors.empty())
      manifest_.errors.push_back({"manifest is missing either a `[package]` or a `[workspace]`"});
  }

 private:
  void say(const toml::node& at, std::string message) {
    manifest_.errors.push_back({std::move(message), at.source().begin.line, at.source().begin.column});
  }

  const toml::table* table(const toml::table& in, std::string_view name) {
    const toml::node* node = in.get(name);
    if (node != nullptr && !node->is_table()) say(*node, fmt::format("`{}` is not a table", name));
    return node != nullptr ? node->as_table() : nullptr;
  }

  std::optional<std::string> text(const toml::node& node, std::string_view name) {
    const auto* string = node.as_string();
    if (string == nullptr) say(node, fmt::format("`{}` is not a string", name));
    return string != nullptr ? std::optional(string->get()) : std::nullopt;
  }

  std::optional<uint8_t> parse_edition(const toml::node& node) {
    auto name = text(node, "edition");
    if (!name) return std::nullopt;
    auto edition = edition_of(*name);
    if (!edition)
      say(node, fmt::format("supported edition values are `2015`, `2018`, `2021`, or `2024`, but `{}` is unknown", *name));
    return edition;
  }

  std::vector<std::string> texts(const toml::table& in, std::string_view name) {
    std::vector<std::string> list;
    const toml::node* node = in.get(name);
    if (node == nullptr) return list;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      say(*node, fmt::format("`workspace.{}` is not a list of strings", name));
      return list;
    }
    for (const toml::node& element : *array)
      if (auto string = text(element, fmt::format("workspace.{}", name))) list.push_back(*string);
    return list;
  }

  Manifest& manifest_;
};

}  // namespace

std::optional<uint8_t> edition_of(std::string_view name) {
  constexpr std::string_view names[] = {"2015", "2018", "2021", "2024"};
  for (uint8_t i = 0; i < 4; ++i)
    if (name == names[i]) return i;
  return std::nullopt;
}

Manifest parse_manifest(std::string_view text) {
  Manifest manifest;
  toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    manifest.errors.push_back(
        {std::string(error.description()), error.source().begin.line, error.source().begin.column});
    return manifest;
  }
  Reader(manifest).read(parsed.table());
  return manifest;
}

}  // namespace rustg::graph
