// `rustg check`.
#pragma once
#include "driver/check_options.h"

namespace rustg::driver {

// Check all files; the exit code for the process: 1 if anything was wrong. Errors are on stderr then.
int check(const CheckOptions& options);

}  // namespace rustg::driver
