#include "draw/pack.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace rustg::draw {

namespace {

class Packer {
 public:
  explicit Packer(std::vector<Circle>& circles) : c_(circles), next_(circles.size()), before_(circles.size()) {}

  void run() {
    const size_t n = c_.size();
    if (n > 0) c_[0].x = c_[0].y = 0;
    if (n > 1) {
      c_[1].x = c_[0].r + c_[1].r;
      c_[1].y = 0;
    }
    if (n < 3) return;
    // The first two face each other across the middle; the third closes the first chain.
    const double middle = c_[1].r - c_[0].r;
    c_[0].x -= c_[0].r + middle / 2;
    c_[1].x -= c_[0].r + middle / 2;
    place(0, 1, 2);
    link(0, 2);
    link(2, 1);
    link(1, 0);
    uint32_t a = 0;
    for (uint32_t i = 3; i != n; ++i) {
      a = nearest(a);
      insert(a, i);
      a = i;
    }
  }

 private:
  void link(uint32_t a, uint32_t b) {
    next_[a] = b;
    before_[b] = a;
  }

  // To the right of the way from a to b: the chain goes round so that this is outside.
  void place(uint32_t a, uint32_t b, uint32_t i) {
    const double dx = c_[b].x - c_[a].x, dy = c_[b].y - c_[a].y, d = std::hypot(dx, dy);
    const double to_a = c_[a].r + c_[i].r, to_b = c_[b].r + c_[i].r;
    // Along the line from a to b, then off it.
    const double along = std::clamp((d * d + to_a * to_a - to_b * to_b) / (2 * d), -to_a, to_a);
    const double off = std::sqrt(std::max(0.0, to_a * to_a - along * along));
    c_[i].x = c_[a].x + (along * dx + off * dy) / d;
    c_[i].y = c_[a].y + (along * dy - off * dx) / d;
  }

  bool overlap(uint32_t a, uint32_t b) const {
    const double reach = c_[a].r + c_[b].r - 1e-6, dx = c_[a].x - c_[b].x, dy = c_[a].y - c_[b].y;
    return reach > 0 && reach * reach > dx * dx + dy * dy;
  }

  // Where a neighbour pair's shared point is nearest to the middle.
  double score(uint32_t a) const {
    const uint32_t b = next_[a];
    const double both = c_[a].r + c_[b].r, x = (c_[a].x * c_[b].r + c_[b].x * c_[a].r) / both,
                 y = (c_[a].y * c_[b].r + c_[b].y * c_[a].r) / both;
    return x * x + y * y;
  }
  uint32_t nearest(uint32_t from) const {
    uint32_t best = from;
    double least = score(from);
    for (uint32_t i = next_[from]; i != from; i = next_[i])
      if (const double s = score(i); s < least) {
        least = s;
        best = i;
      }
    return best;
  }

  void insert(uint32_t a, uint32_t i) {
    uint32_t b = next_[a];
    for (;;) {
      place(a, b, i);
      // Both ways along the chain, the shorter way round first, for one that is in the way. It becomes the neighbour, and what is between is inside.
      uint32_t ahead = next_[b], behind = before_[a];
      double way_ahead = c_[b].r, way_behind = c_[a].r;
      bool in_the_way = false;
      while (ahead != next_[behind]) {
        if (way_ahead <= way_behind) {
          if (overlap(ahead, i)) {
            b = ahead;
            in_the_way = true;
            break;
          }
          way_ahead += 2 * c_[ahead].r;
          ahead = next_[ahead];
        } else {
          if (overlap(behind, i)) {
            a = behind;
            in_the_way = true;
            break;
          }
          way_behind += 2 * c_[behind].r;
          behind = before_[behind];
        }
      }
      if (!in_the_way) break;
      link(a, b);
    }
    link(a, i);
    link(i, b);
  }

  std::vector<Circle>& c_;
  std::vector<uint32_t> next_, before_;
};

}  // namespace

double pack_circles(std::vector<Circle>& circles, double gap) {
  if (circles.empty()) return 0;
  for (Circle& c : circles) c.r += gap / 2;
  Packer(circles).run();
  // The smallest circle around all, nearly: again and again towards what is farthest, by less each time (Badoiu and Clarkson).
  double x = 0, y = 0, reach = 0;
  auto farthest = [&] {
    const Circle* far = &circles[0];
    reach = 0;
    for (const Circle& c : circles)
      if (const double d = std::hypot(c.x - x, c.y - y) + c.r; d > reach) {
        reach = d;
        far = &c;
      }
    return far;
  };
  double best = 0, best_x = 0, best_y = 0;
  for (int step = 0; step != 60; ++step) {
    const Circle* far = farthest();
    if (step == 0 || reach < best) {
      best = reach;
      best_x = x;
      best_y = y;
    }
    const double d = std::hypot(far->x - x, far->y - y);
    if (d == 0) break;
    const double by = (reach - best / 2) / (step + 2) * 0.5 / d;
    x += (far->x - x) * by;
    y += (far->y - y) * by;
  }
  for (Circle& c : circles) {
    c.x -= best_x;
    c.y -= best_y;
    c.r -= gap / 2;
  }
  return best;
}

}  // namespace rustg::draw
