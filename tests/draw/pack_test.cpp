#include "draw/pack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace rustg::draw {
namespace {

void expect_well_packed(const std::vector<Circle>& circles, double around, double gap) {
  double area = 0;
  for (size_t i = 0; i != circles.size(); ++i) {
    const Circle& a = circles[i];
    EXPECT_LE(std::hypot(a.x, a.y) + a.r + gap / 2, around + 1e-6);
    area += (a.r + gap / 2) * (a.r + gap / 2);
    for (size_t j = 0; j != i; ++j)
      ASSERT_GE(std::hypot(a.x - circles[j].x, a.y - circles[j].y), a.r + circles[j].r + gap - 1e-4) << i << " " << j;
  }
  if (circles.size() > 50) {
    EXPECT_GT(area / (around * around), 0.6) << "too much room left";
  }
}

TEST(Pack, RandomCircles) {
  for (uint32_t seed = 0; seed != 30; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<Circle> circles(1 + random() % 400);
    for (Circle& c : circles) c.r = 1 + std::pow(double(random() % 1000) / 200, seed % 3);
    std::sort(circles.begin(), circles.end(), [](const Circle& a, const Circle& b) { return a.r > b.r; });
    const double gap = seed % 2 == 0 ? 0 : 0.5, around = pack_circles(circles, gap);
    expect_well_packed(circles, around, gap);
    EXPECT_LT(std::hypot(circles[0].x, circles[0].y), around / 2) << "the first is near the middle";
    if (HasFailure()) return;
  }
}

TEST(Pack, FewCircles) {
  std::vector<Circle> none;
  EXPECT_EQ(pack_circles(none, 1), 0);
  std::vector<Circle> one = {{5, 5, 3}};
  EXPECT_EQ(pack_circles(one, 0), 3);
  EXPECT_EQ(one[0].x, 0);
  std::vector<Circle> two = {{0, 0, 3}, {0, 0, 1}};
  EXPECT_NEAR(pack_circles(two, 0), 4, 0.1);
  std::vector<Circle> three = {{0, 0, 1}, {0, 0, 1}, {0, 0, 1}};
  EXPECT_NEAR(pack_circles(three, 0), 1 + 2 / std::sqrt(3), 0.05);
}

// Thousands of equal ones stay clear of each other.
TEST(Pack, ManyEqualCircles) {
  std::vector<Circle> circles(3000, Circle{0, 0, 1});
  const double around = pack_circles(circles, 0.2);
  expect_well_packed(circles, around, 0.2);
}

}  // namespace
}  // namespace rustg::draw
