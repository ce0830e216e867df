// `rustg graph draw`.
#pragma once
#include "driver/graph_options.h"

namespace rustg::driver {

int graph_draw(const GraphOptions& options);

}  // namespace rustg::driver
