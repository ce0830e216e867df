// One instance on the GPU that is called again and again and keeps its state, of a program that may grow between calls: what the
// specification's tests need. Each call is a launch.
#pragma once
#include <memory>
#include <span>

#include "base/result.h"
#include "ir/program.h"
#include "runtime/cuda/run.h"
#include "target/abi/instance.h"

namespace rustg::runtime::cuda {

class Session {
 public:
  static Result<std::unique_ptr<Session>> create(int device, Engine engine);
  ~Session();
  Session(const Session&) = delete;

  // `program` is all there is by now; what was there before keeps its state. It must outlive the session, unchanged until the
  // next `extend`.
  Status extend(const ir::Program& program, std::span<const HostFunctionPtr> host_functions);
  // Forget the program and its state. The context, the interpreter and the memory stay, which are most of what a session costs.
  void restart();
  // Arguments and results as value slots. The instance goes on after a trap. An error: the device failed.
  Result<abi::Outcome> call(ir::FunctionId function, std::span<const uint64_t> args, std::span<uint64_t> results);
  // What calls have left behind.
  Result<uint64_t> global(ir::GlobalId global);
  Result<uint64_t> table_size(ir::TableId table);
  Result<uint64_t> memory_pages(ir::MemoryId memory);

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rustg::runtime::cuda
