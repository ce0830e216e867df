// random_get on the device: ChaCha20 (RFC 8439), a cryptographic generator. The key comes from the host's getrandom once a run;
// the nonce is the instance, the counter counts the blocks it has drawn.
#pragma once
#include <cstdint>

#include "target/abi/instance.h"

namespace rustg::runtime::cuda {

struct ChaChaKey {
  uint32_t word[8];
};

RUSTG_HD inline uint32_t chacha_rotate(uint32_t x, uint32_t n) { return x << n | x >> (32 - n); }
RUSTG_HD inline void chacha_quarter(uint32_t* s, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  s[a] += s[b], s[d] = chacha_rotate(s[d] ^ s[a], 16);
  s[c] += s[d], s[b] = chacha_rotate(s[b] ^ s[c], 12);
  s[a] += s[b], s[d] = chacha_rotate(s[d] ^ s[a], 8);
  s[c] += s[d], s[b] = chacha_rotate(s[b] ^ s[c], 7);
}

// One block of 64 bytes, as 16 little-endian words.
RUSTG_HD inline void chacha20_block(const ChaChaKey& key, uint32_t counter, const uint32_t (&nonce)[3],
                                    uint32_t (&out)[16]) {
  uint32_t s[16] = {0x61707865,  0x3320646e,  0x79622d32,  0x6b206574,  key.word[0], key.word[1],
                    key.word[2], key.word[3], key.word[4], key.word[5], key.word[6], key.word[7],
                    counter,     nonce[0],    nonce[1],    nonce[2]};
  for (uint32_t i = 0; i < 16; i++) out[i] = s[i];
  for (uint32_t round = 0; round < 10; round++) {
    chacha_quarter(s, 0, 4, 8, 12), chacha_quarter(s, 1, 5, 9, 13);
    chacha_quarter(s, 2, 6, 10, 14), chacha_quarter(s, 3, 7, 11, 15);
    chacha_quarter(s, 0, 5, 10, 15), chacha_quarter(s, 1, 6, 11, 12);
    chacha_quarter(s, 2, 7, 8, 13), chacha_quarter(s, 3, 4, 9, 14);
  }
  for (uint32_t i = 0; i < 16; i++) out[i] += s[i];
}

}  // namespace rustg::runtime::cuda
