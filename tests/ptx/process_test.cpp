#include "target/ptx/process.h"

#include <gtest/gtest.h>

namespace {

using namespace rustg;
using std::chrono::seconds;

TEST(Process, GivesOutput) {
  const auto out = ptx::run_process({"sh", "-c", "echo out; echo err >&2"}, seconds(20));
  ASSERT_TRUE(out);
  EXPECT_EQ(*out, "out\nerr\n");
}

TEST(Process, TellsHowItFailed) {
  const auto status = ptx::run_process({"sh", "-c", "echo why; exit 3"}, seconds(20));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "sh failed (3): why\n");
  const auto killed = ptx::run_process({"sh", "-c", "kill -9 $$"}, seconds(20));
  ASSERT_FALSE(killed);
  EXPECT_EQ(killed.error().message, "sh was ended by signal 9");
  const auto missing = ptx::run_process({"/no/such/program"}, seconds(20));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "cannot start /no/such/program: No such file or directory");
}

TEST(Process, IsBoundedInTime) {
  const auto start = std::chrono::steady_clock::now();
  const auto late = ptx::run_process({"sleep", "60"}, seconds(1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().message, "sleep took longer than 1 s");
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(20));
}

}  // namespace
