// `rustg parse`.
#pragma once
#include "driver/check_options.h"

namespace rustg::driver {

// Print the tokens or the tree of a file on stdout, and its errors on stderr; the exit code for the process.
int parse(const ParseOptions& options);

}  // namespace rustg::driver
