// What an instance does besides computing: traps and their frames, the stack's end, host calls, fuel and time, growth, waiting,
// programs that grow, and what the compiler must refuse.
#include "runtime/engine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <thread>

#include "ir/parse.h"
#include "ir/verify.h"
#include "runtime/interpreter/interpreter.h"
#include "target/bytecode/bytecode.h"

namespace rustg {
namespace {

ir::Program parse(const std::string& text) {
  auto program = ir::parse(text);
  EXPECT_TRUE(program.ok()) << program.error().message;
  for (const std::string& error : ir::verify(*program)) ADD_FAILURE() << error;
  return std::move(*program);
}

struct Running {
  explicit Running(const std::string& text, runtime::InstanceOptions options = {}, bool with_fuel = false)
      : program(parse(text)) {
    auto code = runtime::compile(program, with_fuel);
    EXPECT_TRUE(code.ok()) << code.error().message;
    auto created = runtime::Instance::create(*code, options);
    EXPECT_TRUE(created.ok()) << created.error().message;
    instance = std::move(*created);
  }
  abi::Outcome call(uint32_t function, std::vector<uint64_t> args = {}) {
    return instance->call(ir::FunctionId{function}, args, results);
  }
  ir::Trap trap(uint32_t function, std::vector<uint64_t> args = {}) {
    return static_cast<ir::Trap>(call(function, std::move(args)).trap);
  }

  ir::Program program;
  std::unique_ptr<runtime::Instance> instance;
  std::array<uint64_t, 8> results{};
};

constexpr const char* kRecursion = R"(
sig0 = (i32) -> (i32)
function fn0 "down" sig0 {
scope until block2
block0(v0: i32):
  br_if v0, block1, block2
block1:
  v1 = iconst.i32 1
  v2 = isub.i32 v0, v1
  v3 = call.i32 fn0(v2)
  v4 = iadd.i32 v3, v1
  ret v4
block2:
  trap unreachable
}
)";

TEST(Engine, RecordsTheFramesOfATrap) {
  Running r(kRecursion);
  const abi::Outcome few = r.call(0, {3});
  EXPECT_EQ(few.trap, static_cast<uint32_t>(ir::Trap::unreachable));
  EXPECT_EQ(few.depth, 4u);
  EXPECT_EQ(few.frame_count, 4u);
  EXPECT_EQ(few.functions[3], 0u);
  const abi::Outcome many = r.call(0, {1000});
  EXPECT_EQ(many.depth, 1001u);
  EXPECT_EQ(many.frame_count, abi::kBacktraceFrames);
}

TEST(Engine, StopsRunawayRecursion) {
  Running r(kRecursion, {.stack_bytes = 65536});
  const abi::Outcome outcome = r.call(0, {1000000});
  EXPECT_EQ(outcome.trap, static_cast<uint32_t>(ir::Trap::stack_exhausted));
  EXPECT_GT(outcome.depth, 1000u);
  EXPECT_EQ(r.trap(0, {3}), ir::Trap::unreachable);  // and can be called again
}

constexpr const char* kHost = R"(
sig0 = (i32, i64) -> (i32)
mem0 = 1..2
host0 = "env" "sum"
function fn0 "env.sum" sig0 host0
function fn1 "main" sig0 {
block0(v0: i32, v1: i64):
  v2 = call.i32 fn0(v0, v1)
  v3 = zextend.i64 v2
  v4 = call.i32 fn0(v2, v3)
  ret v4
}
)";

TEST(Engine, CallsTheHost) {
  struct Host {
    static runtime::HostResult sum(void* context, runtime::GuestMemory memory, uint64_t* args) {
      EXPECT_EQ(memory.size, 65536u);
      if (++*static_cast<int*>(context) == 5) return {ir::Trap::exit, 42};
      // The high half of an i32 result is undefined.
      args[0] = 0xdead00000000 | static_cast<uint32_t>(args[0] + args[1]);
      return {};
    }
  };
  int calls = 0;
  const runtime::HostFunctionPtr functions[] = {Host::sum};
  Running r(kHost, {.host_functions = functions, .host_context = &calls});
  EXPECT_EQ(r.trap(1, {3, 4}), ir::Trap::none);
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 14u);
  EXPECT_EQ(r.trap(0, {3, 4}), ir::Trap::none);  // directly
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 7u);
  EXPECT_EQ(r.trap(0, {0, 0}), ir::Trap::none);
  const abi::Outcome outcome = r.call(1, {0, 0});
  EXPECT_EQ(outcome.trap, static_cast<uint32_t>(ir::Trap::exit));
  EXPECT_EQ(outcome.exit_code, 42u);
}

constexpr const char* kForever = R"(
sig0 = () -> ()
function fn0 "forever" sig0 {
block0:
  br block1
loop until block2
block1:
  br block1
}
)";

TEST(Engine, EndsByFuelAndByTheClock) {
  EXPECT_EQ(Running(kForever, {.fuel = 1000}, true).trap(0), ir::Trap::out_of_fuel);
  EXPECT_EQ(Running(kForever, {.timeout_ns = 20'000'000}, true).trap(0), ir::Trap::timeout);
  EXPECT_EQ(Running(kForever, {.fuel = 3'000'000, .timeout_ns = 60'000'000'000}, true).trap(0), ir::Trap::out_of_fuel);
}

TEST(Engine, GrowsMemoryWithinItsLimits) {
  constexpr const char* kGrow = R"(
sig0 = (i32) -> (i32)
mem0 = 1..100
function fn0 "grow" sig0 {
block0(v0: i32):
  v1 = memory_grow.i32 mem0, v0
  ret v1
}
function fn1 "last" sig0 {
block0(v0: i32):
  v1 = load.i32 mem0.32[v0 + 0]
  ret v1
}
)";
  Running r(kGrow, {.memory_limit = 10 * 65536});
  EXPECT_EQ(r.trap(1, {65533}), ir::Trap::memory_out_of_bounds);
  EXPECT_EQ(r.trap(1, {65532}), ir::Trap::none);
  EXPECT_EQ(r.trap(0, {9}), ir::Trap::none);
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 1u);
  EXPECT_EQ(r.trap(1, {10 * 65536 - 4}), ir::Trap::none);
  EXPECT_EQ(r.trap(1, {10 * 65536 - 3}), ir::Trap::memory_out_of_bounds);
  EXPECT_EQ(r.trap(1, {0xffffffff}), ir::Trap::memory_out_of_bounds);
  EXPECT_EQ(r.trap(0, {1}), ir::Trap::none);
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 0xffffffffu);
  auto code = runtime::compile(r.program, false);
  EXPECT_FALSE(runtime::Instance::create(*code, {.memory_limit = 1000}).ok());
}

TEST(Engine, WaitsUntilNotified) {
  constexpr const char* kWait = R"(
sig0 = (i32, i64) -> (i32)
sig1 = (i32) -> (i32)
mem0 = 1..1 shared
mem1 = 1..1
function fn0 "wait" sig0 {
block0(v0: i32, v1: i64):
  v2 = iconst.i32 0
  v3 = atomic_wait.i32 mem0.32[v0 + 0], v2, v1
  ret v3
}
function fn1 "notify" sig1 {
block0(v0: i32):
  v1 = iconst.i32 7
  v2 = atomic_notify.i32 mem0.32[v0 + 0], v1
  ret v2
}
function fn2 "unshared" sig1 {
block0(v0: i32):
  v1 = iconst.i64 0
  v2 = atomic_wait.i32 mem1.32[v0 + 0], v0, v1
  ret v2
}
)";
  Running r(kWait);
  EXPECT_EQ(r.trap(0, {8, 1'000'000}), ir::Trap::none);
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 2u);  // timed out
  EXPECT_EQ(r.trap(0, {2, 0}), ir::Trap::unaligned_atomic);
  EXPECT_EQ(r.trap(2, {0}), ir::Trap::wait_on_unshared_memory);
  uint8_t* const memory = r.instance->state().memory0.base;
  memory[16] = 1;
  EXPECT_EQ(r.trap(0, {16, ~uint64_t{0}}), ir::Trap::none);
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 1u);  // not equal
  uint32_t woken = 0;
  std::thread other([&] {
    while ((woken = runtime::hooks::notify(r.instance->state(), memory + 24, 1)) == 0) std::this_thread::yield();
  });
  EXPECT_EQ(r.trap(0, {24, ~uint64_t{0}}), ir::Trap::none);
  other.join();
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 0u);
  EXPECT_EQ(woken, 1u);
}

TEST(Engine, AdoptsAProgramThatHasGrown) {
  Running r(
      "sig0 = () -> (i64)\nglobal0 = mut i64 5\nfunction fn0 \"get\" sig0 {\nblock0:\n  v0 = global_get.i64 global0\n  "
      "ret v0\n}\n");
  r.instance->state().globals[0] = 6;
  auto more = parse(
      "sig0 = () -> (i64)\nmem0 = 1..1\nglobal0 = mut i64 5\nglobal1 = i64 70\nfunction fn0 \"get\" sig0 {\nblock0:\n"
      "  v0 = global_get.i64 global0\n  ret v0\n}\nfunction fn1 \"sum\" sig0 {\nblock0:\n  v0 = call.i64 fn0()\n"
      "  v1 = global_get.i64 global1\n  v2 = iadd.i64 v0, v1\n  ret v2\n}\n");
  auto code = runtime::compile(more, false);
  ASSERT_TRUE(code.ok());
  ASSERT_TRUE(r.instance->extend(*code, {}).ok());
  EXPECT_EQ(r.trap(1), ir::Trap::none);
  EXPECT_EQ(r.results[0], 76u);
}

// Sums 70,000 loaded values that all stay alive: more than a frame has slots. Half of that fits, with branches too far for 16 bits.
std::string wide(uint32_t n) {
  std::string text =
      "sig0 = (i32) -> (i32)\nmem0 = 8..8\nfunction fn0 \"wide\" sig0 {\nscope until block2\nblock0(v0: i32):\n  br_if "
      "v0, block1, block2(v0)\nblock1:\n";
  for (uint32_t i = 1; i <= n; ++i)
    text += "  v" + std::to_string(i) + " = load.i32 mem0.8[v0 + " + std::to_string(i) + "]\n";
  text += "  v" + std::to_string(n + 1) + " = iadd.i32 v0, v1\n";
  for (uint32_t i = 2; i <= n; ++i)
    text +=
        "  v" + std::to_string(n + i) + " = iadd.i32 v" + std::to_string(n + i - 1) + ", v" + std::to_string(i) + "\n";
  const std::string last = std::to_string(2 * n);
  return text + "  br block2(v" + last + ")\nblock2(v" + std::to_string(2 * n + 1) + ": i32):\n  ret v" +
         std::to_string(2 * n + 1) + "\n}\n";
}
TEST(Compile, RefusesMoreThanAFrameHolds) {
  const ir::Program program = parse(wide(70000));
  auto code = bytecode::compile(program, {});
  ASSERT_FALSE(code.ok());
  EXPECT_NE(code.error().message.find("function 0 (wide) needs"), std::string::npos) << code.error().message;
}
TEST(Compile, ReachesFarBranches) {
  Running r(wide(35000));
  for (uint32_t i = 0; i < 35001; ++i) r.instance->state().memory0.base[1 + i] = static_cast<uint8_t>(i & 1);
  EXPECT_EQ(r.trap(0, {1}), ir::Trap::none);
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 1u + 17500u);
  EXPECT_EQ(r.trap(0, {0}), ir::Trap::none);
  EXPECT_EQ(static_cast<uint32_t>(r.results[0]), 0u);
}
TEST(Compile, RefusesTheFlatSpace) {
  const ir::Program program = parse(
      "sig0 = (i64) -> (i64)\nfunction fn0 \"flat\" sig0 {\nblock0(v0: i64):\n  v1 = load.i64 flat.64[v0 + 0]\n  ret "
      "v1\n}\n");
  EXPECT_FALSE(bytecode::compile(program, {}).ok());
}

// A handler that called the next one, instead of jumping to it, would use up the native stack.
TEST(Dispatch, NoHandlerCallsTheNext) {
  if (!runtime::interpreter::has_sequences()) GTEST_SKIP() << "this build uses the switch";
  const std::string self = "/proc/" + std::to_string(getpid()) + "/exe";
  FILE* pipe = popen(("objdump -d --no-show-raw-insn " + self + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) GTEST_SKIP() << "no objdump";
  char line[4096];
  bool in_handler = false;
  uint32_t handlers = 0, jumps = 0;
  while (std::fgets(line, sizeof line, pipe)) {
    const std::string text = line;
    if (!text.empty() && text.back() == '\n' && text.find(">:") != std::string::npos) {
      in_handler = text.find("interpreter") != std::string::npos && text.find("_GLOBAL__N_1") != std::string::npos &&
                   text.find("op_") != std::string::npos;
      handlers += in_handler;
      continue;
    }
    if (!in_handler) continue;
    // Through a register or the table; calls of named functions are the runtime's, and the C library's go through a fixed place.
    EXPECT_TRUE(text.find("call   *") == std::string::npos || text.find("(%rip)") != std::string::npos) << text;
    jumps += text.find("jmp    *") != std::string::npos;
  }
  pclose(pipe);
  if (handlers == 0) GTEST_SKIP() << "objdump is not installed, or the program is stripped";
  EXPECT_GE(handlers, bytecode::kOpCount);
  EXPECT_GT(jumps, bytecode::kOpCount / 2);
}

}  // namespace
}  // namespace rustg
