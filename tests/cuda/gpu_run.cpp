// gpu_run FILE.wasm [--instances N] [--engine bytecode|ptx|auto] [--quiet] [--stack BYTES] [--timeout SECONDS] [--dir HOST]…
//     [--trust-alignment] [-- args]
// Runs a WASI command on the first GPU with the runtime's own interface: what it printed (instance by instance as it arrives),
// then a line of figures on stderr. With --quiet stdout is not shown, but compared: how many different outputs there were.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>

#include "driver/load.h"
#include "driver/report.h"
#include "ir/passes.h"
#include "runtime/cuda/run.h"
#include "runtime/wasi/context.h"

using namespace rustg;
namespace cuda = runtime::cuda;

namespace {

struct Arguments {
  std::string file;
  bool quiet = false;
  cuda::RunOptions run;
  runtime::wasi::Options wasi;
};

Result<Arguments> parse(int argc, char** argv) {
  Arguments a;
  int i = 1;
  for (; i < argc && std::strcmp(argv[i], "--") != 0; i++) {
    std::string word = argv[i];
    if (word == "--quiet") {
      a.quiet = true;
    } else if (word == "--trust-alignment") {
      a.run.trust_alignment = true;
    } else if (word.starts_with("--")) {
      if (++i == argc) return Error{word + " needs a value"};
      std::string value = argv[i];
      if (word == "--instances") {
        a.run.instances = static_cast<uint32_t>(std::strtoul(argv[i], nullptr, 10));
        a.wasi.numbered = true;
      } else if (word == "--engine") {
        a.run.engine = value == "ptx"        ? cuda::Engine::ptx
                       : value == "bytecode" ? cuda::Engine::bytecode
                                             : cuda::Engine::automatic;
      } else if (word == "--stack") {
        a.run.stack_bytes = std::strtoull(argv[i], nullptr, 10);
      } else if (word == "--timeout") {
        a.run.timeout_ns = std::strtoull(argv[i], nullptr, 10) * 1'000'000'000;
      } else if (word == "--dir") {
        a.wasi.preopens.push_back({value, value});
      } else {
        return Error{"unknown option " + word};
      }
    } else {
      a.file = word;
    }
  }
  if (a.file.empty() || a.run.instances == 0) return Error{"usage: gpu_run FILE.wasm [options] [-- args]"};
  a.wasi.args = {a.file.substr(a.file.rfind('/') + 1)};
  for (i++; i < argc; i++) a.wasi.args.push_back(argv[i]);
  return a;
}

Result<int> run(Arguments& a) {
  RUSTG_LET(file, driver::load(a.file, {}));
  auto* loaded = std::get_if<std::unique_ptr<driver::Loaded>>(&file);
  if (loaded == nullptr) return 1;
  driver::Loaded& program = **loaded;
  ir::optimize(program.program, {.guards = true, .fuel = a.run.timeout_ns != 0});

  RUSTG_LET(shared, runtime::wasi::Shared::create(a.wasi));
  runtime::wasi::Context first(shared);
  a.run.program = &program.program;
  if (program.init.is_some()) a.run.init = {program.init};
  a.run.entries = {program.start};
  a.run.host_functions = program.host_functions;
  a.run.make_context = [&](uint32_t instance) { return std::make_shared<runtime::wasi::Context>(shared, instance); };
  a.run.args = first.args();
  a.run.environment = first.environment();
  a.run.closed_world = a.wasi.preopens.empty();

  std::vector<uint64_t> hashes(a.run.instances, 0xcbf29ce484222325);
  std::map<std::string, uint32_t> ends;
  uint64_t bytes_out = 0;
  int exit_code = 0;
  a.run.output = [&](uint32_t instance, uint32_t fd, std::span<const uint8_t> bytes) {
    bytes_out += bytes.size();
    for (uint8_t b : bytes) hashes[instance] = (hashes[instance] ^ b) * 0x100000001b3;
    if (!a.quiet || (fd == 2 && instance == 0)) std::fwrite(bytes.data(), 1, bytes.size(), fd == 2 ? stderr : stdout);
  };
  a.run.ended = [&](uint32_t instance, const abi::Outcome& outcome) {
    auto trap = static_cast<ir::Trap>(outcome.trap);
    std::string end = trap == ir::Trap::none || trap == ir::Trap::exit ? fmt::format("exit {}", outcome.exit_code)
                                                                       : std::string(ir::message(trap));
    ends[end]++;
    if (exit_code == 0) exit_code = driver::exit_code_of(outcome);
    if (instance == a.run.first && driver::is_trap(outcome))
      fmt::print(stderr, "{}", driver::describe_trap(program.program, outcome));
  };
  auto begin = std::chrono::steady_clock::now();
  auto summary = cuda::run(a.run);
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::fflush(stdout);
  std::map<uint64_t, uint32_t> outputs;
  for (uint64_t h : hashes) outputs[h]++;
  std::string how;
  for (auto& [end, count] : ends) how += fmt::format("{}{} x {}", how.empty() ? "" : ", ", count, end);
  if (!summary) {
    fmt::print(stderr, "gpu_run: {} [{}]\n", summary.error().message, how);
    return 125;
  }
  fmt::print(stderr,
             "gpu_run: {} n={} lanes={} ({} a warp, {} fit) device={:.2f} GiB | compile {:.3f} s, set-up {:.3f} s, run "
             "{:.4f} s, "
             "in all {:.3f} s | {:.0f} instances/s | {} host calls, {} bytes out, {} different outputs | {}\n",
             summary->engine == cuda::Engine::ptx ? "ptx" : "bytecode", a.run.instances, summary->lanes,
             summary->lanes_per_warp, summary->fit, double(summary->memory_bytes) / (1u << 30),
             summary->compile_seconds, summary->setup_seconds, summary->run_seconds, seconds,
             a.run.instances / summary->run_seconds, summary->host_calls, bytes_out, outputs.size(), how);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  auto arguments = parse(argc, argv);
  auto code = arguments ? run(*arguments) : Result<int>(arguments.error());
  if (code) return *code;
  fmt::print(stderr, "gpu_run: {}\n", code.error().message);
  return 2;
}
