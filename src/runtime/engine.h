// Running one program on the CPU: an Instance is created, its init functions run, then functions are called in it. Used by
// `rustg run`, the spec-test runner, and to make the start image that instances on a GPU are cloned from.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ir/program.h"
#include "runtime/host.h"
#include "target/abi/instance.h"

namespace rustg::runtime {

// A program compiled for the CPU's bytecode engine; shared by all its instances, immutable while they run.
class Code;
// Compile all of `program` (on all cores); `program` must outlive the code. `with_fuel`: charge for loops and calls.
Result<std::shared_ptr<const Code>> compile(const ir::Program& program, bool with_fuel);

struct InstanceOptions {
  uint32_t index = 0;
  uint64_t stack_bytes = 8u << 20;      // of interpreter frames
  int64_t fuel = INT64_MAX;
  uint64_t timeout_ns = 0;              // 0: none. Needs code compiled with fuel
  uint64_t memory_limit = UINT64_MAX;   // bytes of linear memory at most; growing past it gives -1
  std::span<const HostFunctionPtr> host_functions = {};  // one per ir::Program::host_functions
  void* host_context = nullptr;
};

class Instance {
 public:
  static Result<std::unique_ptr<Instance>> create(std::shared_ptr<const Code> code, const InstanceOptions& options);
  ~Instance();
  Instance(const Instance&) = delete;

  // Call a function: args and results are value slots. After a trap the instance can be called again (spec tests do).
  abi::Outcome call(ir::FunctionId function, std::span<const uint64_t> args, std::span<uint64_t> results);
  // For a program that has grown (modules linked in after this instance began): adopt its new code and new entities.
  Status extend(std::shared_ptr<const Code> code, std::span<const HostFunctionPtr> host_functions);

  abi::Instance& state();

  struct Impl;

 private:
  explicit Instance(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rustg::runtime
