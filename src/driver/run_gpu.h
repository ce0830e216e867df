// A loaded program on the GPU.
#pragma once
#include "base/result.h"
#include "driver/load.h"
#include "driver/options.h"
#include "runtime/wasi/context.h"

namespace rustg::driver {

// Any number of instances; options.instances unset is one, with rustg's own stdin, stdout and stderr. 0 if all ended with 0, else
// the first other exit code by index. Traps have been reported.
Result<int> run_on_gpu(Loaded& loaded, const RunOptions& options, runtime::wasi::Options host);

}  // namespace rustg::driver
