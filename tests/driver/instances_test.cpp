// Many instances of one program.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "driver/process.h"

namespace rustg::testing {
namespace {

constexpr int kCount = 300;

// Instance i prints i % 7 + 1 lines of its own, a piece at a time, and an unfinished one.
const char* kProgram = R"(
use std::io::Write;
fn main() {
    let i: u32 = std::env::var("RUSTG_INSTANCE").unwrap().parse().unwrap();
    let mut out = std::io::stdout();
    for line in 0..=i % 7 {
        write!(out, "instance {i} ").unwrap();
        out.flush().unwrap();
        writeln!(out, "line {line}").unwrap();
        eprintln!("note {i}");
    }
    print!("instance {i} ends");
    out.flush().unwrap(); // a panic would not do it
    match std::env::args().nth(1).as_deref() {
        Some("exit") if i == 20 || i == 21 => std::process::exit(i as i32),
        Some("trap") if i % 100 == 5 => panic!("five"),
        _ => {}
    }
})";

std::string output_of(int i) {
  std::string text;
  for (int line = 0; line <= i % 7; line++)
    text += "instance " + std::to_string(i) + " line " + std::to_string(line) + "\n";
  return text + "instance " + std::to_string(i) + " ends";
}

std::string number(int n) { return std::to_string(n); }

class Instances : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_RUST();
    program_ = scratch_.write("many.rs", kProgram);
  }
  Ran run_all(std::vector<std::string> options, std::vector<std::string> args = {}) {
    std::vector<std::string> arguments = {"run", "--instances", number(kCount)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(program_);
    arguments.insert(arguments.end(), args.begin(), args.end());
    return rustg(arguments);
  }
  Scratch scratch_;
  std::string program_;
};

TEST_F(Instances, PrintWholeLines) {
  Ran ran = run_all({"--jobs", "7"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  std::multiset<std::string> expected, found;
  std::string all;
  for (int i = 0; i < kCount; i++) all += output_of(i) + "\n";
  std::istringstream expected_lines(all), lines(ran.out);
  for (std::string line; std::getline(expected_lines, line);) expected.insert(line);
  for (std::string line; std::getline(lines, line);) found.insert(line);
  EXPECT_EQ(found, expected);
  std::istringstream notes(ran.err);
  for (std::string line; std::getline(notes, line);) EXPECT_TRUE(line.starts_with("note ")) << line;
}

TEST_F(Instances, PrintInOrderIfAsked) {
  Ran ran = run_all({"--jobs", "7", "--ordered"});
  std::string expected, notes;
  for (int i = 0; i < kCount; i++) {
    expected += output_of(i) + "\n";
    for (int line = 0; line <= i % 7; line++) notes += "note " + number(i) + "\n";
  }
  EXPECT_EQ(ran.out, expected);
  EXPECT_EQ(ran.err, notes);
}

TEST_F(Instances, PrintToFilesIfAsked) {
  scratch_.write("out/3.stdout", "something from an earlier run, which must not stay");
  Ran ran = run_all({"--output-dir", scratch_ / "out"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out + ran.err, "");
  for (int i = 0; i < kCount; i++) {
    EXPECT_EQ(read_file(scratch_ / ("out/" + number(i) + ".stdout")), output_of(i));
    EXPECT_TRUE(read_file(scratch_ / ("out/" + number(i) + ".stderr")).starts_with("note " + number(i) + "\n"));
  }
}

TEST_F(Instances, GiveTheFirstFailuresExitCodeByIndex) {
  Ran ran = run_all({"--jobs", "4"}, {"exit"});
  EXPECT_EQ(ran.exit_code, 20);
  EXPECT_NE(ran.err.find("error: 2 of 300 instances failed; the first is instance 20, with exit code 20\n"),
            std::string::npos)
      << ran.err;
}

TEST_F(Instances, TrapAloneAndTheOthersGoOn) {
  Ran ran = run_all({"--ordered"}, {"trap"});
  EXPECT_EQ(ran.exit_code, 134);
  EXPECT_NE(ran.err.find("error: instance 5: wasm trap: wasm `unreachable` instruction executed\n"), std::string::npos)
      << ran.err;
  EXPECT_NE(ran.err.find("error: 3 of 300 instances failed, 3 of them in a trap; the first is instance 5"),
            std::string::npos)
      << ran.err;
  std::string expected;
  for (int i = 0; i < kCount; i++) expected += output_of(i) + "\n";
  EXPECT_EQ(ran.out, expected);
}

TEST_F(Instances, OfOneAreStillNumbered) {
  Ran ran = rustg({"run", "--instances", "1", program_});
  EXPECT_EQ(ran.out, output_of(0) + "\n");
}

TEST_F(Instances, RefuseAnOutputFolderThatIsAFile) {
  auto file = scratch_.write("file", "");
  Ran ran = run_all({"--output-dir", file});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(ran.err.starts_with("error: ")) << ran.err;
}

}  // namespace
}  // namespace rustg::testing
