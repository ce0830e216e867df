#include "driver/run_gpu.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "driver/instances.h"
#include "driver/report.h"
#include "ir/passes.h"
#include "runtime/cuda/run.h"

namespace rustg::driver {
namespace {

using runtime::wasi::Context;
using runtime::wasi::Shared;

runtime::cuda::Engine engine_of(EngineChoice choice) {
  switch (choice) {
    case EngineChoice::automatic: return runtime::cuda::Engine::automatic;
    case EngineChoice::bytecode: return runtime::cuda::Engine::bytecode;
    case EngineChoice::ptx: return runtime::cuda::Engine::ptx;
  }
  return runtime::cuda::Engine::automatic;
}

void write_all(int fd, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    bytes = bytes.subspan(n);
  }
}

}  // namespace

Result<int> run_on_gpu(Loaded& loaded, const RunOptions& options, runtime::wasi::Options host) {
  bool many = options.instances.has_value();
  std::unique_ptr<Outputs> outputs;
  if (many) {
    RUSTG_LET(made, Outputs::create({*options.instances, options.ordered, options.output_dir}));
    outputs = std::move(made);
  }
  // What reaches the host's contexts in spite of the device's own path for it.
  std::optional<InstanceStream> out, err;
  if (many) {
    host.output = &out.emplace(*outputs, Stream::out);
    host.error = &err.emplace(*outputs, Stream::err);
    host.numbered = true;
  }
  RUSTG_LET(shared, Shared::create(host));
  ir::optimize(loaded.program, {.guards = true, .fuel = options.fuel || options.timeout_ns});

  runtime::cuda::RunOptions run;
  run.program = &loaded.program;
  if (loaded.init.is_some()) run.init = {loaded.init};
  run.entries = {loaded.start};
  run.instances = options.instances.value_or(1);
  run.engine = engine_of(options.engine);
  run.imprecise = true;  // as the program was optimised: nobody sees memory after a trap
  if (options.stack_bytes) run.stack_bytes = *options.stack_bytes;
  if (options.fuel) run.fuel = *options.fuel;
  run.timeout_ns = options.timeout_ns;
  run.host_functions = loaded.host_functions;
  run.make_context = [shared](uint32_t instance) { return std::make_shared<Context>(shared, instance); };
  Context first(shared);
  run.args = first.args();
  run.environment = first.environment();
  run.closed_world = host.preopens.empty() && host.sockets.empty();

  int exit_code = 0;
  std::optional<Endings> endings;
  if (many) {
    endings.emplace(loaded.program, *outputs, !options.output_dir.empty());
    run.output = [&](uint32_t instance, uint32_t fd, std::span<const uint8_t> bytes) {
      outputs->write(instance, fd == 2 ? Stream::err : Stream::out,
                     {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    };
    run.ended = [&](uint32_t instance, const abi::Outcome& outcome) { endings->add(instance, outcome); };
  } else {
    run.output = [](uint32_t, uint32_t fd, std::span<const uint8_t> bytes) { write_all(fd == 2 ? 2 : 1, bytes); };
    run.ended = [&](uint32_t, const abi::Outcome& outcome) {
      exit_code = exit_code_of(outcome);
      if (is_trap(outcome)) std::fputs(describe_trap(loaded.program, outcome).c_str(), stderr);
    };
  }
  RUSTG_LET(summary, runtime::cuda::run(run));
  outputs.reset();
  if (options.stats)
    report_stats({summary.engine == runtime::cuda::Engine::ptx ? "gpu, ptx" : "gpu, bytecode", run.instances,
                  summary.lanes, summary.lanes_per_warp, summary.compile_seconds, summary.setup_seconds,
                  summary.run_seconds});
  return many ? endings->conclude() : exit_code;
}

}  // namespace rustg::driver
