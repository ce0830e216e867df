// `rustg graph impact`: what one version more or less changes through a registry.
#pragma once
#include "driver/graph_options.h"

namespace rustg::driver {

int graph_impact(const GraphOptions& options);

}  // namespace rustg::driver
