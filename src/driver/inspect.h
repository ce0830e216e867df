// `rustg inspect`.
#pragma once
#include "driver/options.h"

namespace rustg::driver {

// What rustg makes of a file, on stdout; the exit code.
int inspect(const InspectOptions& options);

}  // namespace rustg::driver
