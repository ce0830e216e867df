// Whatever the user gets wrong is one clear line on stderr and a non-zero exit code.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/process.h"

namespace rustg::testing {
namespace {

// One line, "error: …" with these words, nothing on stdout.
void expect_error(const Ran& ran, int exit_code, const std::vector<std::string>& words) {
  EXPECT_EQ(ran.exit_code, exit_code) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_TRUE(ran.err.starts_with("error: ")) << ran.err;
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  for (const std::string& word : words)
    EXPECT_NE(ran.err.find(word), std::string::npos) << "no `" << word << "` in: " << ran.err;
}

const char* kEmptyCommand = "(module (func (export \"_start\")))";

TEST(BadFile, Missing) {
  expect_error(rustg({"run", "no/such.wasm"}), 1, {"no/such.wasm", "No such file or directory"});
}
TEST(BadFile, MissingSource) {
  expect_error(rustg({"run", "no/such.rs"}), 1, {"no/such.rs", "No such file or directory"});
}
TEST(BadFile, Directory) { expect_error(rustg({"run", "/tmp"}), 1, {"/tmp", "Is a directory"}); }

TEST(BadFile, Empty) {
  Scratch scratch;
  expect_error(rustg({"run", scratch.write("a.wasm", "")}), 1, {"a.wasm", "expected"});
}

TEST(BadFile, NoWasm) {
  Scratch scratch;
  expect_error(rustg({"run", scratch.write("a.wasm",
                                           "\x7f"
                                           "ELF and so on")}),
               1, {"a.wasm", "magic"});
}

TEST(BadFile, Text) {
  Scratch scratch;
  expect_error(rustg({"run", scratch.write("a.wat", kEmptyCommand)}), 1, {"a.wat", "text"});
}

TEST(BadFile, Component) {
  Scratch scratch;
  expect_error(rustg({"run", scratch.write("a.wasm", std::string("\0asm\x0d\0\1\0", 8))}), 1, {"a.wasm", "component"});
}

TEST(BadFile, Truncated) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  std::string bytes = read_file(scratch.wasm("a", kEmptyCommand));
  expect_error(rustg({"run", scratch.write("a.wasm", bytes.substr(0, bytes.size() - 2))}), 1,
               {"a.wasm", "at offset 0x"});
}

TEST(BadFile, Invalid) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  auto source =
      scratch.write("a.wat", "(module (func (export \"_start\") (i32.add (i32.const 1) (f32.const 1)) drop))");
  ASSERT_EQ(run({"wat2wasm", "--no-check", source, "-o", scratch / "a.wasm"}).exit_code, 0);
  expect_error(rustg({"run", scratch / "a.wasm"}), 1, {"a.wasm", "i32", "f32", "at offset 0x"});
}

TEST(BadFile, UnknownImport) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  auto module = scratch.wasm("a", "(module (import \"env\" \"magic\" (func)) (func (export \"_start\")))");
  expect_error(rustg({"run", module}), 1, {"a.wasm", "unknown import", "env", "magic"});
}

TEST(BadFile, ImportOfAnotherType) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  auto module = scratch.wasm(
      "a", "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func (param i64))) (func (export \"_start\")))");
  expect_error(rustg({"run", module}), 1, {"a.wasm", "incompatible import type", "fd_write"});
}

TEST(BadFile, Library) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  expect_error(rustg({"run", scratch.wasm("a", "(module (func (export \"add\")))")}), 1, {"a.wasm", "_start"});
}

TEST(BadFile, Simd) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  auto module = scratch.wasm("a", "(module (func (export \"_start\") (drop (i32x4.splat (i32.const 1)))))");
  expect_error(rustg({"run", module}), 1, {"a.wasm", "SIMD"});
}

TEST(BadSource, GivesRustcsOwnMessage) {
  SKIP_WITHOUT_RUST();
  SKIP_WITHOUT("rustc");
  Scratch scratch;
  auto source = scratch.write("a.rs", "fn main() { let x: i32 = \"text\"; }\n");
  Ran ran = rustg({"run", source});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.out, "");
  // The same compiler, asked to check the same program for its own machine, says the same.
  Ran rustc = run({"rustc", "--edition=2021", "--emit=metadata", "-o", scratch / "a.rmeta", source});
  if (run({"rustc", "--print=target-libdir", "--target=wasm32-wasip1"}).exit_code == 0) {
    EXPECT_EQ(ran.err, rustc.err);
  }
  EXPECT_NE(ran.err.find("error[E0308]: mismatched types"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("error: a.rs"), std::string::npos);
}

TEST(BadSource, WithoutATargetTheTwoCommandsAreNamed) {
  Scratch scratch;
  auto source = scratch.write("a.rs", "fn main() {}\n");
  // A rustc that knows no wasm32-wasip1, and no sysroot anywhere.
  auto rustc = scratch.write("bin/rustc", "#!/bin/sh\necho /no/such/folder\n");
  std::filesystem::permissions(rustc, std::filesystem::perms::owner_all);
  How how = {.variables = {{"RUSTC", rustc}, {"RUSTG_SYSROOT", ""}, {"XDG_CACHE_HOME", scratch / "cache"}}};
  expect_error(rustg({"run", source}, how), 1, {"rustup target add wasm32-wasip1", "./x sysroot"});
}

TEST(BadDir, Missing) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  expect_error(rustg({"run", "--dir", "no/such::dir", scratch.wasm("a", kEmptyCommand)}), 1,
               {"no/such", "No such file or directory"});
}

TEST(BadDir, File) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  auto file = scratch.write("file", "");
  expect_error(rustg({"run", "--dir", file, scratch.wasm("a", kEmptyCommand)}), 1, {file, "Not a directory"});
}

TEST(BadDevice, NoGpu) {
  SKIP_WITHOUT("wat2wasm");
  if (rustg({"devices"}).out.find("gpu   none: ") == std::string::npos) GTEST_SKIP() << "there is a GPU here";
  Scratch scratch;
  expect_error(rustg({"run", "--device", "gpu", scratch.wasm("a", kEmptyCommand)}), 1, {"--device gpu"});
}

TEST(BadMemory, SaysHowManyInstancesFit) {
  SKIP_WITHOUT("wat2wasm");
  Scratch scratch;
  // 4 GiB each under a limit on addresses of 1 GiB.
  auto module = scratch.wasm("a", "(module (memory 65536) (func (export \"_start\")))");
  Ran ran = run(
      {"sh", "-c", "ulimit -v 1048576; exec " + rustg_path() + " run --device cpu --instances 4 " + module.string()});
  expect_error(ran, 1, {"not enough memory for", "fit"});
}

struct BadUsage {
  std::vector<std::string> arguments;
  std::vector<std::string> words;
};

TEST(BadUsage, IsExitCode2) {
  const BadUsage cases[] = {
      {{"frobnicate"}, {"frobnicate"}},
      {{"run"}, {"which file"}},
      {{"run", "--bogus", "a.wasm"}, {"--bogus", "--help"}},
      {{"run", "--device", "tpu", "a.wasm"}, {"--device", "tpu"}},
      {{"run", "--engine", "steam", "a.wasm"}, {"--engine", "steam"}},
      {{"run", "--device", "cpu", "--engine", "ptx", "a.wasm"}, {"ptx", "cpu"}},
      {{"run", "--instances", "0", "a.wasm"}, {"--instances"}},
      {{"run", "--instances", "many", "a.wasm"}, {"--instances", "many"}},
      {{"run", "--stack", "big", "a.wasm"}, {"big", "size"}},
      {{"run", "--timeout", "soon", "a.wasm"}, {"soon", "time"}},
      {{"run", "--dir", "::x", "a.wasm"}, {"--dir", "HOST"}},
      {{"run", "--env", "=1", "a.wasm"}, {"--env"}},
      {{"run", "--env", "RUSTG_SURELY_NOT_SET", "a.wasm"}, {"RUSTG_SURELY_NOT_SET"}},
      {{"inspect"}, {"which file"}},
      {{"inspect", "a.wasm", "b.wasm"}, {"one file"}},
      {{"inspect", "--ir", "--ptx", "a.wasm"}, {"--ir"}},
      {{"devices", "a"}, {"a"}},
  };
  for (const BadUsage& bad : cases) expect_error(rustg(bad.arguments), 2, bad.words);
}

TEST(Help, IsOnStdoutAndNoError) {
  for (std::vector<std::string> arguments :
       {std::vector<std::string>{}, {"--help"}, {"run", "--help"}, {"inspect", "--help"}, {"--version"}}) {
    Ran ran = rustg(arguments);
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_NE(ran.out.find("rustg"), std::string::npos);
    EXPECT_EQ(ran.err, "");
  }
}

}  // namespace
}  // namespace rustg::testing
