// One program, one instance: exit codes, traps, environment, directories, streams.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/process.h"

namespace rustg::testing {
namespace {

std::string command_module(const std::string& body) {
  return R"((module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (table 4 funcref)
    (type $none (func)) (type $number (func (result i32)))
    (elem (i32.const 0) $number_42)
    (func $number_42 (result i32) (i32.const 42))
    (func $forever (call $forever))
    (func (export "_start") )" +
         body + "))";
}

struct Ending {
  const char *name, *body;
  int exit_code;
  const char* message;
};
void PrintTo(const Ending& ending, std::ostream* out) { *out << ending.name; }

class Endings : public ::testing::TestWithParam<Ending> {};

TEST_P(Endings, GiveExitCodeAndMessage) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  Ran ran = rustg({"run", scratch.wasm("a", command_module(GetParam().body))});
  EXPECT_EQ(ran.exit_code, GetParam().exit_code) << ran.err;
  std::string first_line = ran.err.substr(0, ran.err.find('\n'));
  EXPECT_EQ(first_line, *GetParam().message ? std::string("error: wasm trap: ") + GetParam().message : "");
}

INSTANTIATE_TEST_SUITE_P(
    All, Endings,
    ::testing::Values(
        Ending{"returns", "", 0, ""}, Ending{"exit_0", "(call $exit (i32.const 0))", 0, ""},
        Ending{"exit_7", "(call $exit (i32.const 7))", 7, ""},
        Ending{"exit_255", "(call $exit (i32.const 255))", 255, ""},
        Ending{"unreachable", "unreachable", 134, "wasm `unreachable` instruction executed"},
        Ending{"load_beyond", "(drop (i32.load (i32.const 65533)))", 134, "out of bounds memory access"},
        Ending{"load_far_beyond", "(drop (i32.load offset=0xffffffff (i32.const -1)))", 134,
               "out of bounds memory access"},
        Ending{"store_beyond", "(i64.store (i32.const 65530) (i64.const 1))", 134, "out of bounds memory access"},
        Ending{"divide_by_zero", "(drop (i32.div_s (i32.const 1) (i32.const 0)))", 134, "integer divide by zero"},
        Ending{"overflow", "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", 134, "integer overflow"},
        Ending{"bad_conversion", "(drop (i32.trunc_f32_s (f32.const nan)))", 134, "invalid conversion to integer"},
        Ending{"null_call", "(call_indirect (type $none) (i32.const 1))", 134, "uninitialized element"},
        Ending{"wrong_type", "(call_indirect (type $none) (i32.const 0))", 134, "indirect call type mismatch"},
        Ending{"beyond_table", "(call_indirect (type $none) (i32.const 4))", 134,
               "undefined element: out of bounds table access"},
        Ending{"stack", "(call $forever)", 134, "call stack exhausted"}),
    [](const auto& info) { return info.param.name; });

TEST(Backtrace, NamesTheFunctionsInnermostFirst) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  Ran ran = rustg({"run", scratch.wasm("a", R"((module
      (func $inner (param i32) (drop (i32.div_u (i32.const 1) (local.get 0))))
      (func $_ZN3app4main17h0123456789abcdefE (call $inner (i32.const 0)))
      (func (export "_start") (call $_ZN3app4main17h0123456789abcdefE))))")});
  size_t inner = ran.err.find("0: inner"), main = ran.err.find("1: app::main\n"), start = ran.err.find("2: _start");
  EXPECT_NE(inner, std::string::npos) << ran.err;
  EXPECT_NE(main, std::string::npos) << ran.err;
  EXPECT_NE(start, std::string::npos) << ran.err;
  EXPECT_LT(inner, main);
  EXPECT_LT(main, start);
}

TEST(Comparisons, HaveTheWidthOfWhatIsCompared) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  // 64-bit comparisons of a float's bits, and of a widened 32-bit number.
  auto module = scratch.wasm("a", command_module(R"((local $f f64) (local $n i32)
      (local.set $f (f64.load (i32.const 8)))
      (if (i64.ge_u (i64.reinterpret_f64 (local.get $f)) (i64.const 0x3ff0000000000000)) (then (call $exit (i32.const 1))))
      (local.set $n (i32.load (i32.const 8)))
      (if (i64.ge_u (i64.extend_i32_u (local.get $n)) (i64.const 0x100000000)) (then (call $exit (i32.const 2)))))"));
  EXPECT_EQ(rustg({"run", module}).exit_code, 0);
}

TEST(Limits, FuelAndTimeoutEndWhatDoesNotEnd) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  auto module = scratch.wasm("loop", command_module("(loop $again (br $again))"));
  Ran fuel = rustg({"run", "--fuel", "100000", module});
  EXPECT_EQ(fuel.exit_code, 134);
  EXPECT_NE(fuel.err.find("wasm trap: all fuel consumed by WebAssembly"), std::string::npos) << fuel.err;
  Ran timeout = rustg({"run", "--timeout", "200ms", module});
  EXPECT_EQ(timeout.exit_code, 134);
  EXPECT_NE(timeout.err.find("error: wasm trap: interrupt\n"), std::string::npos) << timeout.err;
  EXPECT_GE(timeout.seconds, 0.2);
  EXPECT_LT(timeout.seconds, 5.0);
  auto short_module = scratch.wasm("short", command_module("(drop (call $number_42))"));
  EXPECT_EQ(rustg({"run", "--fuel", "100000", "--timeout", "10s", short_module}).exit_code, 0);
}

TEST(Limits, StackSizeBoundsTheDepth) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  // Recurses 10,000 deep.
  auto module = scratch.wasm("deep", R"((module
      (func $down (param i32) (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))
      (func (export "_start") (call $down (i32.const 10000)))))");
  EXPECT_EQ(rustg({"run", module}).exit_code, 0);
  Ran small = rustg({"run", "--stack", "16K", module});
  EXPECT_EQ(small.exit_code, 134);
  EXPECT_NE(small.err.find("call stack exhausted"), std::string::npos) << small.err;
}

const char* kTellProgram = R"(
fn main() {
    for arg in std::env::args() { println!("arg {arg:?}"); }
    let mut vars: Vec<_> = std::env::vars().collect();
    vars.sort();
    for (name, value) in vars { println!("var {name}={value}"); }
    for name in ["in.txt", "guest/in.txt"] {
        println!("{name}: {:?}", std::fs::read_to_string(name).map_err(|_| "no"));
    }
})";

TEST(Surroundings, AreWhatTheCommandLineSays) {
  SKIP_WITHOUT_RUST();
  Scratch scratch;
  scratch.write("in.txt", "here");
  scratch.write("other/in.txt", "there");
  scratch.write("tell.rs", kTellProgram);
  How how = {.folder = scratch.path(), .variables = {{"PASSED_ON", "yes"}, {"NOT_PASSED_ON", "no"}}};
  Ran ran = rustg(
      {"run", "--env", "A=1", "--env", "PASSED_ON", "--env", "EMPTY=", "tell.rs", "--env", "x y", "--", "ä"}, how);
  EXPECT_EQ(ran.out,
            "arg \"tell.rs\"\narg \"--env\"\narg \"x y\"\narg \"--\"\narg \"ä\"\n"
            "var A=1\nvar EMPTY=\nvar PASSED_ON=yes\n"
            "in.txt: Ok(\"here\")\nguest/in.txt: Err(\"no\")\n")
      << ran.err;
  ran = rustg({"run", "--dir", "other::guest", "tell.rs", "--", "1"}, how);
  EXPECT_EQ(ran.out, "arg \"tell.rs\"\narg \"1\"\nin.txt: Err(\"no\")\nguest/in.txt: Ok(\"there\")\n") << ran.err;
}

TEST(Surroundings, AModuleSeesNoFileThatItWasNotGiven) {
  SKIP_WITHOUT_RUST();
  Scratch scratch;
  scratch.write("in.txt", "here");
  scratch.write("tell.rs", kTellProgram);
  // The module that rustg itself made and kept.
  How how = {.folder = scratch.path(), .variables = {{"XDG_CACHE_HOME", scratch / "cache"}}};
  if (const char* sysroot = std::getenv("RUSTG_SYSROOT"); !sysroot)
    how.variables["RUSTG_SYSROOT"] = std::string(std::getenv("HOME")) + "/.cache/rustg/sysroot";
  ASSERT_EQ(rustg({"run", "tell.rs"}, how).exit_code, 0);
  std::string module;
  for (const auto& file : std::filesystem::recursive_directory_iterator(scratch / "cache"))
    if (file.path().extension() == ".wasm") module = file.path();
  EXPECT_EQ(rustg({"run", module}, how).out, "arg \"app.wasm\"\nin.txt: Err(\"no\")\nguest/in.txt: Err(\"no\")\n");
  EXPECT_EQ(rustg({"run", "--dir", ".", module}, how).out,
            "arg \"app.wasm\"\nin.txt: Ok(\"here\")\nguest/in.txt: Err(\"no\")\n");
}

TEST(Names, GpuRunIsRustgRun) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  auto module = scratch.wasm("a", command_module("(call $exit (i32.const 9))"));
  EXPECT_EQ(run({RUSTG_BINARY_DIR "/bin/gpu-run", module}).exit_code, 9);
}

TEST(Streams, AnAnswerComesBeforeTheNextQuestion) {
  SKIP_WITHOUT_RUST();
  // A dialogue through pipes: each line is sent only when the answer to the one before has come.
  int to[2], from[2];
  ASSERT_EQ(pipe(to), 0);
  ASSERT_EQ(pipe(from), 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    close(to[1]);
    close(from[0]);
    execl(rustg_path().c_str(), "rustg", "run", RUSTG_SOURCE_DIR "/examples/read_stdin.rs", nullptr);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  std::string got;
  auto read_some = [&] {
    pollfd poll_for = {from[0], POLLIN, 0};
    char buffer[256];
    if (poll(&poll_for, 1, 60'000) != 1) return false;
    ssize_t n = read(from[0], buffer, sizeof buffer);
    if (n > 0) got.append(buffer, n);
    return n > 0;
  };
  for (std::string line : {"first 1\n", "second 2\n"}) {
    ASSERT_EQ(write(to[1], line.data(), line.size()), ssize_t(line.size()));
    while (got.find(line) == std::string::npos) ASSERT_TRUE(read_some()) << got;
  }
  close(to[1]);
  while (read_some()) {
  }
  close(from[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(got, "   1  first 1\n   2  second 2\n2 lines, 17 bytes, sum 3\n");
}

TEST(Streams, AClosedStdoutIsAnErrorOfTheProgram) {
  SKIP_WITHOUT_RUST();
  Scratch scratch;
  auto program = scratch.write("many.rs", "fn main() { for i in 0..1000000 { println!(\"line {i}\"); } }");
  Ran ran = run({"sh", "-c", "{ " + rustg_path() + " run " + program.string() + "; echo exit $? >&2; } | head -1"});
  EXPECT_EQ(ran.out, "line 0\n");
  EXPECT_NE(ran.err.find("failed printing to stdout"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("exit 134"), std::string::npos) << ran.err;
}

TEST(Compiling, IsDoneAgainOnlyWhenSomethingChanged) {
  SKIP_WITHOUT_RUST();
  Scratch scratch;
  scratch.write("number.txt", "1");
  scratch.write("part.rs", "pub fn two() -> i32 { 2 }");
  auto program =
      scratch.write("a.rs", "mod part; fn main() { println!(\"{} {}\", include_str!(\"number.txt\"), part::two()); }");
  Ran first = rustg({"run", program});
  EXPECT_EQ(first.out, "1 2\n") << first.err;
  Ran second = rustg({"run", program});
  EXPECT_EQ(second.out, "1 2\n");
  EXPECT_LT(second.seconds, first.seconds / 2);
  scratch.write("number.txt", "7");
  EXPECT_EQ(rustg({"run", program}).out, "7 2\n");
  scratch.write("part.rs", "pub fn two() -> i32 { 22 }");
  EXPECT_EQ(rustg({"run", program}).out, "7 22\n");
}

}  // namespace
}  // namespace rustg::testing
