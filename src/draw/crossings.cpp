#include <algorithm>
#include <numeric>

#include "draw/layered.h"

namespace rustg::draw {

namespace {

constexpr int kSweeps = 32;
constexpr int kPatience = 8;  // sweeps without a gain

class Reducer {
 public:
  explicit Reducer(Layers& layers) : g_(layers), place_(layers.vertices()), key_(layers.vertices()) {
    for (uint32_t l = 0; l != g_.order.size(); ++l) number(l);
  }

  uint64_t run() {
    uint64_t best = crossings();
    auto kept = g_.order;
    for (int sweep = 0, idle = 0; sweep != kSweeps && idle != kPatience && best != 0; ++sweep, ++idle) {
      if (sweep % 2 == 0)
        for (uint32_t l = 1; l < g_.order.size(); ++l) sort(l, g_.left, sweep % 4 < 2);
      else
        for (uint32_t l = uint32_t(g_.order.size()) - 1; l-- != 0;) sort(l, g_.right, sweep % 4 < 2);
      transpose();
      const uint64_t now = crossings();
      if (now >= best) continue;
      best = now;
      kept = g_.order;
      idle = 0;
    }
    g_.order = std::move(kept);
    return best;
  }

 private:
  void number(uint32_t l) {
    for (uint32_t i = 0; i != g_.order[l].size(); ++i) place_[g_.order[l][i]] = i;
  }

  // By the middle or the mean of the neighbours' places; what has none keeps its place.
  void sort(uint32_t l, const std::vector<std::vector<uint32_t>>& side, bool by_median) {
    auto& order = g_.order[l];
    std::vector<uint32_t> moving, at;
    for (uint32_t v : order) {
      if (side[v].empty()) continue;
      at.clear();
      for (uint32_t w : side[v]) at.push_back(place_[w]);
      std::sort(at.begin(), at.end());
      const size_t n = at.size();
      key_[v] = by_median ? (n % 2 == 1 ? at[n / 2] : (at[n / 2 - 1] + at[n / 2]) / 2.0)
                          : double(std::accumulate(at.begin(), at.end(), uint64_t(0))) / double(n);
      moving.push_back(v);
    }
    std::stable_sort(moving.begin(), moving.end(), [&](uint32_t a, uint32_t b) { return key_[a] < key_[b]; });
    size_t next = 0;
    for (uint32_t& v : order)
      if (!side[v].empty()) v = moving[next++];
    number(l);
  }

  // Crossings of a's edges with b's on one side, a above b.
  uint64_t between(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) const {
    uint64_t count = 0;
    for (uint32_t i : a)
      for (uint32_t j : b) count += place_[i] > place_[j] ? 1 : 0;
    return count;
  }

  // Neighbours in a layer change places as long as that helps.
  void transpose() {
    for (int round = 0; round != 6; ++round) {
      bool better = false;
      for (auto& order : g_.order)
        for (size_t i = 1; i < order.size(); ++i) {
          const uint32_t a = order[i - 1], b = order[i];
          const uint64_t now = between(g_.left[a], g_.left[b]) + between(g_.right[a], g_.right[b]),
                         then = between(g_.left[b], g_.left[a]) + between(g_.right[b], g_.right[a]);
          if (then >= now) continue;
          std::swap(order[i - 1], order[i]);
          std::swap(place_[a], place_[b]);
          better = true;
        }
      if (!better) return;
    }
  }

  // Between two layers: pairs of edges in the order of their left ends whose right ends are the other way round.
  uint64_t crossings() {
    uint64_t all = 0;
    std::vector<uint32_t> ends, tree;
    for (size_t l = 0; l + 1 < g_.order.size(); ++l) {
      const size_t width = g_.order[l + 1].size();
      tree.assign(width + 1, 0);
      uint64_t seen = 0;
      for (uint32_t v : g_.order[l]) {
        ends.clear();
        for (uint32_t w : g_.right[v]) ends.push_back(place_[w]);
        for (uint32_t end : ends) {
          uint64_t not_above = 0;
          for (size_t i = end + 1; i != 0; i &= i - 1) not_above += tree[i];
          all += seen - not_above;
        }
        for (uint32_t end : ends)
          for (size_t i = end + 1; i <= width; i += i & (0 - i)) ++tree[i];
        seen += ends.size();
      }
    }
    return all;
  }

  Layers& g_;
  std::vector<uint32_t> place_;
  std::vector<double> key_;
};

}  // namespace

uint64_t reduce_crossings(Layers& layers) {
  if (layers.order.empty()) return 0;
  return Reducer(layers).run();
}

}  // namespace rustg::draw
