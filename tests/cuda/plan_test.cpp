#include "runtime/cuda/plan.h"

#include <gtest/gtest.h>

namespace rustg::runtime::cuda {
namespace {

constexpr uint64_t kMiB = 1 << 20, kGiB = 1 << 30;

// An H200 with a kernel of 96 registers: 132 multiprocessors, 21 warps each.
Needs h200(uint64_t instances) {
  return {.instances = instances,
          .resident_warps = 132 * 21,
          .state_bytes = 2000,
          .start_bytes = 17 * 65536,
          .max_bytes = 4 * kGiB,
          .budget = 125 * kGiB};
}

TEST(Plan, OneInstanceGetsAWarpAndRoomToGrow) {
  auto plan = make_plan(h200(1));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->lanes, 1u);
  EXPECT_EQ(plan->lanes_per_warp, 1u);
  EXPECT_EQ(plan->blocks, 1u);
  EXPECT_GT(plan->slack_bytes, 3 * kGiB);
}

TEST(Plan, FewInstancesAreSpreadOneToAWarp) {
  auto plan = make_plan(h200(1000));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->lanes_per_warp, 1u);
  EXPECT_EQ(plan->blocks, 1000u);
}

TEST(Plan, ManyInstancesFillTheMachineInOneLaunch) {
  auto plan = make_plan(h200(65536));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->lanes, 65536u);
  EXPECT_EQ(plan->lanes_per_warp, 32u);
  EXPECT_GE(plan->fit, 65536u);
}

TEST(Plan, MoreThanTheMachineHoldsRunInTurn) {
  auto plan = make_plan(h200(10'000'000));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->lanes, 132u * 21 * 32);
}

TEST(Plan, MoreThanTheMemoryHoldsRunInTurn) {
  Needs needs = h200(65536);
  needs.start_bytes = 64 * kMiB;
  auto plan = make_plan(needs);
  ASSERT_TRUE(plan.ok());
  EXPECT_LE(plan->lanes, plan->fit);
  EXPECT_GT(plan->lanes, plan->fit * 9 / 10);
  EXPECT_LT(plan->fit, 2000u);
}

TEST(Plan, SaysHowManyFitWhenNoneDoes) {
  Needs needs = h200(1);
  needs.start_bytes = 200 * kGiB;
  auto plan = make_plan(needs);
  ASSERT_FALSE(plan.ok());
  EXPECT_NE(plan.error().message.find("0 fit"), std::string::npos);
}

// Whatever is asked for, what is planned fits.
TEST(Plan, NeverExceedsTheBudget) {
  for (uint64_t instances : {1ull, 2ull, 31ull, 33ull, 1000ull, 4097ull, 65536ull, 1000000ull}) {
    for (uint64_t start : {uint64_t{0}, uint64_t{65536}, uint64_t{17 * 65536}, 64 * kMiB, 3 * kGiB}) {
      for (uint64_t budget : {4 * kGiB, 20 * kGiB, 125 * kGiB}) {
        Needs needs = h200(instances);
        needs.start_bytes = start;
        needs.budget = budget;
        needs.tables_grow = instances % 2 == 0;
        auto plan = make_plan(needs);
        ASSERT_TRUE(plan.ok());
        uint64_t slot = (start + 65535) / 65536 * 65536 + plan->slack_bytes;
        EXPECT_LE(plan->lanes * (plan->state_stride + plan->stack_stride + slot) + plan->pool_bytes, budget);
        EXPECT_GE(plan->lanes, 1u);
        EXPECT_LE(plan->blocks, needs.resident_warps);
        EXPECT_EQ(plan->lanes, plan->blocks * plan->lanes_per_warp);
        EXPECT_GE(plan->payload, 4608u);
      }
    }
  }
}

}  // namespace
}  // namespace rustg::runtime::cuda
