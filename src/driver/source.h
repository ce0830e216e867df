// From a .rs file to a .wasm file, by the user's own rustc.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace rustg::driver {

// rustc ran and refused the program; it has already said why on stderr.
struct CompilerRefused {
  int exit_code;
};

// Compile `source` for wasm32-wasip1 into the cache ($XDG_CACHE_HOME or ~/.cache, rustg/rs) and return the module's path. The
// last result is taken again if the source, all that it includes, the flags and the compiler are as they were. rustc's stdout
// and stderr are rustg's own. The compiler: rustc where it has the target; else the one that a sysroot made by `./x sysroot`
// names, found in $RUSTG_SYSROOT or in the cache.
Result<std::variant<std::string, CompilerRefused>> compile_rust(const std::string& source,
                                                                const std::vector<std::string>& rustc_args);

}  // namespace rustg::driver
