#include "graph/package_facts.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "graph/toml.h"

namespace rustg::graph {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::stringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::optional<PackageManifest> manifest_in(const fs::path& folder) {
  auto text = text_of(folder / "Cargo.toml");
  if (!text) return std::nullopt;
  auto manifest = parse_package_manifest(*text);
  return manifest ? std::optional(std::move(*manifest)) : std::nullopt;
}

void collect(const toml::table& table, std::vector<std::string>& key,
             std::map<std::vector<std::string>, std::string>& values) {
  for (const auto& [name, node] : table) {
    key.emplace_back(name.str());
    if (const toml::table* inner = node.as_table())
      collect(*inner, key, values);
    else if (const auto* text = node.as_string())
      values[key] = text->get();
    key.pop_back();
  }
}

}  // namespace

PackageFacts facts_of(const PackageManifest& manifest, const fs::path& folder) {
  PackageFacts facts{true, manifest.proc_macro, manifest.license, manifest.repository, {}};
  if (manifest.library || fs::exists(folder / "src/lib.rs")) {
    facts.library = manifest.library && !manifest.library->empty() ? *manifest.library : manifest.name;
    std::replace(facts.library.begin(), facts.library.end(), '-', '_');
  }
  return facts;
}

fs::path CargoConfig::cargo_home() {
  if (const char* home = std::getenv("CARGO_HOME"); home != nullptr && *home != 0) return home;
  const char* home = std::getenv("HOME");
  return home == nullptr ? fs::path() : fs::path(home) / ".cargo";
}

CargoConfig::CargoConfig(const fs::path& folder) {
  std::vector<fs::path> places;  // folders that hold a config.toml
  for (fs::path at = folder;; at = at.parent_path()) {
    places.push_back(at / ".cargo");
    if (!at.has_relative_path()) break;
  }
  if (fs::path home = cargo_home(); !home.empty() && std::find(places.begin(), places.end(), home) == places.end())
    places.push_back(home);
  for (const fs::path& place : places)
    for (const char* name : {"config", "config.toml"}) {
      auto text = text_of(place / name);
      if (!text) continue;
      toml::parse_result parsed = toml::parse(*text);
      if (!parsed) break;
      File& file = files_.emplace_back();
      file.base = place.parent_path();
      std::vector<std::string> key;
      collect(parsed.table(), key, file.values);
      break;
    }
}

std::optional<CargoConfig::Value> CargoConfig::find(const std::vector<std::string>& key) const {
  for (const File& file : files_)
    if (auto found = file.values.find(key); found != file.values.end()) return Value{found->second, file.base};
  return std::nullopt;
}

PackageSources::PackageSources(const CargoConfig& config) {
  std::string source = "crates-io";
  for (int steps = 0; steps != 16; ++steps) {
    auto next = config.find({"source", source, "replace-with"});
    if (!next) break;
    source = next->text;
  }
  std::error_code error;
  if (auto vendor = config.find({"source", source, "directory"})) {
    for (const auto& entry : fs::directory_iterator(vendor->base / vendor->text, error))
      if (auto manifest = manifest_in(entry.path())) vendored_[{manifest->name, manifest->version}] = entry.path();
  } else {
    for (const auto& entry : fs::directory_iterator(CargoConfig::cargo_home() / "registry/src", error))
      folders_.push_back(entry.path());
    std::sort(folders_.begin(), folders_.end());
  }
}

PackageFacts PackageSources::find(const std::string& name, const std::string& version) const {
  if (auto found = vendored_.find({name, version}); found != vendored_.end())
    if (auto manifest = manifest_in(found->second)) return facts_of(*manifest, found->second);
  for (const fs::path& folder : folders_) {
    const fs::path own = folder / (name + "-" + version);
    if (auto manifest = manifest_in(own)) return facts_of(*manifest, own);
  }
  return {};
}

}  // namespace rustg::graph
