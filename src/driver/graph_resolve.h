// `rustg graph resolve`: a workspace's Cargo.lock, or every crate of a registry.
#pragma once
#include "driver/graph_options.h"

namespace rustg::driver {

int graph_resolve(const GraphOptions& options);

}  // namespace rustg::driver
