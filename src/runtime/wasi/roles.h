// The functions of wasi_snapshot_preview1 and the roles of their parameters, as functions.def lists them. Usable on both devices.
#pragma once
#include <cstdint>

#include "runtime/host.h"
#include "runtime/wasi/types.h"
#include "target/abi/instance.h"

namespace rustg::runtime::wasi {

enum class Function : uint8_t {
#define RUSTG_WASI(name, roles, result) name,
#include "runtime/wasi/functions.def"
#undef RUSTG_WASI
};
constexpr uint32_t kFunctionCount = 0
#define RUSTG_WASI(name, roles, result) +1
#include "runtime/wasi/functions.def"
#undef RUSTG_WASI
    ;

constexpr uint32_t kMaxParams = 9;

// Seven bits a letter, the first parameter lowest: nine of them fit one word, which device code can hold without a table in memory.
RUSTG_HD constexpr uint64_t pack_roles(const char* letters) {
  uint64_t word = 0;
  for (uint32_t i = 0; letters[i]; ++i) word |= uint64_t(letters[i]) << (7 * i);
  return word;
}

template <uint64_t roles>
struct RolesConstant {
  static constexpr uint64_t value = roles;
};

RUSTG_HD constexpr uint64_t roles_of(Function function) {
  switch (function) {
#define RUSTG_WASI(name, roles, result) \
  case Function::name:                  \
    return RolesConstant<pack_roles(roles)>::value;
#include "runtime/wasi/functions.def"
#undef RUSTG_WASI
  }
  return 0;
}

// The letter of parameter `i`, 0 behind the last one.
RUSTG_HD constexpr char role_at(uint64_t roles, uint32_t i) {
  return i < kMaxParams ? char((roles >> (7 * i)) & 127) : 0;
}

// Bytes the host writes for a parameter of fixed size; 0 for the others.
RUSTG_HD constexpr uint32_t fixed_size(char role) {
  switch (role) {
    case '2': return 2;
    case '4': return 4;
    case '8':
    case 'P': return 8;
    case 'F': return 24;
    case 'S': return 64;
  }
  return 0;
}

// Are `length` bytes at `address` inside the memory? Both are 32-bit, so that their sum cannot overflow.
RUSTG_HD inline bool contains(GuestMemory memory, uint32_t address, uint64_t length) {
  return address + length <= memory.size;
}

// iovecs looked at in one call; more are legal, and give a short read or write.
constexpr uint32_t kMaxIovecs = 1024;

}  // namespace rustg::runtime::wasi
