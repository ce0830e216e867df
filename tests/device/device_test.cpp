// Every case on every device.
#include <gtest/gtest.h>

#include "device/cases.h"

namespace rustg::device {

#define CASE(name)                  \
  TEST(DeviceCpu, name) {           \
    for (int threads : {1, 2, 5}) { \
      SCOPED_TRACE(threads);        \
      cpu::Queue queue(threads);    \
      name(queue);                  \
    }                               \
  }
#include "device/cases.def"
#undef CASE

#if defined(RUSTG_HAS_CUDA)
#  define CASE(name)                                     \
    TEST(DeviceCuda, name) {                             \
      auto queue = cuda::Queue::open();                  \
      if (!queue) GTEST_SKIP() << queue.error().message; \
      name(**queue);                                     \
    }
#  include "device/cases.def"
#  undef CASE
#endif

TEST(DeviceCuda, says_why_there_is_none) {
  auto queue = cuda::Queue::open(1000);
  ASSERT_FALSE(queue);
  EXPECT_FALSE(queue.error().message.empty());
}

}  // namespace rustg::device
