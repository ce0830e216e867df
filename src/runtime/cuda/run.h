// Running a program on a GPU: any number of instances of it, streaming what they print and how they end.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ir/program.h"
#include "runtime/host.h"
#include "runtime/wasi/strings.h"
#include "target/abi/instance.h"

namespace rustg::runtime::cuda {

// bytecode starts at once; ptx is faster once it has been compiled. automatic: docs/gpu.md says which when.
enum class Engine : uint8_t { automatic, bytecode, ptx };

struct RunOptions {
  const ir::Program* program = nullptr;  // best with its guards placed (ir/passes.h), as ptx code wants them
  std::vector<ir::FunctionId> init;      // called once, on the CPU; instances begin with the state this leaves
  std::vector<ir::FunctionId> entries;   // every instance calls these in order; no parameters
  uint32_t first = 0, instances = 1;     // instances first .. first + instances
  int device = 0;
  Engine engine = Engine::automatic;

  bool imprecise = false;        // nobody sees memory after a trap: checks may come early (ir::Options, ptx::Options)
  bool trust_alignment = false;  // the program's compiler has kept its promises about it: ptx makes smaller code

  uint64_t stack_bytes = 0;  // of frames; 0: as much as there is room for
  int64_t fuel = INT64_MAX;  // this and the next bind a program with fuel operations (ir::Options::fuel)
  uint64_t timeout_ns = 0;  // of an instance; 0: none
  uint64_t memory_limit = UINT64_MAX;

  std::span<const HostFunctionPtr> host_functions;  // one per ir::Program::host_functions; at most one result each
  // The host context of an instance; called on service threads, at the instance's first call that reaches the host.
  std::function<std::shared_ptr<void>(uint32_t instance)> make_context;
  // What args_get and environ_get give: answered on the GPU.
  wasi::Strings args, environment;
  bool print_on_device =
      true;  // stdout and stderr are streams that `output` takes; otherwise fd_write goes to the context
  bool closed_world = false;  // the contexts have no descriptor above 2: no directory, no socket

  // Both are called on one thread, in each instance's order: its output, then its end.
  std::function<void(uint32_t instance, uint32_t fd, std::span<const uint8_t> bytes)> output;
  std::function<void(uint32_t instance, const abi::Outcome& outcome)> ended;
};

struct RunSummary {
  Engine engine = Engine::bytecode;
  std::string device;
  uint32_t lanes = 0, lanes_per_warp = 0;  // how many instances ran at once, and how many of them in a warp
  uint64_t fit = 0;                        // instances that the memory could have held at once
  uint64_t memory_bytes = 0;               // of the device, taken
  uint64_t host_calls = 0;
  double compile_seconds = 0, setup_seconds = 0, run_seconds = 0;
};

// The run's own failures (no device, no memory for even one instance, a fault that took the device down) are the Error; how
// instances end is told by `ended`, for every one of them, also then.
Result<RunSummary> run(const RunOptions& options);

}  // namespace rustg::runtime::cuda
