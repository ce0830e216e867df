// On a real GPU, with the engine RUSTG_TEST_ENGINE: instances that print, trap and exit, and our own suites of every instruction. Skipped
// where there is no GPU.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "cuda/gpu_engine.h"
#include "driver/load.h"
#include "runtime/cuda/devices.h"
#include "runtime/cuda/run.h"
#include "runtime/wasi/context.h"
#include "spec/data.h"
#include "spec/runner.h"
#include "wasm/wat.h"

namespace rustg {
namespace {

namespace cuda = runtime::cuda;
constexpr auto kEngine = cuda::Engine::RUSTG_TEST_ENGINE;

#define REQUIRE_GPU() \
  if (const cuda::Devices found = cuda::devices(); found.list.empty()) GTEST_SKIP() << "no GPU: " << found.reason

// Prints its own number from the environment ("RUSTG_INSTANCE=7"), then returns, traps or exits as the number modulo 4 says.
constexpr const char* kProgram = R"((module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $end i32) (local $kind i32)
    (drop (call $environ (i32.const 64) (i32.const 256)))
    (local.set $end (i32.const 256))
    (loop $next
      (local.set $end (i32.add (local.get $end) (i32.const 1)))
      (br_if $next (i32.load8_u (local.get $end))))
    (local.set $kind (i32.and (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 3)))
    (i32.store8 (local.get $end) (i32.const 10))
    (i32.store (i32.const 0) (i32.const 256))
    (i32.store (i32.const 4) (i32.sub (i32.add (local.get $end) (i32.const 1)) (i32.const 256)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
    (if (i32.eq (local.get $kind) (i32.const 1)) (then (call $exit (i32.const 7))))
    (if (i32.eq (local.get $kind) (i32.const 2)) (then (drop (i32.load (i32.const -4)))))
    (if (i32.eq (local.get $kind) (i32.const 3)) (then (unreachable))))
))";

struct Seen {
  std::string output;
  abi::Outcome outcome = {};
  uint32_t ends = 0;
};

// Instances 0..n of kProgram; what each printed and how it ended.
Result<std::map<uint32_t, Seen>> run_instances(uint32_t n) {
  const auto bytes = wasm::testing::from_wat(kProgram);
  const std::string path = testing::TempDir() + "rustg_gpu_test_" + std::to_string(getpid()) + ".wasm";
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), ssize_t(bytes.size()));
  auto loaded = driver::load(path, {});
  std::filesystem::remove(path);
  if (!loaded) return loaded.error();
  const driver::Loaded& program = *std::get<std::unique_ptr<driver::Loaded>>(*loaded);

  runtime::wasi::Options wasi;
  wasi.args = {"program"};
  wasi.numbered = true;
  RUSTG_LET(shared, runtime::wasi::Shared::create(wasi));
  runtime::wasi::Context first(shared);
  std::map<uint32_t, Seen> seen;
  cuda::RunOptions run;
  run.program = &program.program;
  if (program.init.is_some()) run.init = {program.init};
  run.entries = {program.start};
  run.instances = n;
  run.engine = kEngine;
  run.host_functions = program.host_functions;
  run.make_context = [&](uint32_t instance) { return std::make_shared<runtime::wasi::Context>(shared, instance); };
  run.args = first.args();
  run.environment = first.environment();
  run.output = [&](uint32_t instance, uint32_t fd, std::span<const uint8_t> bytes) {
    EXPECT_EQ(fd, 1u);
    seen[instance].output.append(bytes.begin(), bytes.end());
  };
  run.ended = [&](uint32_t instance, const abi::Outcome& outcome) {
    seen[instance].outcome = outcome;
    seen[instance].ends++;
  };
  RUSTG_LET(summary, cuda::run(run));
  EXPECT_EQ(summary.engine, kEngine);
  return seen;
}

void expect_instances(uint32_t n) {
  auto seen = run_instances(n);
  ASSERT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(seen->size(), n);
  for (const auto& [instance, s] : *seen) {
    const std::string number = std::to_string(instance);
    EXPECT_EQ(s.output, "RUSTG_INSTANCE=" + number + "\n");
    EXPECT_EQ(s.ends, 1u);
    constexpr ir::Trap kEnds[] = {ir::Trap::none, ir::Trap::exit, ir::Trap::memory_out_of_bounds,
                                  ir::Trap::unreachable};
    const uint32_t kind = static_cast<uint32_t>(number.back()) & 3;
    EXPECT_EQ(static_cast<ir::Trap>(s.outcome.trap), kEnds[kind]) << "instance " << instance;
    EXPECT_EQ(s.outcome.exit_code, kind == 1 ? 7u : 0u) << "instance " << instance;
  }
}

TEST(Gpu, OneInstance) {
  REQUIRE_GPU();
  if (!wasm::testing::has_wat2wasm()) GTEST_SKIP() << "wat2wasm (Debian package wabt) not found";
  expect_instances(1);
}

// More than one warp, and a last one that is not full.
TEST(Gpu, ManyInstancesEndEachInItsWay) {
  REQUIRE_GPU();
  if (!wasm::testing::has_wat2wasm()) GTEST_SKIP() << "wat2wasm (Debian package wabt) not found";
  expect_instances(10'007);
}

TEST(Gpu, RunsOurOwnSuites) {
  REQUIRE_GPU();
  std::string why_not;
  const auto suites = spec::own_suites(why_not);
  if (suites.empty()) GTEST_SKIP() << why_not;
  for (const spec::Suite& suite : suites) {
    auto result = spec::run_file(suite.json, [] { return std::make_unique<spec::GpuEngine>(kEngine); });
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_GT(result->passed, 0u) << suite.name;
    for (const spec::Failure& failure : result->failures)
      ADD_FAILURE() << suite.name << ".wast:" << failure.line << ": " << failure.message;
  }
}

}  // namespace
}  // namespace rustg
