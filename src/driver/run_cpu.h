// A loaded program on the CPU, by the bytecode engine.
#pragma once
#include "base/result.h"
#include "driver/load.h"
#include "driver/options.h"
#include "runtime/wasi/context.h"

namespace rustg::driver {

// One instance, with rustg's own stdin, stdout and stderr: its exit code. A trap has been reported.
Result<int> run_one_on_cpu(Loaded& loaded, const RunOptions& options, const runtime::wasi::Options& host);

// options.instances of them over a pool of threads: 0 if all ended with 0, else the first other exit code by index.
Result<int> run_many_on_cpu(Loaded& loaded, const RunOptions& options, runtime::wasi::Options host);

}  // namespace rustg::driver
