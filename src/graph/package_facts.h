// What only a package's own Cargo.toml tells, not a registry's index: looked up where cargo keeps the packages of this machine.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/package_manifest.h"

namespace rustg::graph {

struct PackageFacts {
  bool known = false;  // its Cargo.toml was found
  bool proc_macro = false;
  std::string license, repository;
  std::string library;  // the crate's name; empty: it has no library
};
// Of a manifest with what it inherits filled in.
PackageFacts facts_of(const PackageManifest& manifest, const std::filesystem::path& folder);

// Cargo's configuration that holds in a folder: the values of .cargo/config.toml files, the nearest first, $CARGO_HOME's last.
class CargoConfig {
 public:
  explicit CargoConfig(const std::filesystem::path& folder);
  struct Value {
    std::string text;
    std::filesystem::path base;  // what a relative path is relative to
  };
  // The key's parts; none: nowhere.
  std::optional<Value> find(const std::vector<std::string>& key) const;
  static std::filesystem::path cargo_home();

 private:
  struct File {
    std::filesystem::path base;
    std::map<std::vector<std::string>, std::string> values;
  };
  std::vector<File> files_;
};

// The packages of crates.io that are on this machine: a vendor folder if the configuration names one, else what cargo has unpacked.
class PackageSources {
 public:
  explicit PackageSources(const CargoConfig& config);
  PackageFacts find(const std::string& name, const std::string& version) const;

 private:
  std::vector<std::filesystem::path> folders_;  // with NAME-VERSION folders in them
  // Of a vendor folder, whose folders may be called otherwise: NAME VERSION
  std::map<std::pair<std::string, std::string>, std::filesystem::path> vendored_;
};

}  // namespace rustg::graph
