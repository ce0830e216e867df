// An engine made ready on a device: its module loaded, and for bytecode the program's code in device memory.
#pragma once
#include <memory>
#include <span>

#include "ir/program.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/run.h"

namespace rustg::runtime::cuda {

struct LoadedEngine {
  Engine engine = Engine::bytecode;
  std::shared_ptr<Module> module;
  CUfunction run = nullptr, begin = nullptr, clock = nullptr;
  uint32_t blocks_per_multiprocessor = 0;  // that can be resident
  DeviceBuffer code;                       // bytecode: bytecode::Tables and its arrays
  uint64_t code_offset = 0;                // of the Tables
  uint32_t depth_limit = 0xffffffff;
};

struct EngineOptions {
  const ir::Program* program;
  std::span<const ir::FunctionId> entries;  // all that will be called
  bool few_instances = false;    // their memories leave room for larger stacks
  uint64_t stack_bytes = 0;      // ptx: of a thread; 0: choose
  uint32_t calls = 0;            // ptx: choose so that this many calls can nest; 0: so that it is ample
  bool trust_alignment = false;  // ptx::Options
  bool imprecise = false;        // ptx::Options
  bool cached_only = false;      // ptx: fail rather than compile
};

// Compile and load. `interpreter`: the module that an earlier bytecode engine of this context loaded, or null.
Result<LoadedEngine> load_engine(const Context& context, const EngineOptions& options, Engine engine,
                                 const std::shared_ptr<Module>& interpreter);

}  // namespace rustg::runtime::cuda
