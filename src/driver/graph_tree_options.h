// What `rustg graph tree` was asked for: the options of `cargo tree`.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/package_tree.h"

namespace CLI {
class App;
}

namespace rustg::driver {

struct TreeOptions {
  std::vector<std::string> edges, invert, prune, packages, exclude, features, targets;
  bool duplicates = false, no_dedupe = false, workspace = false, all_features = false, no_default_features = false;
  std::string depth, prefix = "indent", charset, format = "{p}";
  std::string package;  // NAME@REQ of a snapshot

  // Made of those by finish_tree():
  graph::TreeRules rules;
  uint32_t max_depth = ~0u;
  bool members_only = false, json = false;
};

void define_tree(CLI::App& app, TreeOptions& options);
Status finish_tree(TreeOptions& options);

}  // namespace rustg::driver
