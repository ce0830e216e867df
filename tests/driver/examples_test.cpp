// Every program in examples/ prints under rustg what its native build prints.
#include <gtest/gtest.h>

#include "driver/process.h"

namespace rustg::testing {
namespace fs = std::filesystem;
namespace {

struct Example {
  std::string name;
  std::vector<std::string> args = {};
  std::string input = {};
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

const Example kExamples[] = {
    {"hello"},
    {"hello", {"Ferris"}},
    {"char_count"},
    {"char_count", {"no/such/file"}},
    {"word_count"},
    {"word_count", {"examples/sample.txt", "3"}},
    {"json"},
    {"sha256"},
    {"sha256", {"examples/sample.txt"}},
    {"nbody", {"20000"}},
    {"mandelbrot", {"picture.ppm", "80"}},
    {"sort", {"20000"}},
    {"recursion", {"20"}},
    {"read_stdin", {}, "one 1\ntwo 2\n\nünï 40\nno newline at the end"},
    {"read_stdin"},
    {"primes", {"200000"}},
    {"matrix", {"50"}},
};

// The native build, made once.
fs::path native(const std::string& name) {
  fs::path source = fs::path(RUSTG_SOURCE_DIR) / "examples" / (name + ".rs"), binary = kept_folder() / name;
  if (!fs::exists(binary) || fs::last_write_time(binary) < fs::last_write_time(source)) {
    // In a folder of this process's own, where rustc leaves its object files, too: tests of one example run side by side.
    Scratch scratch;
    Ran ran = run({"rustc", "-O", "--edition=2021", source, "-o", scratch / name});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    fs::path part = kept_folder() / (name + "." + std::to_string(getpid()));
    fs::copy_file(scratch / name, part);
    fs::rename(part, binary);
  }
  return binary;
}

void lay_out(const Scratch& scratch) {
  fs::copy(fs::path(RUSTG_SOURCE_DIR) / "examples", scratch / "examples", fs::copy_options::recursive);
}

class Examples : public ::testing::TestWithParam<Example> {};

TEST_P(Examples, PrintWhatTheNativeBuildPrints) {
  SKIP_WITHOUT_RUST();
  SKIP_WITHOUT("rustc");
  const Example& example = GetParam();
  Scratch native_folder, rustg_folder;
  lay_out(native_folder);
  lay_out(rustg_folder);
  std::vector<std::string> native_command = {native(example.name)};
  native_command.insert(native_command.end(), example.args.begin(), example.args.end());
  Ran expected = run(native_command, {.input = example.input, .folder = native_folder.path()});
  std::vector<std::string> arguments = {"run", "examples/" + example.name + ".rs"};
  arguments.insert(arguments.end(), example.args.begin(), example.args.end());
  Ran ran = rustg(arguments, {.input = example.input, .folder = rustg_folder.path()});
  EXPECT_EQ(ran.out, expected.out) << ran.err;
  EXPECT_EQ(ran.exit_code, expected.exit_code) << ran.err;
  if (example.name == "mandelbrot") {
    EXPECT_EQ(read_file(rustg_folder / "picture.ppm"), read_file(native_folder / "picture.ppm"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Examples, ::testing::ValuesIn(kExamples),
                         [](const auto& info) { return info.param.name + "_" + std::to_string(info.index); });

TEST(PanicExample, TellsItsMessageAndTraps) {
  SKIP_WITHOUT_RUST();
  SKIP_WITHOUT("rustc");
  Ran expected = run({native("panic_message")});
  Ran ran = rustg({"run", RUSTG_SOURCE_DIR "/examples/panic_message.rs"});
  EXPECT_EQ(expected.exit_code, 101);
  EXPECT_EQ(ran.exit_code, 134);
  EXPECT_EQ(ran.out, expected.out);
  EXPECT_NE(ran.err.find("Account { owner: \"Ferris\", cents: 200 } has no 700 cents"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("panic_message.rs:10:"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("error: wasm trap: wasm `unreachable` instruction executed"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("panic_message::main"), std::string::npos) << ran.err;
}

TEST(ExampleFolder, HasNoProgramThatIsNotTested) {
  std::vector<std::string> tested = {"panic_message"};
  for (const Example& example : kExamples) tested.push_back(example.name);
  for (const auto& file : fs::directory_iterator(fs::path(RUSTG_SOURCE_DIR) / "examples"))
    if (file.path().extension() == ".rs") {
      EXPECT_NE(std::find(tested.begin(), tested.end(), file.path().stem().string()), tested.end()) << file.path();
    }
}

}  // namespace
}  // namespace rustg::testing
