// What the `fields` strings of opcodes.def say, as tables.
#pragma once
#include <cstdint>

#include "target/bytecode/bytecode.h"

namespace rustg::bytecode {

struct Format {
  const char* name;
  const char* fields;
  uint8_t words;
  uint8_t reads;  // bit k: half k+1 is a slot read
  uint8_t dest;   // the half that is a slot written, or 0
};

constexpr Format make_format(const char* name, const char* fields) {
  Format f{name, fields, 1, 0, 0};
  uint32_t n = 0;
  for (; fields[n]; ++n) {
    if (fields[n] == 's') f.reads = static_cast<uint8_t>(f.reads | 1u << n);
    if (fields[n] == 'd') f.dest = static_cast<uint8_t>(n + 1);
  }
  f.words = static_cast<uint8_t>(n / 4 + 1);
  return f;
}

inline constexpr Format kFormats[] = {
#define RUSTG_BYTECODE_OP(name, fields) make_format(#name, fields),
#include "target/bytecode/opcodes.def"
#undef RUSTG_BYTECODE_OP
};

constexpr const Format& format(Op op) { return kFormats[static_cast<uint16_t>(op)]; }

// Of the instruction whose first word is at `pc`.
constexpr const Format& format_at(const uint64_t* pc) { return kFormats[static_cast<uint16_t>(*pc)]; }

// The first half of the instruction at `next` that reads the slot written by the one at `pc`, right before it, or 0. Of several
// moves at once only the first read counts, and none of their writes.
constexpr uint32_t taken_over(const uint64_t* pc, const uint64_t* next) {
  const auto half = [](const uint64_t* words, uint32_t k) {
    return static_cast<uint16_t>(words[k / 4] >> 16 * (k & 3));
  };
  const Format& maker = format_at(pc);
  if (maker.fields[0] != 'd' || maker.dest != 1) return 0;
  const uint32_t last = format_at(next).dest > 1 ? 2 : 7;
  for (uint32_t k = 1; k <= last; ++k)
    if ((format_at(next).reads >> (k - 1) & 1) != 0 && half(next, k) == half(pc, 1)) return k;
  return 0;
}

}  // namespace rustg::bytecode
