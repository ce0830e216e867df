// Reading text in kernels. Byte buffers are padded: kBytePadding bytes behind their end can be read, whatever they hold.
#pragma once
#include <cstdint>
#include <cstring>

#include "base/hd.h"

namespace rustg::device {

constexpr uint32_t kBytePadding = 16;

// `length` bytes from `offset` on.
struct ByteSpan {
  uint32_t offset, length;
};

// Sixteen bytes in memory order, byte k being bits 8(k%4).. of word[k/4]. `p` is a multiple of 16.
struct alignas(16) Bytes16 {
  uint32_t word[4];
};
RUSTG_HD inline Bytes16 load_bytes16(const uint8_t* p) {
#if defined(__CUDA_ARCH__)
  uint4 v = *reinterpret_cast<const uint4*>(p);
  return {{v.x, v.y, v.z, v.w}};
#else
  Bytes16 bytes;
  std::memcpy(&bytes, p, 16);
  return bytes;
#endif
}

// What is at p will be read soon. GPUs have other threads to run meanwhile.
RUSTG_HD inline void prefetch([[maybe_unused]] const void* p) {
#if !defined(__CUDA_ARCH__)
  __builtin_prefetch(p);
#endif
}

// The eight bytes at p, whatever its alignment, the first one lowest.
RUSTG_HD inline uint64_t load_word(const uint8_t* p) {
#if defined(__CUDA_ARCH__)
  // Three aligned words cover them; the hardware has no unaligned loads.
  const uint32_t* aligned = reinterpret_cast<const uint32_t*>(reinterpret_cast<uintptr_t>(p) & ~uintptr_t(3));
  uint32_t shift = uint32_t(reinterpret_cast<uintptr_t>(p) & 3) * 8;
  uint32_t a = aligned[0], b = aligned[1], c = aligned[2];
  return uint64_t(__funnelshift_r(b, c, shift)) << 32 | __funnelshift_r(a, b, shift);
#else
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
#endif
}
// The first `count` of them, 1 to 8, the rest 0.
RUSTG_HD inline uint64_t load_word(const uint8_t* p, uint32_t count) {
  return load_word(p) & (~uint64_t(0) >> (64 - 8 * count));
}

RUSTG_HD inline bool equal_bytes(const uint8_t* a, const uint8_t* b, uint32_t length) {
  uint32_t i = 0;
  for (; length - i > 8; i += 8) {
    if (load_word(a + i) != load_word(b + i)) return false;
  }
  return length == i || load_word(a + i, length - i) == load_word(b + i, length - i);
}

// All bytes up to 1 KiB; of longer ones 128 words spread over them, so that no text keeps a lane busy for long.
RUSTG_HD inline uint64_t hash_bytes(const uint8_t* p, uint32_t length) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  constexpr uint32_t kWords = 128;
  uint64_t h = length * kMultiplier;
  uint32_t i = 0, step = length <= 8 * kWords ? 8 : length / kWords;
  for (; length - i > 8 && i < length; i += step) h = (h ^ load_word(p + i)) * kMultiplier, h ^= h >> 29;
  if (i < length) h = (h ^ load_word(p + i, length - i)) * kMultiplier;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93u;
  return h ^ h >> 32;
}

}  // namespace rustg::device
