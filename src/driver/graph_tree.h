// `rustg graph tree`: what a workspace's packages, or a crate of a snapshot, depend on, as `cargo tree` shows it.
#pragma once
#include "driver/graph_options.h"

namespace rustg::driver {

int graph_tree(const GraphOptions& options);

}  // namespace rustg::driver
