// Finding a Rust compiler that can make wasm32-wasip1 programs, and running it.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace rustg::driver {

constexpr const char* kRustTarget = "wasm32-wasip1";

struct Compiler {
  std::string rustc;
  std::vector<std::string> args;  // that it needs to find the target's standard library
};

// $RUSTC or rustc where it has the target; else the compiler that a sysroot made by `./x sysroot` names, found in
// $RUSTG_SYSROOT or in the cache. Runs rustc to ask.
Result<Compiler> find_compiler();

// What tells this compiler from another one or a newer one, without running it: that would cost 30 ms and more.
std::string identity(const Compiler& compiler);

// Run a command (found in PATH) to its end: its exit code, 128 + the signal if it was killed. With `output` its stdout goes
// there and its stderr nowhere, else both are rustg's own.
Result<int> spawn(const std::vector<std::string>& command, std::string* output = nullptr);

std::string environment_variable(const char* name);  // empty if not set
std::optional<std::string> read_file(const std::filesystem::path& path);
std::filesystem::path cache_folder();  // $XDG_CACHE_HOME/rustg or ~/.cache/rustg

}  // namespace rustg::driver
