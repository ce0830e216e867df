// Throughput of the wasm front end on a real module: wasm_bench FILE.wasm [Google Benchmark's options].
// decode is measured in bytes of the file, validate in bytes of function bodies.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <fstream>
#include <iterator>

#include "wasm/instruction.h"
#include "wasm/module.h"

namespace {

using namespace rustg;

std::vector<uint8_t> file;

int64_t body_bytes(const wasm::Module& module) {
  int64_t sum = 0;
  for (const wasm::Body& body : module.bodies) sum += static_cast<int64_t>(body.bytes.size());
  return sum;
}

void decode(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(wasm::decode(file));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * file.size()));
}
BENCHMARK(decode)->Unit(benchmark::kMicrosecond);

void validate(benchmark::State& state) {
  const auto module = *wasm::decode(file);
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(wasm::validate(module));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * body_bytes(module));
}
BENCHMARK(validate)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond)->UseRealTime();

// The floor of everything that goes through the bodies: reading the instructions alone.
void read_instructions(benchmark::State& state) {
  const auto module = *wasm::decode(file);
  uint64_t count = 0;
  for (auto _ : state) {
    for (const wasm::Body& body : module.bodies) {
      wasm::Reader reader(body.bytes, body.offset);
      for (uint32_t groups = reader.u32(); groups > 0; --groups) {
        reader.u32();
        reader.value_type();
      }
      wasm::Instruction instruction;
      while (!reader.at_end() && wasm::read_instruction(reader, instruction)) {
        ++count;
        if (instruction.opcode == wasm::Opcode::br_table)
          for (uint32_t i = 0; i <= instruction.index; ++i) reader.u32();
        if (instruction.opcode == wasm::Opcode::select_typed) reader.bytes(instruction.index);
      }
      if (reader.failed()) state.SkipWithError(reader.error().message.c_str());
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * body_bytes(module));
  state.counters["instructions"] = benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsRate);
}
BENCHMARK(read_instructions)->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    fmt::print(stderr, "usage: wasm_bench FILE.wasm [--benchmark_...]\n");
    return 2;
  }
  std::ifstream stream(argv[1], std::ios::binary);
  file.assign(std::istreambuf_iterator<char>(stream), {});
  const auto module = wasm::decode(file);
  if (!module) {
    fmt::print(stderr, "wasm_bench: {}: {}\n", argv[1], module.error().message);
    return 1;
  }
  fmt::print("{}: {} bytes, {} functions, {} bytes of bodies\n", argv[1], file.size(), module->bodies.size(),
             body_bytes(*module));
  benchmark::RunSpecifiedBenchmarks();
}
