// A tree of packages as `cargo tree` prints it, or as JSON.
#pragma once
#include <string>
#include <vector>

#include "driver/graph_tree_options.h"
#include "graph/package_tree.h"

namespace rustg::driver {

// The pattern of --format. Errors are cargo's.
class TreePattern {
 public:
  static Result<TreePattern> parse(const std::string& text);
  std::string of(const graph::ResolvedPackages& packages, const graph::PackageTree& tree, uint32_t node) const;

 private:
  enum class Part { text, package, license, repository, features, library };
  std::vector<std::pair<Part, std::string>> parts_;
};

struct TreeText {
  const graph::ResolvedPackages& packages;
  const graph::PackageTree& tree;
  const TreePattern& pattern;
  const TreeOptions& options;
  std::vector<bool> pruned;  // by package
  bool ascii;
};
std::string tree_text(const TreeText& what, const std::vector<uint32_t>& roots);
std::string tree_json(const TreeText& what, const graph::Platforms& platforms, const std::vector<uint32_t>& roots);

}  // namespace rustg::driver
