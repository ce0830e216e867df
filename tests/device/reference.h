// What the tests of the device layer share: sizes, random inputs, and the functors' arithmetic.
#pragma once
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "base/hd.h"
#include "device/types.h"

namespace rustg::device {

// None, one, around the edges of warps, blocks and tiles of both devices, and many.
inline std::vector<uint32_t> test_sizes() {
  std::vector<uint32_t> sizes = {0,    1,    2,    31,    32,    33,    255,   256,       257,      4095,
                                 4096, 4097, 8191, 16383, 16384, 16385, 65537, 1'000'003, 3'145'728};
  std::mt19937 random(7);
  for (int i = 0; i < 6; ++i) sizes.push_back(random() % 300'000);
  return sizes;
}

inline std::vector<uint32_t> random_words(size_t count, uint32_t below, uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::vector<uint32_t> words(count);
  for (uint32_t& word : words) word = below == 0 ? random() : random() % below;
  return words;
}

// x -> a * x + b modulo 2^32: composition is associative and does not commute.
struct Affine {
  uint32_t a, b;
  bool operator==(const Affine&) const = default;
};
struct Compose {  // first x, then y
  RUSTG_HD Affine operator()(const Affine& x, const Affine& y) const { return {x.a * y.a, x.b * y.a + y.b}; }
};

// What an automaton of seven states does to each of them: a monoid too large to travel in one word.
struct Moves {
  uint32_t to[7];
  bool operator==(const Moves&) const = default;
};
struct Follow {
  RUSTG_HD Moves operator()(const Moves& x, const Moves& y) const {
    Moves both;
    for (int s = 0; s < 7; ++s) both.to[s] = y.to[x.to[s]];
    return both;
  }
};
RUSTG_HD inline Moves moves_of(uint32_t word) {
  Moves moves;
  for (uint32_t s = 0; s < 7; ++s) moves.to[s] = (s * (word % 6 + 1) + word / 6) % 7;
  return moves;
}
RUSTG_HD inline Moves no_moves() { return {{0, 1, 2, 3, 4, 5, 6}}; }

}  // namespace rustg::device
