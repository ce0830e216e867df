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

// hash_bytes() of bytes that come one after the other.
class ByteHash {
 public:
  RUSTG_HD explicit ByteHash(uint32_t length) : h_(length * kMultiplier), length_(length), step_(step(length)) {}
  RUSTG_HD void add(uint8_t byte) {
    if (at_++ < next_) return;
    word_ |= uint64_t(byte) << 8 * (at_ - 1 - next_);
    const bool last = length_ - next_ <= 8;
    if (at_ != (last ? length_ : next_ + 8)) return;
    h_ = (h_ ^ word_) * kMultiplier;
    if (!last) h_ ^= h_ >> 29;
    word_ = 0;
    next_ += last ? 8 : step_;
  }
  RUSTG_HD uint64_t get() const { return finish(h_); }

  static constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  // Bytes from one word to the next: all bytes up to 1 KiB; of longer texts 128 words spread over them, so that none keeps a lane busy for long.
  RUSTG_HD static constexpr uint32_t step(uint32_t length) { return length <= 8 * kWords ? 8 : length / kWords; }
  RUSTG_HD static constexpr uint64_t finish(uint64_t h) {
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
  }

 private:
  static constexpr uint32_t kWords = 128;
  uint64_t h_, word_ = 0;
  uint32_t length_, step_, at_ = 0, next_ = 0;
};

RUSTG_HD inline uint64_t hash_bytes(const uint8_t* p, uint32_t length) {
  constexpr uint64_t kMultiplier = ByteHash::kMultiplier;
  uint64_t h = length * kMultiplier;
  uint32_t i = 0, step = ByteHash::step(length);
  for (; length - i > 8 && i < length; i += step) h = (h ^ load_word(p + i)) * kMultiplier, h ^= h >> 29;
  if (i < length) h = (h ^ load_word(p + i, length - i)) * kMultiplier;
  return ByteHash::finish(h);
}

// How texts are told apart, where nothing else is said: equal ones hash to the same.
struct AsBytes {
  RUSTG_HD static uint64_t hash(const uint8_t* p, uint32_t length) { return hash_bytes(p, length); }
  RUSTG_HD static bool equal(const uint8_t* p, uint32_t length, const uint8_t* q, uint32_t other_length) {
    return length == other_length && equal_bytes(p, q, length);
  }
};

}  // namespace rustg::device
