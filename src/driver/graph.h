// `rustg graph`: a registry's crates and what they need of each other.
#pragma once
#include "driver/graph_options.h"

namespace rustg::driver {

int graph(const GraphOptions& options);

}  // namespace rustg::driver
