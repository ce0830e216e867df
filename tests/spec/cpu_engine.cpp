#include "runtime/engine.h"
#include "spec/engine.h"

namespace rustg::spec {

namespace {

class CpuEngine final : public SpecEngine {
 public:
  Status extend(const ir::Program& program, std::span<const runtime::HostFunctionPtr> host_functions) override {
    RUSTG_LET(code, runtime::compile(program, false));
    if (instance_) return instance_->extend(code, host_functions);
    RUSTG_LET(instance, runtime::Instance::create(code, {.host_functions = host_functions}));
    instance_ = std::move(instance);
    return ok();
  }
  abi::Outcome call(ir::FunctionId function, std::span<const uint64_t> args, std::span<uint64_t> results) override {
    return instance_->call(function, args, results);
  }
  uint64_t global(ir::GlobalId global) override { return instance_->state().globals[global.value]; }
  uint64_t table_size(ir::TableId table) override { return instance_->state().tables[table.value].size; }
  uint64_t memory_pages(ir::MemoryId memory) override {
    return instance_->state().memory(memory.value).size / ir::kPageSize;
  }

 private:
  std::unique_ptr<runtime::Instance> instance_;
};

}  // namespace

std::unique_ptr<SpecEngine> make_cpu_engine() { return std::make_unique<CpuEngine>(); }

}  // namespace rustg::spec
