// Throughput of the lowering on a real module: lower_bench FILE.wasm [Google Benchmark's options], in bytes of bodies.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <fstream>
#include <iterator>

#include "wasm/link.h"
#include "wasm/lower_locals.h"
#include "wasm/reader.h"

namespace {

using namespace rustg;

std::vector<uint8_t> file;
wasm::Module module;
int64_t bytes = 0;

// Every imported function is a host function of the type that it is imported with.
const wasm::FuncType* host_type(std::string_view from, std::string_view name) {
  for (const wasm::Import& import : module.imports)
    if (import.module == from && import.name == name && import.kind == wasm::ExternKind::function)
      return &module.type_of(import.index);
  return nullptr;
}

void lower(benchmark::State& state) {
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(state.range(0)));
  uint64_t instructions = 0, parameters = 0;
  for (auto _ : state) {
    ir::Program program;
    const auto imports = wasm::Linker(program, host_type).resolve(module);
    const auto linked = imports ? wasm::lower(module, *imports, program) : imports.error();
    if (!linked) return state.SkipWithError(linked.error().message.c_str());
    state.PauseTiming();
    instructions = parameters = 0;
    for (const ir::Function& f : program.functions)
      for (ir::Op op : f.op) ++instructions, parameters += op == ir::Op::param;
    state.ResumeTiming();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * bytes);
  state.counters["ir"] = static_cast<double>(instructions);
  state.counters["params"] = static_cast<double>(parameters);
}
BENCHMARK(lower)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond)->UseRealTime();

// The part of it that finds out where locals need parameters.
void liveness(benchmark::State& state) {
  wasm::LocalLiveness liveness;
  for (auto _ : state)
    for (size_t i = 0; i < module.bodies.size(); ++i) {
      const wasm::Body& body = module.bodies[i];
      wasm::Reader reader(body.bytes, body.offset);
      auto locals =
          static_cast<uint32_t>(module.type_of(static_cast<uint32_t>(module.imported_functions + i)).params.size());
      for (uint32_t groups = reader.u32(); groups != 0; --groups) {
        locals += reader.u32();
        reader.value_type();
      }
      benchmark::DoNotOptimize(liveness.analyze(body.bytes.subspan(reader.offset() - body.offset), locals));
    }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * bytes);
}
BENCHMARK(liveness)->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    fmt::print(stderr, "usage: lower_bench FILE.wasm [--benchmark_...]\n");
    return 2;
  }
  std::ifstream stream(argv[1], std::ios::binary);
  file.assign(std::istreambuf_iterator<char>(stream), {});
  auto decoded = wasm::decode(file);
  if (!decoded) {
    fmt::print(stderr, "lower_bench: {}: {}\n", argv[1], decoded.error().message);
    return 1;
  }
  module = std::move(*decoded);
  for (const wasm::Body& body : module.bodies) bytes += static_cast<int64_t>(body.bytes.size());
  benchmark::RunSpecifiedBenchmarks();
}
