// The graph that `cargo tree` shows: packages with the features they are built with, for the host and for targets apart, and, if asked for,
// features between them.
#pragma once
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "graph/feature_resolver.h"

namespace rustg::graph {

enum class TreeEdgeKind : uint8_t { normal, build, dev, feature };  // in the order in which they are shown
constexpr uint32_t kTreeEdgeKinds = 4;

struct TreeNode {
  bool is_feature;
  uint32_t of;                     // package; of a feature: the node of its package
  std::vector<StringId> features;  // that are on, by text
  uint32_t platform;               // Platforms
  StringId name;                   // of a feature
  auto operator<=>(const TreeNode&) const = default;
};

struct TreeRules {
  bool edges[kTreeEdgeKinds] = {true, true, true, false};
  bool no_proc_macro = false, all_targets = false;
  bool has(TreeEdgeKind kind) const { return edges[size_t(kind)]; }
};

class PackageTree {
 public:
  PackageTree(const ResolvedPackages& packages, const FeatureResolver& features, const Platforms& platforms,
              TreeRules rules)
      : packages_(&packages), features_(&features), platforms_(&platforms), rules_(rules) {}

  // A package that the tree is about, and what was asked for of it. In package order.
  void add(uint32_t package, const FeatureRequest& request);
  // When all are added.
  void finish();

  uint32_t size() const { return uint32_t(nodes_.size()); }
  const TreeNode& node(uint32_t index) const { return nodes_[index]; }
  uint32_t package_of(uint32_t index) const { return nodes_[nodes_[index].is_feature ? nodes_[index].of : index].of; }
  // Those of one kind, in the order in which they are shown.
  std::vector<uint32_t> edges(uint32_t from, TreeEdgeKind kind) const;
  bool has_edges(uint32_t from) const;
  bool asked_for(uint32_t feature) const { return asked_for_.contains(feature); }  // by the user

  // Nodes of any of these packages, in the order in which they are shown.
  std::vector<uint32_t> nodes_of(const std::vector<uint32_t>& packages) const;
  // Without what these do not reach.
  void keep_reachable(const std::vector<uint32_t>& roots);
  void invert();
  // Packages of one name with several versions or sets of features.
  std::vector<uint32_t> duplicates() const;

 private:
  struct Edge {
    TreeEdgeKind kind;
    uint32_t to;
    bool operator==(const Edge&) const = default;
  };
  bool before(uint32_t a, uint32_t b) const;
  uint32_t add_node(TreeNode node);
  void add_edge(uint32_t from, Edge edge);
  uint32_t add_package(uint32_t package, bool for_host, uint32_t requested);
  // The feature of the package at `to`, with an edge from `from` unless that is kNone. new_one: it was not there.
  uint32_t add_feature(StringId name, uint32_t from, Edge to, bool& new_one);
  void add_request(uint32_t node, const FeatureRequest& request);
  void add_values(StringId feature, uint32_t from, uint32_t package_node);
  const Feature* find(uint32_t package, StringId feature) const;

  const ResolvedPackages* packages_;
  const FeatureResolver* features_;
  const Platforms* platforms_;
  TreeRules rules_;
  std::vector<TreeNode> nodes_;
  std::vector<std::vector<Edge>> edges_;
  std::map<TreeNode, uint32_t> index_;
  std::set<uint32_t> asked_for_;
  // Of a package's node, by a dependency's name: the nodes that it leads to, and whether it is optional.
  std::map<std::pair<uint32_t, StringId>, std::set<std::pair<uint32_t, bool>>> by_name_;
};

}  // namespace rustg::graph
