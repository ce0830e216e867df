// Cargo's package ID specifications: NAME, NAME@VERSION, URL, URL#NAME@VERSION, with as much of a version as one likes.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "graph/resolved_packages.h"

namespace rustg::graph {

class PackageSpec {
 public:
  static Result<PackageSpec> parse(const std::string& text);
  const std::string& name() const { return name_; }
  bool matches(const ResolvedPackage& package) const;
  // The one of the packages in use that it is of. Errors are cargo's.
  Result<uint32_t> query(const ResolvedPackages& packages) const;

 private:
  Status set(const std::string& text);
  bool has_name_and_version(const ResolvedPackage& package) const;
  bool has_version(const Version& version) const;

  std::string text_, name_, url_;  // url_: with its kind, or without; empty: any
  // As much of a version as was given.
  struct Partial {
    uint64_t major;
    std::optional<uint64_t> minor, patch;
    std::optional<std::string> pre, build;
  };
  std::optional<Partial> version_;
};

}  // namespace rustg::graph
