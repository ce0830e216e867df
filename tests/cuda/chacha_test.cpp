#include "runtime/cuda/chacha.h"

#include <gtest/gtest.h>

namespace rustg::runtime::cuda {
namespace {

// RFC 8439, section 2.3.2.
TEST(ChaCha, GivesTheBlockOfTheStandard) {
  ChaChaKey key;
  for (uint32_t i = 0; i < 8; i++) key.word[i] = 0x03020100u + 0x04040404u * i;
  const uint32_t nonce[3] = {0x09000000, 0x4a000000, 0x00000000};
  uint32_t out[16];
  chacha20_block(key, 1, nonce, out);
  const uint32_t expected[16] = {0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033,
                                 0x9aaa2204, 0x4e6cd4c3, 0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9,
                                 0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2};
  for (uint32_t i = 0; i < 16; i++) EXPECT_EQ(out[i], expected[i]) << i;
}

}  // namespace
}  // namespace rustg::runtime::cuda
