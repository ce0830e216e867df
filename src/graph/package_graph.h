// Packages and what they depend on as one graph, of a registry's newest versions or of a resolution, and the questions one asks of it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "graph/names.h"
#include "graph/newest.h"
#include "graph/resolve.h"

namespace rustg::graph {

struct PackageGraph {
  std::vector<VersionId> versions;     // of each node
  std::vector<uint32_t> offsets;       // nodes + 1
  std::vector<uint32_t> targets;       // nodes
  std::vector<uint32_t> dependencies;  // of each edge: Universe::dependency()
  uint32_t nodes() const { return uint32_t(versions.size()); }
  Csr csr() const { return {offsets.data(), targets.data(), nodes(), uint32_t(targets.size())}; }
};

// Node c is crate c of the registry, whose tables are on the host.
PackageGraph newest_graph(const Registry& registry, EdgeKinds kinds);
// Node p is package p. members: dev-dependencies of those are edges too, if kinds.dev.
PackageGraph resolution_graph(const Universe& universe, const Resolution& resolution, EdgeKinds kinds);

// Components and levels; made on either device.
struct Order {
  std::vector<uint32_t> component;  // of each node: the least node of its strongly connected component
  std::vector<uint32_t> level;      // of each node: the longest chain of components below it
};
template <class Queue>
Order find_order(Queue& queue, const PackageGraph& graph);

// Nodes by level, those of a level by node: an order in which everything comes behind what it depends on, but for cycles.
std::vector<uint32_t> build_order(const Order& order);
// Nodes of a longest chain, from the package at its top down.
std::vector<uint32_t> longest_chain(const PackageGraph& graph, const Order& order);

// Of every component that is a cycle, least node first: a shortest way from its least node back to that. A node that depends on itself is one too.
struct Cycle {
  std::vector<uint32_t> members;
  std::vector<uint32_t> way;  // the first node once more at its end
};
std::vector<Cycle> find_cycles(const PackageGraph& graph, const Order& order);

// A shortest way from one of `from` to one of `to`, both ends included; the least nodes of equally short ones. None: there is no way.
std::vector<uint32_t> find_path(const PackageGraph& graph, const std::vector<uint32_t>& from,
                                const std::vector<uint32_t>& to);

// Who depends on a node: directly, with the edge, and how many do at all.
struct Dependents {
  std::vector<std::pair<uint32_t, uint32_t>> direct;  // node, edge
  uint32_t all = 0;
};
Dependents find_dependents(const PackageGraph& graph, const std::vector<uint32_t>& of);

}  // namespace rustg::graph
