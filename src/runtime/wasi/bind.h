// From the name of an import to the function that serves it.
#pragma once
#include <optional>
#include <string_view>

#include "runtime/host.h"
#include "runtime/wasi/roles.h"

namespace rustg::runtime::wasi {

struct Binding {
  Function function;
  HostFunctionPtr call;     // its context is a wasi::Context*
  std::string_view params;  // core wasm types: 'i' is i32, 'l' is i64
  std::string_view result;  // "i", or nothing
};

// None if there is no such function. Modules: wasi_snapshot_preview1; wasi_unstable, its predecessor, for the functions that were the same there.
std::optional<Binding> find(std::string_view module, std::string_view name);

}  // namespace rustg::runtime::wasi
