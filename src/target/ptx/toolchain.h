// What there is on this machine to assemble PTX: ptxas and nvlink, or libnvJitLink.
#pragma once
#include <string>

#include "base/result.h"

namespace rustg::ptx {

struct Toolchain {
  std::string ptxas, nvlink;  // paths; empty: the library is to be used
  std::string jit_library;    // what to dlopen
  std::string version;        // says which exactly, for the cache
  uint32_t ptx_version = 80;  // PTX ISA × 10 to emit for it
};

// For ptxas. The constants of all functions that a kernel reaches, tables of branches among them, would have to fit in its one constant
// bank, and a large program's do not; without the bank code is 0.2 % larger.
constexpr const char* kNoConstantBank = "--disable-optimizer-constants";

// ptxas and nvlink from PATH, $CUDA_HOME/bin or /usr/local/cuda/bin, else the library. The error says what was looked for.
Result<Toolchain> find_toolchain();
// The library alone, for where it is wanted (and to measure it).
Result<Toolchain> find_jit_library();

}  // namespace rustg::ptx
