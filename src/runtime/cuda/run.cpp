#include "runtime/cuda/run.h"

#include <algorithm>
#include <cstring>
#include <future>

#include "base/clock.h"
#include "runtime/cuda/machine.h"
#include "runtime/engine.h"

namespace rustg::runtime::cuda {
namespace {

// Run the init functions on the CPU. If one traps there is no image, and the outcome is every instance's.
struct Started {
  Image image;
  abi::Outcome outcome = {};
};
Result<Started> start_on_cpu(const RunOptions& options) {
  Started started;
  // Without init functions an instance is still made: it lays out the program's initial state.
  RUSTG_LET(code, compile(*options.program, false));
  std::shared_ptr<void> context = options.make_context(options.first);
  InstanceOptions instance_options;
  instance_options.index = options.first;
  instance_options.host_functions = options.host_functions;
  instance_options.host_context = context.get();
  instance_options.memory_limit = options.memory_limit;
  RUSTG_LET(instance, Instance::create(code, instance_options));
  for (ir::FunctionId f : options.init) {
    started.outcome = instance->call(f, {}, {});
    if (started.outcome.trap != 0) return started;
  }
  started.image = make_image(*options.program, instance->state());
  return started;
}

// Which instances have been told to have ended, so that a failed launch can tell the rest.
class Ends {
 public:
  explicit Ends(const RunOptions& options) : options_(options), seen_(options.instances) {}

  void take(uint32_t instance, uint32_t kind, std::span<const uint8_t> bytes) {
    if (kind != kEnded) return options_.output(instance, kind, bytes);
    abi::Outcome outcome = {};
    std::memcpy(&outcome, bytes.data(), std::min(bytes.size(), sizeof outcome));
    tell(instance, outcome);
  }
  void tell_rest(const abi::Outcome& outcome) {
    for (uint32_t i = 0; i < options_.instances; i++) {
      if (!seen_[i]) tell(options_.first + i, outcome);
    }
  }

 private:
  void tell(uint32_t instance, const abi::Outcome& outcome) {
    seen_[instance - options_.first] = true;
    options_.ended(instance, outcome);
  }
  const RunOptions& options_;
  std::vector<bool> seen_;
};

constexpr uint32_t kManyInstances = 256, kFewInstances = 4096;

// docs/gpu.md, "Which engine".
Result<LoadedEngine> load(const RunOptions& options, const Context& context) {
  EngineOptions engine_options{.program = options.program,
                               .entries = options.entries,
                               .few_instances = options.instances <= kFewInstances,
                               .stack_bytes = options.stack_bytes,
                               .trust_alignment = options.trust_alignment,
                               .imprecise = options.imprecise};
  if (options.engine != Engine::automatic) return load_engine(context, engine_options, options.engine, nullptr);
  engine_options.cached_only = options.instances < kManyInstances;
  auto ptx = load_engine(context, engine_options, Engine::ptx, nullptr);
  return ptx ? std::move(ptx) : load_engine(context, engine_options, Engine::bytecode, nullptr);
}

Result<RunSummary> run_started(const RunOptions& options, const Context& context, const Image& image, Ends& ends) {
  RunSummary summary;
  double begin = base::now();
  RUSTG_LET(loaded, load(options, context));
  summary.engine = loaded.engine;
  summary.compile_seconds = base::now() - begin;

  begin = base::now();
  MachineOptions machine_options{.run = &options,
                                 .image = &image,
                                 .on_record = [&](uint32_t instance, uint32_t kind, std::span<const uint8_t> bytes) {
                                   ends.take(instance, kind, bytes);
                                 }};
  RUSTG_LET(machine, Machine::create(context, std::move(loaded), machine_options));
  summary.lanes = machine->plan().lanes;
  summary.lanes_per_warp = machine->plan().lanes_per_warp;
  summary.fit = machine->plan().fit;
  summary.memory_bytes = machine->memory_bytes();
  summary.setup_seconds = base::now() - begin;

  begin = base::now();
  RUSTG_TRY(machine->run_all());
  summary.run_seconds = base::now() - begin;
  summary.host_calls = machine->host_calls();
  return summary;
}

}  // namespace

Result<RunSummary> run(const RunOptions& options) {
  Ends ends(options);
  abi::Outcome failed = {};
  failed.trap = static_cast<uint32_t>(ir::Trap::host);
  auto starting = std::async(std::launch::async, [&] { return start_on_cpu(options); });
  auto context = Context::create(options.device);
  auto started = starting.get();
  if (!started || !context) {
    ends.tell_rest(failed);
    return started ? context.error() : started.error();
  }
  if (started->outcome.trap != 0) {
    ends.tell_rest(started->outcome);
    return RunSummary{};
  }
  auto summary = run_started(options, *context, started->image, ends);
  if (!summary) ends.tell_rest(failed);
  return summary;
}

}  // namespace rustg::runtime::cuda
