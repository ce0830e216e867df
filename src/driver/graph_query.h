// `rustg graph order|cycles|path|why|rdeps`.
#pragma once
#include "driver/graph_options.h"

namespace rustg::driver {

int graph_order(const GraphOptions& options);
int graph_cycles(const GraphOptions& options);
// names[0] to names[1]. why: with what each step asks for.
int graph_path(const GraphOptions& options, bool why);
// Of names[0], NAME or NAME@REQ.
int graph_dependents(const GraphOptions& options);

}  // namespace rustg::driver
