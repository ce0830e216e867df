// `rustg run`.
#pragma once
#include "driver/options.h"

namespace rustg::driver {

// Run the program to its end; the exit code for the process. Errors are already on stderr.
int run(const RunOptions& options);

}  // namespace rustg::driver
