// Layered drawings of acyclic graphs (Sugiyama's way): layers from longest paths, few crossings, straight long edges. Layers are columns, from
// the left; every edge goes to the right. One thread, and the same drawing for the same graph everywhere.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

namespace rustg::draw {

struct Point {
  double x = 0, y = 0;
  bool operator==(const Point&) const = default;
};
struct Size {
  double width = 0, height = 0;
};

struct Dag {
  std::vector<Size> boxes;                           // of each node
  std::vector<std::pair<uint32_t, uint32_t>> edges;  // from, to; each once
  uint32_t nodes() const { return uint32_t(boxes.size()); }
};

// For every edge, whether a longer way leads from its one end to the other, so that it says nothing new.
std::vector<uint8_t> find_transitive(const Dag& graph);

struct LayeredLayout {
  std::vector<uint32_t> layer;  // of each node
  std::vector<Point> corner;    // of each node's box: upper left
  // Of each edge, where it begins, passes columns (in at the left, out at the right), and ends. Between two columns it is a curve that begins and ends level.
  std::vector<std::vector<Point>> ways;
  uint32_t layers = 0;
  uint64_t crossings = 0;
  Size size;
};
LayeredLayout lay_out_layers(const Dag& graph);

// What the parts of lay_out_layers() hand on: a graph whose edges lead from a layer to the next. Long edges pass bends, and the edges that lead to one
// node share theirs, so that they come together as they near it. Vertices are the nodes, then the bends.
struct Layers {
  std::vector<uint32_t> layer;               // of each vertex
  std::vector<std::vector<uint32_t>> right;  // of each vertex: its neighbours in the next layer
  std::vector<std::vector<uint32_t>> left;   //   and in the one before
  std::vector<std::vector<uint32_t>> order;  // of each layer: its vertices from the top
  std::vector<std::vector<uint32_t>> ways;   // of each edge: the vertices it passes, both ends included
  uint32_t nodes = 0;
  uint32_t vertices() const { return uint32_t(layer.size()); }
  bool is_bend(uint32_t vertex) const { return vertex >= nodes; }
};
Layers make_layers(const Dag& graph);
// Makes `order` one with few crossings; how many there are.
uint64_t reduce_crossings(Layers& layers);
// The middle of each vertex, from the top. half: half a vertex's height with its share of the space between two.
std::vector<double> place_vertices(const Layers& layers, const std::vector<double>& half);

}  // namespace rustg::draw
