// The specification's tests on the first GPU; for one thread, and one of the engines in a process.
#pragma once
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "runtime/cuda/session.h"
#include "spec/engine.h"

namespace rustg::spec {

class GpuEngine final : public SpecEngine {
 public:
  explicit GpuEngine(runtime::cuda::Engine engine) : engine_(engine) {}
  ~GpuEngine() override {
    if (session_) idle_.push_back(std::move(session_));
  }

  Status extend(const ir::Program& program, std::span<const runtime::HostFunctionPtr> host_functions) override {
    if (!session_ && !idle_.empty()) {
      session_ = std::move(idle_.back());
      idle_.pop_back();
      session_->restart();
    } else if (!session_) {
      RUSTG_LET(session, runtime::cuda::Session::create(0, engine_));
      session_ = std::move(session);
    }
    return session_->extend(program, host_functions);
  }
  abi::Outcome call(ir::FunctionId function, std::span<const uint64_t> args, std::span<uint64_t> results) override {
    return checked(session_->call(function, args, results));
  }
  uint64_t global(ir::GlobalId global) override { return checked(session_->global(global)); }
  uint64_t table_size(ir::TableId table) override { return checked(session_->table_size(table)); }
  uint64_t memory_pages(ir::MemoryId memory) override { return checked(session_->memory_pages(memory)); }

 private:
  // A device that has failed cannot go on: this file ends here, and says why.
  template <class T>
  static T checked(Result<T> result) {
    if (result) return *result;
    fmt::print("    the device failed: {}\n", result.error().message);
    std::fflush(stdout);
    _exit(3);
  }
  runtime::cuda::Engine engine_;
  std::unique_ptr<runtime::cuda::Session> session_;
  // Sessions that modules have left, for the modules after them: making a context costs more than most modules. Never destroyed: at a
  // process's end the driver may be gone before.
  using Sessions = std::vector<std::unique_ptr<runtime::cuda::Session>>;
  static inline Sessions& idle_ = *new Sessions;
};

}  // namespace rustg::spec
