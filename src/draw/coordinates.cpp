// Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2001): vertices are aligned with their middle neighbours in four ways (to the left
// or to the right, from above or from below); a vertex's place is the mean of the two middle ones. What is aligned is then moved together by longest paths
// through the graph of aligned blocks, not by the paper's classes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "draw/layered.h"

namespace rustg::draw {

namespace {

using Side = std::vector<std::vector<uint32_t>>;

// Edges into a layer that cross one between two bends, which is to be straight: (left end, right end).
std::set<std::pair<uint32_t, uint32_t>> find_conflicts(const Layers& g, const std::vector<uint32_t>& place) {
  std::set<std::pair<uint32_t, uint32_t>> conflicts;
  struct Segment {
    uint32_t from, to;
  };
  std::vector<Segment> inner, other;
  for (const auto& order : g.order) {
    inner.clear();
    other.clear();
    for (uint32_t v : order)
      for (uint32_t u : g.left[v]) (g.is_bend(v) && g.is_bend(u) ? inner : other).push_back({u, v});
    for (const Segment& o : other)
      for (const Segment& i : inner)
        if ((place[o.from] < place[i.from] && place[o.to] > place[i.to]) ||
            (place[o.from] > place[i.from] && place[o.to] < place[i.to])) {
          conflicts.insert({o.from, o.to});
          break;
        }
  }
  return conflicts;
}

class Aligner {
 public:
  Aligner(const Layers& layers, const std::vector<double>& half) : g_(layers), half_(half), place_(g_.vertices()) {
    for (const auto& order : g_.order)
      for (uint32_t i = 0; i != order.size(); ++i) place_[order[i]] = i;
    conflicts_ = find_conflicts(g_, place_);
  }

  // backwards: aligned with the layer behind, not before. flipped: from the bottom up.
  std::vector<double> align(bool backwards, bool flipped) {
    const uint32_t n = g_.vertices();
    std::vector<uint32_t> root(n), next(n);
    for (uint32_t v = 0; v != n; ++v) root[v] = next[v] = v;
    const Side& side = backwards ? g_.right : g_.left;
    const size_t count = g_.order.size();
    auto at = [&](uint32_t v) { return flipped ? -int64_t(place_[v]) : int64_t(place_[v]); };
    std::vector<uint32_t> near;
    for (size_t i = 1; i < count; ++i) {
      const auto& order = g_.order[backwards ? count - 1 - i : i];
      int64_t reached = std::numeric_limits<int64_t>::min();
      for (size_t k = 0; k != order.size(); ++k) {
        const uint32_t v = order[flipped ? order.size() - 1 - k : k];
        near = side[v];
        if (near.empty()) continue;
        std::sort(near.begin(), near.end(), [&](uint32_t a, uint32_t b) { return at(a) < at(b); });
        for (size_t m = (near.size() - 1) / 2; m <= near.size() / 2 && next[v] == v; ++m) {
          const uint32_t u = near[m];
          if (at(u) <= reached || conflicts_.count(backwards ? std::pair(v, u) : std::pair(u, v)) != 0) continue;
          next[u] = v;
          root[v] = root[u];
          next[v] = root[v];
          reached = at(u);
        }
      }
    }
    return compact(root, flipped);
  }

 private:
  // Blocks one above the other: first everything as far up as it goes, then down towards what is below as far as that leaves room.
  std::vector<double> compact(const std::vector<uint32_t>& root, bool flipped) {
    const uint32_t n = g_.vertices();
    struct Edge {
      uint32_t to;
      double distance;
    };
    std::vector<std::vector<Edge>> below(n), above(n);
    std::vector<uint32_t> waiting(n);
    for (const auto& order : g_.order)
      for (size_t i = 1; i < order.size(); ++i) {
        const uint32_t a = order[flipped ? order.size() - i : i - 1], b = order[flipped ? order.size() - 1 - i : i];
        const double distance = half_[a] + half_[b];
        below[root[a]].push_back({root[b], distance});
        above[root[b]].push_back({root[a], distance});
        ++waiting[root[b]];
      }
    std::vector<uint32_t> sorted;
    for (uint32_t v = 0; v != n; ++v)
      if (root[v] == v && waiting[v] == 0) sorted.push_back(v);
    std::vector<double> y(n);
    for (size_t i = 0; i != sorted.size(); ++i)
      for (const Edge& e : below[sorted[i]]) {
        y[e.to] = std::max(y[e.to], y[sorted[i]] + e.distance);
        if (--waiting[e.to] == 0) sorted.push_back(e.to);
      }
    for (size_t i = sorted.size(); i-- != 0;) {
      const uint32_t v = sorted[i];
      if (above[v].empty() || below[v].empty()) continue;
      double low = std::numeric_limits<double>::infinity();
      for (const Edge& e : below[v]) low = std::min(low, y[e.to] - e.distance);
      y[v] = std::max(y[v], low);
    }
    std::vector<double> out(n);
    for (uint32_t v = 0; v != n; ++v) out[v] = flipped ? -y[root[v]] : y[root[v]];
    return out;
  }

  const Layers& g_;
  const std::vector<double>& half_;
  std::vector<uint32_t> place_;
  std::set<std::pair<uint32_t, uint32_t>> conflicts_;
};

// Draws everything nearer to what it is joined to, which makes a large drawing much less high: a layer after the other takes the places nearest to the
// means of their neighbours' that its order and the distances in it allow (least squares, by pooling neighbours in conflict).
class Relaxer {
 public:
  Relaxer(const Layers& layers, const std::vector<double>& half, std::vector<double>& y)
      : g_(layers), half_(half), y_(y) {}

  void run() {
    const uint32_t count = uint32_t(g_.order.size());
    for (int sweep = 0; sweep != kSweeps; ++sweep) {
      for (uint32_t l = 0; l != count; ++l) relax(l, false);
      for (uint32_t l = count; l-- != 0;) relax(l, false);
    }
    for (uint32_t l = 1; l < count; ++l) relax(l, true);
  }

 private:
  static constexpr int kSweeps = 24;
  static constexpr uint32_t kNobody = ~0u;

  // Long edges are to be straight.
  double weight(uint32_t a, uint32_t b) const {
    return g_.is_bend(a) && g_.is_bend(b) ? 8 : g_.is_bend(a) || g_.is_bend(b) ? 3 : 1;
  }

  // What v goes on straight from: of the bends before it the nearest, or its only neighbour if it is that one's only one too.
  uint32_t straight_from(uint32_t v) const {
    uint32_t best = kNobody;
    for (uint32_t u : g_.left[v])
      if ((g_.is_bend(u) && g_.is_bend(v)) || (g_.left[v].size() == 1 && g_.right[u].size() == 1))
        if (best == kNobody || std::abs(y_[u] - y_[v]) < std::abs(y_[best] - y_[v])) best = u;
    return best;
  }

  // straighten: only move what goes on straight, the rest as little as that asks for.
  void relax(uint32_t l, bool straighten) {
    struct Pool {
      double sum, weight;
      uint32_t count;
      double place() const { return sum / weight; }
    };
    std::vector<Pool> pools;
    const auto& order = g_.order[l];
    std::vector<double> offset(order.size());
    for (uint32_t i = 0; i != order.size(); ++i) {
      const uint32_t v = order[i];
      if (i != 0) offset[i] = offset[i - 1] + half_[order[i - 1]] + half_[v];
      double sum = 0, all = 0;
      if (straighten) {
        const uint32_t from = straight_from(v);
        all = from == kNobody ? 1 : 20;
        sum = all * y_[from == kNobody ? v : from];
      } else {
        for (const Side* side : {&g_.left, &g_.right})
          for (uint32_t u : (*side)[v]) {
            sum += weight(u, v) * y_[u];
            all += weight(u, v);
          }
      }
      if (all == 0) {
        sum = y_[v] * 0.1;
        all = 0.1;
      }
      pools.push_back({sum - all * offset[i], all, 1});
      while (pools.size() > 1 && pools[pools.size() - 2].place() > pools.back().place()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().weight += last.weight;
        pools.back().count += last.count;
      }
    }
    uint32_t i = 0;
    for (const Pool& pool : pools)
      for (uint32_t k = 0; k != pool.count; ++k, ++i) y_[order[i]] = pool.place() + offset[i];
  }

  const Layers& g_;
  const std::vector<double>& half_;
  std::vector<double>& y_;
};

}  // namespace

std::vector<double> place_vertices(const Layers& layers, const std::vector<double>& half) {
  const uint32_t n = layers.vertices();
  if (n == 0) return {};
  Aligner aligner(layers, half);
  std::vector<double> ways[4];
  double least[4], most[4];
  int narrowest = 0;
  for (int i = 0; i != 4; ++i) {
    ways[i] = aligner.align(i & 1, i & 2);
    least[i] = *std::min_element(ways[i].begin(), ways[i].end());
    most[i] = *std::max_element(ways[i].begin(), ways[i].end());
    if (most[i] - least[i] < most[narrowest] - least[narrowest]) narrowest = i;
  }
  // Those from the top are moved to the narrowest one's top, those from the bottom to its bottom.
  for (int i = 0; i != 4; ++i) {
    const double by = i & 2 ? most[narrowest] - most[i] : least[narrowest] - least[i];
    for (double& y : ways[i]) y += by;
  }
  std::vector<double> out(n);
  for (uint32_t v = 0; v != n; ++v) {
    double at[4] = {ways[0][v], ways[1][v], ways[2][v], ways[3][v]};
    std::sort(at, at + 4);
    out[v] = (at[1] + at[2]) / 2;
  }
  Relaxer(layers, half, out).run();
  return out;
}

}  // namespace rustg::draw
