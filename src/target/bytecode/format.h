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

}  // namespace rustg::bytecode
