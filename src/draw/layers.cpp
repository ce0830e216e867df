#include <algorithm>
#include <cmath>
#include <numeric>

#include "draw/layered.h"

namespace rustg::draw {

namespace {

constexpr double kGap = 7;  // between boxes of a column
constexpr double kBendHeight = 2, kBendGap = 4;
constexpr double kLeastColumnGap = 46, kMostColumnGap = 150;

struct Neighbours {
  std::vector<std::vector<uint32_t>> out, in;
};
Neighbours neighbours(const Dag& graph) {
  Neighbours all{std::vector<std::vector<uint32_t>>(graph.nodes()), std::vector<std::vector<uint32_t>>(graph.nodes())};
  for (auto [from, to] : graph.edges) {
    all.out[from].push_back(to);
    all.in[to].push_back(from);
  }
  return all;
}

// Everything behind what leads to it.
std::vector<uint32_t> topological(const Neighbours& all) {
  std::vector<uint32_t> order, waiting(all.in.size());
  for (uint32_t v = 0; v != waiting.size(); ++v) {
    waiting[v] = uint32_t(all.in[v].size());
    if (waiting[v] == 0) order.push_back(v);
  }
  for (size_t i = 0; i != order.size(); ++i)
    for (uint32_t w : all.out[order[i]])
      if (--waiting[w] == 0) order.push_back(w);
  return order;
}

// Longest ways from the left; then every node goes to that end of its leeway where its edges become shorter.
std::vector<uint32_t> assign_layers(const Neighbours& all) {
  const std::vector<uint32_t> order = topological(all);
  std::vector<uint32_t> layer(all.out.size());
  for (uint32_t v : order)
    for (uint32_t w : all.out[v]) layer[w] = std::max(layer[w], layer[v] + 1);
  const uint32_t last = layer.empty() ? 0 : *std::max_element(layer.begin(), layer.end());
  for (int round = 0; round != 8; ++round) {
    bool moved = false;
    for (size_t i = 0; i != order.size(); ++i) {
      const uint32_t v = round % 2 == 0 ? order[order.size() - 1 - i] : order[i];
      if (all.in[v].empty() && all.out[v].empty()) continue;
      uint32_t low = 0, high = last;
      for (uint32_t u : all.in[v]) low = std::max(low, layer[u] + 1);
      for (uint32_t w : all.out[v]) high = std::min(high, layer[w] - 1);
      const size_t in = all.in[v].size(), out = all.out[v].size();
      const uint32_t to = in > out ? low : in < out ? high : layer[v];
      moved = moved || to != layer[v];
      layer[v] = to;
    }
    if (!moved) break;
  }
  // A layer that everything left is none.
  std::vector<uint32_t> used(last + 1), number(last + 1);
  for (uint32_t l : layer) used[l] = 1;
  std::exclusive_scan(used.begin(), used.end(), number.begin(), 0u);
  for (uint32_t& l : layer) l = number[l];
  return layer;
}

// Depth first from the left, so that what belongs together begins together.
void order_at_first(Layers& layers, const Neighbours& all) {
  std::vector<uint8_t> seen(layers.vertices());
  std::vector<uint32_t> stack, roots;
  for (uint32_t v = 0; v != layers.nodes; ++v)
    if (all.in[v].empty()) roots.push_back(v);
  for (uint32_t root : roots) {
    stack.push_back(root);
    while (!stack.empty()) {
      const uint32_t v = stack.back();
      stack.pop_back();
      if (seen[v]) continue;
      seen[v] = 1;
      layers.order[layers.layer[v]].push_back(v);
      for (auto w = layers.right[v].rbegin(); w != layers.right[v].rend(); ++w)
        if (!seen[*w]) stack.push_back(*w);
    }
  }
}

}  // namespace

std::vector<uint8_t> find_transitive(const Dag& graph) {
  const Neighbours all = neighbours(graph);
  const std::vector<uint32_t> order = topological(all);
  const uint32_t nodes = graph.nodes(), words = (nodes + 63) / 64;
  // reach: what a node leads to, itself included. Whole words at a time, from the ends backwards.
  std::vector<uint64_t> reach(size_t(nodes) * words);
  for (size_t i = order.size(); i-- != 0;) {
    uint64_t* own = &reach[size_t(order[i]) * words];
    own[order[i] / 64] |= uint64_t(1) << order[i] % 64;
    for (uint32_t w : all.out[order[i]])
      for (uint32_t k = 0; k != words; ++k) own[k] |= reach[size_t(w) * words + k];
  }
  std::vector<uint8_t> transitive(graph.edges.size());
  for (size_t e = 0; e != graph.edges.size(); ++e) {
    auto [from, to] = graph.edges[e];
    for (uint32_t w : all.out[from])
      if (w != to && (reach[size_t(w) * words + to / 64] >> to % 64 & 1)) transitive[e] = 1;
  }
  return transitive;
}

Layers make_layers(const Dag& graph) {
  const Neighbours all = neighbours(graph);
  Layers out;
  out.nodes = graph.nodes();
  out.layer = assign_layers(all);
  const uint32_t count = out.layer.empty() ? 0 : *std::max_element(out.layer.begin(), out.layer.end()) + 1;
  out.order.resize(count);
  // The bends before a node, nearest first.
  std::vector<std::vector<uint32_t>> before(graph.nodes());
  for (auto [from, to] : graph.edges) {
    const uint32_t needed = out.layer[to] - out.layer[from] - 1;
    while (before[to].size() < needed) {
      before[to].push_back(out.vertices());
      out.layer.push_back(out.layer[to] - uint32_t(before[to].size()));
    }
    std::vector<uint32_t> way = {from};
    for (uint32_t i = needed; i-- != 0;) way.push_back(before[to][i]);
    way.push_back(to);
    out.ways.push_back(std::move(way));
  }
  out.right.resize(out.vertices());
  out.left.resize(out.vertices());
  for (const auto& way : out.ways)
    for (size_t i = 1; i != way.size(); ++i) {
      auto& right = out.right[way[i - 1]];
      if (std::find(right.begin(), right.end(), way[i]) != right.end()) continue;
      right.push_back(way[i]);
      out.left[way[i]].push_back(way[i - 1]);
    }
  order_at_first(out, all);
  return out;
}

LayeredLayout lay_out_layers(const Dag& graph) {
  Layers layers = make_layers(graph);
  LayeredLayout out;
  out.layers = uint32_t(layers.order.size());
  out.crossings = reduce_crossings(layers);
  std::vector<double> half(layers.vertices(), (kBendHeight + kBendGap) / 2);
  for (uint32_t v = 0; v != graph.nodes(); ++v) half[v] = (graph.boxes[v].height + kGap) / 2;
  const std::vector<double> middle = place_vertices(layers, half);

  double top = 0, bottom = 0;
  for (uint32_t v = 0; v != layers.vertices(); ++v) {
    const double reach = layers.is_bend(v) ? kBendHeight / 2 : graph.boxes[v].height / 2;
    top = v == 0 ? middle[v] - reach : std::min(top, middle[v] - reach);
    bottom = v == 0 ? middle[v] + reach : std::max(bottom, middle[v] + reach);
  }
  out.size.height = bottom - top;
  // Columns stand further apart where lines between them are steep.
  std::vector<double> x(out.layers), width(out.layers);
  double at = 0;
  for (uint32_t l = 0; l != out.layers; ++l) {
    double steepest = 0;
    for (uint32_t v : layers.order[l]) {
      if (!layers.is_bend(v)) width[l] = std::max(width[l], graph.boxes[v].width);
      for (uint32_t w : layers.right[v]) steepest = std::max(steepest, std::abs(middle[w] - middle[v]));
    }
    x[l] = at;
    at += width[l];
    out.size.width = at;
    at += std::clamp(steepest / 6, kLeastColumnGap, kMostColumnGap);
  }
  out.layer.assign(layers.layer.begin(), layers.layer.begin() + graph.nodes());
  for (uint32_t v = 0; v != graph.nodes(); ++v)
    out.corner.push_back({x[layers.layer[v]], middle[v] - graph.boxes[v].height / 2 - top});
  for (const auto& way : layers.ways) {
    std::vector<Point> points;
    for (size_t i = 0; i != way.size(); ++i) {
      const uint32_t v = way[i], l = layers.layer[v];
      const double y = middle[v] - top;
      if (i == 0) points.push_back({x[l] + graph.boxes[v].width, y});
      if (i != 0) points.push_back({x[l], y});
      if (i + 1 != way.size()) points.push_back({x[l] + width[l], y});
    }
    out.ways.push_back(std::move(points));
  }
  return out;
}

}  // namespace rustg::draw
