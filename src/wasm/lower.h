// wasm → ir: one module's functions, memories, tables, globals and segments appended to a program.
#pragma once
#include <string>
#include <vector>

#include "ir/program.h"
#include "wasm/module.h"

namespace rustg::wasm {

// What each import of a module is bound to, program-wide; in the order of the module's index spaces.
struct Imports {
  std::vector<ir::FunctionId> functions;
  std::vector<ir::TableId> tables;
  std::vector<ir::MemoryId> memories;
  std::vector<ir::GlobalId> globals;
};

// Where a module's entities are in the program: its index space (imports first) → program-wide ids.
struct Linked {
  std::vector<ir::FunctionId> functions;
  std::vector<ir::TableId> tables;
  std::vector<ir::MemoryId> memories;
  std::vector<ir::GlobalId> globals;
  // Run once, before anything else, for every instance: globals, active segments in order, then the start function. It traps
  // where instantiation must fail. None if there is nothing to do.
  ir::FunctionId init;
};

// Append `module` (which has passed `validate`) to `program`. The imports' types must already agree (see link.h).
// Bodies are lowered on all cores.
Result<Linked> lower(const Module& module, const Imports& imports, ir::Program& program);

}  // namespace rustg::wasm
