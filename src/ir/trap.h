// Why a running instance ended; see trap.def.
#pragma once
#include <cstdint>
#include <string_view>

namespace rustg::ir {

enum class Trap : uint32_t {
#define RUSTG_TRAP(name, message) name,
#include "ir/trap.def"
#undef RUSTG_TRAP
};

// The message a user sees after "error: ".
constexpr std::string_view message(Trap trap) {
  switch (trap) {
#define RUSTG_TRAP(name, message) \
  case Trap::name:                \
    return message;
#include "ir/trap.def"
#undef RUSTG_TRAP
  }
  return "unknown trap";
}

}  // namespace rustg::ir
