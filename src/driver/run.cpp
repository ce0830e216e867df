#include "driver/run.h"

#include <fmt/format.h>
#include <signal.h>

#include <thread>

#include "driver/load.h"
#include "driver/report.h"
#include "driver/run_cpu.h"
#include "driver/run_gpu.h"
#include "runtime/cuda/devices.h"

namespace rustg::driver {
namespace {

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

runtime::wasi::Options host_options(const RunOptions& options) {
  runtime::wasi::Options host;
  host.args.push_back(file_name(options.file));
  host.args.insert(host.args.end(), options.args.begin(), options.args.end());
  host.environment = options.env;
  for (const Preopen& dir : options.dirs) host.preopens.push_back({dir.host, dir.guest});
  // A .rs file is the user's own program, and finds its files as if it were run natively. A module of unknown origin gets what
  // --dir names.
  if (options.file.ends_with(".rs") && options.dirs.empty()) host.preopens.push_back({".", "."});
  host.sockets = runtime::wasi::inherited_sockets();
  return host;
}

// Where to run. A GPU is for many: a single instance is far faster on the CPU, so `auto` takes it there, and does not look for a
// GPU, which would take longer than many a program runs.
Result<bool> use_gpu(const RunOptions& options) {
  bool wanted = options.device == DeviceChoice::gpu || options.engine == EngineChoice::ptx;
  if (options.device == DeviceChoice::cpu || (!wanted && !options.instances)) return false;
  runtime::cuda::Devices found = runtime::cuda::devices();
  if (wanted && found.list.empty()) return Error{"--device gpu: there is no GPU to run on: " + found.reason};
  return !found.list.empty();
}

Result<int> run_loaded(Loaded& loaded, const RunOptions& options) {
  if (!loaded.start.is_some())
    return Error{options.file + ": it exports no `_start`: rustg runs WASI commands, and this is a library"};
  runtime::wasi::Options host = host_options(options);
  RUSTG_LET(gpu, use_gpu(options));
  if (gpu) return run_on_gpu(loaded, options, host);
  return options.instances ? run_many_on_cpu(loaded, options, host) : run_one_on_cpu(loaded, options, host);
}

}  // namespace

int run(const RunOptions& options) {
  // A closed stdout is an error that the program sees, as it would natively under Rust's runtime.
  signal(SIGPIPE, SIG_IGN);
  auto loaded = load(options.file, options.rustc_args);
  if (!loaded) return report_error(loaded.error().message);
  if (auto* refused = std::get_if<CompilerRefused>(&*loaded)) return refused->exit_code;
  auto exit_code = run_loaded(*std::get<std::unique_ptr<Loaded>>(*loaded), options);
  return exit_code ? *exit_code : report_error(exit_code.error().message);
}

}  // namespace rustg::driver
