// What the spec tests ask of an engine; see runner.h. One object is one instance of one program that grows: modules are
// linked in one after the other and keep their state.
#pragma once
#include <functional>
#include <memory>
#include <span>

#include "base/result.h"
#include "ir/program.h"
#include "runtime/host.h"
#include "target/abi/instance.h"

namespace rustg::spec {

class SpecEngine {
 public:
  virtual ~SpecEngine() = default;
  // `program` is all there is by now; what was there before has the numbers and the state it had. `host_functions`: one per
  // ir::Program::host_functions. The program outlives the engine, and stays as it is until the next `extend`.
  virtual Status extend(const ir::Program& program, std::span<const runtime::HostFunctionPtr> host_functions) = 0;
  // Arguments and results as value slots of target/abi/instance.h. After a trap the instance goes on.
  virtual abi::Outcome call(ir::FunctionId function, std::span<const uint64_t> args, std::span<uint64_t> results) = 0;
  virtual uint64_t global(ir::GlobalId global) = 0;  // its slot
  virtual uint64_t table_size(ir::TableId table) = 0;
  virtual uint64_t memory_pages(ir::MemoryId memory) = 0;
};
using SpecEngineFactory = std::function<std::unique_ptr<SpecEngine>()>;

// The CPU's bytecode engine.
std::unique_ptr<SpecEngine> make_cpu_engine();

}  // namespace rustg::spec
