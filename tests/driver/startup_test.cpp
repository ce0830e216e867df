// From the command to the program's end, for a program that does next to nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "driver/process.h"

namespace rustg::testing {
namespace {

// The aim is 20 ms on an idle machine; a busy one gets three times that before the test fails.
constexpr double kLimitSeconds = 0.060;

TEST(Startup, OfHelloIsShort) {
  SKIP_WITHOUT_RUST();
  std::string hello = RUSTG_SOURCE_DIR "/examples/hello.rs";
  ASSERT_EQ(rustg({"run", hello}).exit_code, 0);
  double best = 1e9;
  for (int i = 0; i < 10; i++) best = std::min(best, rustg({"run", "--device", "cpu", hello}).seconds);
  std::printf("rustg run hello.rs, compiled before: %.1f ms\n", best * 1e3);
#if defined(__SANITIZE_ADDRESS__) || !defined(NDEBUG)
  GTEST_SKIP() << "not an optimized build";
#endif
  EXPECT_LT(best, kLimitSeconds);
}

}  // namespace
}  // namespace rustg::testing
