// The specification's modules damaged in every way a file can be: cut short, bits flipped, bytes replaced. Deterministic. No crash, no
// endless loop, and every error within the file; a sanitizer build sees the rest. Without those modules, a small one of our own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "wasm/module.h"
#include "wasm/spec_corpus.h"

namespace rustg::wasm {
namespace {

// (module (memory 1 2) (table 2 funcref) (global (mut i32) (i32.const 7)) (elem (i32.const 0) 0) (data (i32.const 1) "ab")
//   (func (export "f") (param i32) (result i32) (block (br_if 0 (local.get 0)) (br_table 0 0 (i32.const 1)))
//     (i32.add (i32.load offset=4 (local.get 0)) (global.get 0))))
constexpr uint8_t kSmall[] = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x06, 0x01, 0x60, 0x01, 0x7f, 0x01, 0x7f, 0x03, 0x02, 0x01,
    0x00, 0x04, 0x04, 0x01, 0x70, 0x00, 0x02, 0x05, 0x04, 0x01, 0x01, 0x01, 0x02, 0x06, 0x06, 0x01, 0x7f, 0x01, 0x41,
    0x07, 0x0b, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, 0x09, 0x07, 0x01, 0x00, 0x41, 0x00, 0x0b, 0x01, 0x00, 0x0a,
    0x19, 0x01, 0x17, 0x00, 0x02, 0x40, 0x20, 0x00, 0x0d, 0x00, 0x41, 0x01, 0x0e, 0x01, 0x00, 0x00, 0x0b, 0x20, 0x00,
    0x28, 0x02, 0x04, 0x23, 0x00, 0x6a, 0x0b, 0x0b, 0x08, 0x01, 0x00, 0x41, 0x01, 0x0b, 0x02, 0x61, 0x62};

struct Outcome {
  size_t valid = 0, invalid = 0, malformed = 0;
};

void try_one(std::span<const uint8_t> bytes, Outcome& outcome) {
  const auto module = decode(bytes);
  const Status status = module ? validate(*module) : Status(module.error());
  if (status) {
    ++outcome.valid;
    return;
  }
  ++(module ? outcome.invalid : outcome.malformed);
  ASSERT_FALSE(status.error().message.empty());
  ASSERT_LE(status.error().offset.value_or(0), bytes.size()) << status.error().message;
}

TEST(Mutation, DamagedModulesAreRefusedOrHarmless) {
  std::vector<std::vector<uint8_t>> seeds = {{std::begin(kSmall), std::end(kSmall)}};
  ASSERT_TRUE(decode(seeds[0])) << decode(seeds[0]).error().message;
  ASSERT_TRUE(validate(*decode(seeds[0]))) << validate(*decode(seeds[0])).error().message;
  std::string reason;
  for (const auto& file : testing::spec_corpus(reason))
    for (const auto& command : file.commands)
      if (command.type == "module" && !file.name.starts_with("simd_") && command.bytes.size() < 4000)
        seeds.push_back(command.bytes);
  Outcome outcome;
  // Every prefix and every single bit of our own module.
  for (size_t size = 0; size < seeds[0].size(); ++size) try_one(std::span(seeds[0]).first(size), outcome);
  EXPECT_LE(outcome.valid, 8u) << "a module is whole only where a section ends";
  for (size_t bit = 0; bit < seeds[0].size() * 8; ++bit) {
    auto bytes = seeds[0];
    bytes[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
    try_one(bytes, outcome);
  }
  // Several damages at once of all of them, for about three seconds: the sequence is the same every time, its length is not.
  std::mt19937 random(20221109);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  while (std::chrono::steady_clock::now() < until) {
    for (int i = 0; i < 200; ++i) {
      auto bytes = seeds[random() % seeds.size()];
      for (uint32_t damages = 1 + random() % 4; damages > 0 && !bytes.empty(); --damages) {
        const size_t at = random() % bytes.size();
        switch (random() % 6) {
          case 0: bytes.resize(at); break;
          case 1: bytes[at] ^= static_cast<uint8_t>(1u << random() % 8); break;
          case 2: bytes[at] = static_cast<uint8_t>(random()); break;
          case 3: bytes[at] = 0xff; break;
          case 4: bytes.erase(bytes.begin() + static_cast<ptrdiff_t>(at)); break;
          case 5: bytes.insert(bytes.begin() + static_cast<ptrdiff_t>(at), bytes[random() % bytes.size()]); break;
        }
      }
      try_one(bytes, outcome);
    }
  }
  fmt::print("{} seeds: {} valid, {} invalid, {} malformed\n", seeds.size(), outcome.valid, outcome.invalid,
             outcome.malformed);
  EXPECT_GT(outcome.malformed, 100u);
  EXPECT_GT(outcome.invalid, 20u);
}

}  // namespace
}  // namespace rustg::wasm
