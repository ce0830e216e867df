#include "driver/run_cpu.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>

#include "driver/instances.h"
#include "driver/report.h"
#include "ir/passes.h"
#include "runtime/engine.h"

namespace rustg::driver {
namespace {

using runtime::wasi::Context;
using runtime::wasi::Shared;

class Stopwatch {
 public:
  // Seconds since the last lap.
  double lap() {
    auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(from_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point from_ = std::chrono::steady_clock::now();
};

Result<std::shared_ptr<const runtime::Code>> compile(Loaded& loaded, const RunOptions& options) {
  // Fuel is charged in the IR, so that it means the same on every device.
  ir::optimize(loaded.program, {.fuel = options.fuel || options.timeout_ns});
  return runtime::compile(loaded.program, false);
}

runtime::InstanceOptions instance_options(const Loaded& loaded, const RunOptions& options, Context& context) {
  runtime::InstanceOptions instance;
  instance.index = context.instance();
  if (options.stack_bytes) instance.stack_bytes = *options.stack_bytes;
  if (options.fuel) instance.fuel = *options.fuel;
  instance.timeout_ns = options.timeout_ns;
  instance.host_functions = loaded.host_functions;
  instance.host_context = &context;
  return instance;
}

abi::Outcome run_to_end(const Loaded& loaded, runtime::Instance& instance) {
  if (loaded.init.is_some())
    if (abi::Outcome outcome = instance.call(loaded.init, {}, {}); outcome.trap != 0) return outcome;
  return instance.call(loaded.start, {}, {});
}

}  // namespace

Result<int> run_one_on_cpu(Loaded& loaded, const RunOptions& options, const runtime::wasi::Options& host) {
  RUSTG_LET(shared, Shared::create(host));
  RunStats stats{.where = "cpu, bytecode"};
  Stopwatch watch;
  RUSTG_LET(code, compile(loaded, options));
  stats.compile_seconds = watch.lap();
  Context context(shared);
  RUSTG_LET(instance, runtime::Instance::create(code, instance_options(loaded, options, context)));
  stats.setup_seconds = watch.lap();
  abi::Outcome outcome = run_to_end(loaded, *instance);
  stats.run_seconds = watch.lap();
  if (options.stats) report_stats(stats);
  int exit_code = exit_code_of(outcome);
  if (is_trap(outcome)) std::fputs(describe_trap(loaded.program, outcome).c_str(), stderr);
  return exit_code;
}

Result<int> run_many_on_cpu(Loaded& loaded, const RunOptions& options, runtime::wasi::Options host) {
  uint32_t count = *options.instances;
  RUSTG_LET(output, Outputs::create({count, options.ordered, options.output_dir}));
  InstanceStream out(*output, Stream::out), err(*output, Stream::err);
  host.output = &out;
  host.error = &err;
  host.numbered = true;
  RUSTG_LET(shared, Shared::create(host));
  uint32_t threads = std::min(options.jobs ? options.jobs : std::max(1u, std::thread::hardware_concurrency()), count);
  RunStats stats{.where = "cpu, bytecode", .instances = count, .at_a_time = threads};
  Stopwatch watch;
  RUSTG_LET(code, compile(loaded, options));
  stats.compile_seconds = watch.lap();

  Endings endings(loaded.program, *output, !options.output_dir.empty());
  std::atomic<uint32_t> next = 0, running = 0;
  std::mutex failure_mutex;
  std::string failure;
  auto work = [&] {
    for (uint32_t index; (index = next.fetch_add(1)) < count;) {
      Context context(shared, index);
      auto instance = runtime::Instance::create(code, instance_options(loaded, options, context));
      if (!instance) {
        std::lock_guard lock(failure_mutex);
        if (failure.empty())
          failure = fmt::format("not enough memory for {} instances at a time: {} fit ({}); see --jobs",
                                running.load() + 1, running.load(), instance.error().message);
        next = count;
        return;
      }
      running++;
      endings.add(index, run_to_end(loaded, **instance));
      running--;
    }
  };
  std::vector<std::jthread> pool;
  for (uint32_t i = 1; i < threads; i++) pool.emplace_back(work);
  work();
  pool.clear();
  stats.run_seconds = watch.lap();
  output.reset();  // everything is written before the summary
  if (options.stats && failure.empty()) report_stats(stats);
  if (!failure.empty()) return Error{failure};
  return endings.conclude();
}

}  // namespace rustg::driver
