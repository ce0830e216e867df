// What $RUSTC (or rustc) says about itself and about targets.
#pragma once
#include <string>

#include "base/result.h"
#include "graph/platform.h"

namespace rustg::driver {

struct RustToolchain {
  std::string rustc, version, host;  // 1.96.0; x86_64-unknown-linux-gnu
};
Result<RustToolchain> find_toolchain();

// With what $RUSTFLAGS adds.
Result<graph::Platform> describe_host(const RustToolchain& toolchain);
Result<graph::Platform> describe_target(const RustToolchain& toolchain, const std::string& target);

}  // namespace rustg::driver
