// `rustg check --syntax` from outside: which files it checks, with which edition, and what it makes of bad input.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <regex>
#include <thread>

#include "driver/process.h"

namespace rustg::testing {
namespace {

namespace fs = std::filesystem;

Ran check(std::vector<std::string> arguments, const How& how = {}) {
  arguments.insert(arguments.begin(), {"check", "--syntax", "--error-format", "short", "--device", "cpu"});
  return rustg(arguments, how);
}

// Lines of stderr, without the last one, which counts.
std::vector<std::string> lines(const Ran& ran) {
  std::vector<std::string> all;
  std::istringstream in(ran.err);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && !line.starts_with("error: aborting due to")) all.push_back(line);
  return all;
}

void expect_accepted(const Ran& ran) {
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, "");
}
// One error, with these words, and exit code 1.
void expect_one(const Ran& ran, const std::vector<std::string>& words) {
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  ASSERT_EQ(lines(ran).size(), 1u) << ran.err;
  EXPECT_NE(ran.err.find("error: aborting due to 1 previous error\n"), std::string::npos) << ran.err;
  for (const std::string& word : words) EXPECT_NE(ran.err.find(word), std::string::npos) << "no `" << word << "` in: " << ran.err;
}

// How many files --stats says were checked.
int files_checked(const Ran& ran) {
  std::smatch found;
  return std::regex_search(ran.err, found, std::regex("stats: (\\d+) files")) ? std::stoi(found[1]) : -1;
}

constexpr const char* kBad = "fn main() { let x = ; }\n";
// Accepted from 2018 on only.
constexpr const char* kAsync = "async fn f() {}\n";

TEST(Check, FilesThatAreRight) {
  Scratch scratch;
  expect_accepted(check({scratch.write("a.rs", "fn main() {}\n"), scratch.write("b.rs", "")}));
}

TEST(Check, SaysWhatRustcSays) {
  SKIP_WITHOUT("rustc");
  Scratch scratch;
  for (const char* text : {kBad, "fn f() { \"abc }\n", "fn f() { 'ab' }\n", "fn f(\xc3\xa9: u8) {\n\tlet \xc3\xa9 = 1 +;\r\n}\n"}) {
    fs::path file = scratch.write("a.rs", text);
    Ran ours = rustg({"check", "--syntax", file}), rustcs = run({"rustc", "--crate-type", "lib", file});
    // What comes after parsing is rustc's alone; these have nothing after it.
    EXPECT_EQ(ours.exit_code, 1);
    EXPECT_EQ(std::regex_replace(ours.err, std::regex("rustg --explain"), "rustc --explain"), rustcs.err);
  }
}

TEST(Check, AllErrorsOfAllFilesInTheirOrder) {
  Scratch scratch;
  for (int i = 0; i < 40; ++i) scratch.write("f" + std::to_string(10 + i) + "/x.rs", std::string(kBad) + "fn\n" + std::string(200, ' ') + kBad);
  // Small batches, on many threads.
  Ran one = check({"-j1", scratch.path()}), many = check({"-j7", "--batch", "500", scratch.path()});
  EXPECT_EQ(one.exit_code, 1);
  EXPECT_EQ(one.err, many.err);
  std::vector<std::string> said = lines(one);
  EXPECT_GE(said.size(), 80u);
  std::vector<std::string> files;
  for (const std::string& line : said) files.push_back(line.substr(0, line.find(".rs:")));
  EXPECT_TRUE(std::is_sorted(files.begin(), files.end()));
}

TEST(Check, FoldersWithoutHiddenOnesAndBuildOutput) {
  Scratch scratch;
  scratch.write("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\nedition = \"2021\"\n");
  scratch.write("src/main.rs", kAsync);
  scratch.write("src/target/mod.rs", kAsync);  // a module, not what cargo builds
  scratch.write("target/debug/x.rs", kBad);
  scratch.write(".hidden/x.rs", kBad);
  scratch.write("src/readme.txt", kBad);
  scratch.write("other/target/CACHEDIR.TAG", "");
  scratch.write("other/target/x.rs", kBad);
  Ran ran = check({"--stats", scratch.path()});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(files_checked(ran), 2);
}

TEST(Check, TheCurrentFolderWhereNoneIsGiven) {
  Scratch scratch;
  scratch.write("src/a.rs", kBad);
  Ran ran = check({}, {.folder = scratch.path()});
  expect_one(ran, {"src/a.rs:1:21: error: expected expression, found `;`"});
  EXPECT_TRUE(ran.err.starts_with("src/a.rs:"));
}

TEST(Check, EachFileOnce) {
  Scratch scratch;
  fs::path file = scratch.write("a/x.rs", kBad);
  expect_one(check({file, scratch / "a", scratch.path(), file}), {"x.rs:1:21"});
}

TEST(Check, SymbolicLinks) {
  Scratch scratch;
  Scratch elsewhere;
  elsewhere.write("y.rs", "");
  scratch.write("a/x.rs", "");
  fs::create_directory_symlink(scratch.path(), scratch / "a/up");
  fs::create_directory_symlink(scratch / "a", scratch / "b");
  fs::create_directory_symlink(elsewhere.path(), scratch / "c");
  fs::create_symlink(scratch / "a/x.rs", scratch / "z.rs");
  Ran ran = check({"--stats", scratch.path()});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(files_checked(ran), 3);  // x, y, and z, which is a name of its own
}

TEST(CheckEdition, OfBareFilesIs2015) {
  Scratch scratch;
  fs::path file = scratch.write("a.rs", kAsync);
  expect_one(check({file}), {"error[E0670]", "2015"});
  expect_accepted(check({"--edition", "2018", file}));
}

TEST(CheckEdition, ComesFromThePackage) {
  Scratch scratch;
  scratch.write("old/Cargo.toml", "[package]\nname = \"old\"\n");
  scratch.write("old/src/lib.rs", kAsync);
  scratch.write("new/Cargo.toml", "[package]\nname = \"new\"\nedition = \"2024\"\n");
  scratch.write("new/src/lib.rs", kAsync);
  expect_one(check({scratch.path()}), {"old/src/lib.rs", "E0670"});
  // A part of a package is of its edition, and so is what a manifest stands for.
  expect_accepted(check({scratch / "new/src"}));
  expect_accepted(check({scratch / "new/Cargo.toml"}));
  expect_accepted(check({"--edition", "2021", scratch.path()}));
}

TEST(CheckEdition, IsInheritedFromTheWorkspace) {
  Scratch scratch;
  scratch.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"last\"]\n[workspace.package]\nedition = \"2021\"\n");
  scratch.write("crates/a/Cargo.toml", "[package]\nname = \"a\"\nedition.workspace = true\n");
  scratch.write("crates/a/src/lib.rs", kAsync);
  scratch.write("crates/b/Cargo.toml", "[package]\nname = \"b\"\nedition = { workspace = true }\n");
  scratch.write("crates/b/src/lib.rs", kAsync);
  scratch.write("last/Cargo.toml", "[package]\nname = \"last\"\nedition = \"2015\"\n");
  scratch.write("last/src/lib.rs", "fn f(async: u8) {}\n");
  expect_accepted(check({scratch.path()}));
  expect_accepted(check({scratch / "crates/a"}));
}

TEST(CheckEdition, MembersMayLieElsewhere) {
  Scratch scratch;
  scratch.write("root/Cargo.toml", "[workspace]\nmembers = [\"../member\"]\n");
  scratch.write("root/a.rs", "");
  scratch.write("member/Cargo.toml", "[package]\nname = \"a\"\nedition = \"2021\"\nworkspace = \"../root\"\n");
  scratch.write("member/lib.rs", std::string(kAsync) + kBad);
  expect_one(check({scratch / "root"}), {"member/lib.rs:2:21"});
}

TEST(CheckBadManifest, Broken) {
  Scratch scratch;
  scratch.write("a/Cargo.toml", "[package]\nname = \"a\nedition = 5\n");
  scratch.write("a/lib.rs", kBad);
  scratch.write("b.rs", kBad);
  Ran ran = check({scratch.path()});
  EXPECT_EQ(ran.exit_code, 1);
  // What is in no doubt is checked all the same.
  ASSERT_EQ(lines(ran).size(), 3u) << ran.err;
  EXPECT_NE(ran.err.find("a/Cargo.toml:2:"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("failed to parse manifest"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("1 file was not checked"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("b.rs:1:21"), std::string::npos) << ran.err;
}

TEST(CheckBadManifest, UnknownEdition) {
  Scratch scratch;
  scratch.write("Cargo.toml", "[package]\nname = \"a\"\nedition = \"2077\"\n");
  scratch.write("lib.rs", "");
  Ran ran = rustg({"check", "--syntax", scratch.path()});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("Cargo.toml:3:11"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("`2015`, `2018`, `2021`, or `2024`, but `2077` is unknown"), std::string::npos) << ran.err;
}

TEST(CheckBadManifest, NothingToInherit) {
  Scratch scratch;
  scratch.write("Cargo.toml", "[package]\nname = \"a\"\nedition.workspace = true\n");
  scratch.write("lib.rs", "");
  Ran ran = check({scratch.path()});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("error inheriting `edition`"), std::string::npos) << ran.err;
}

TEST(CheckBadManifest, MissingMember) {
  Scratch scratch;
  scratch.write("Cargo.toml", "[workspace]\nmembers = [\"here\", \"gone\"]\n");
  scratch.write("here/Cargo.toml", "[package]\nname = \"a\"\n");
  scratch.write("here/lib.rs", "");
  expect_one(check({scratch.path()}), {"failed to load manifest for workspace member", "gone", "No such file"});
}

TEST(CheckBadPath, Missing) { expect_one(check({"no/such.rs"}), {"couldn't read `no/such.rs`: No such file or directory (os error 2)"}); }

TEST(CheckBadPath, FolderWithoutRust) {
  Scratch scratch;
  scratch.write("a/readme.txt", "");
  expect_one(check({scratch.path()}), {"no Rust source file (`.rs`) below"});
}

TEST(CheckBadPath, FolderNamedLikeAFile) {
  Scratch scratch;
  scratch.write("x.rs/y.rs", kBad);
  expect_one(check({scratch.path()}), {"x.rs/y.rs:1:21"});
  expect_one(check({scratch / "x.rs"}), {"x.rs/y.rs:1:21"});
}

TEST(CheckBadPath, DanglingLink) {
  Scratch scratch;
  fs::create_symlink("nowhere", scratch / "x.rs");
  expect_one(check({scratch.path()}), {"x.rs", "No such file or directory"});
  expect_one(check({scratch / "x.rs"}), {"x.rs", "No such file or directory"});
}

TEST(CheckBadPath, Fifo) {
  Scratch scratch;
  scratch.write("a.rs", "");
  ASSERT_EQ(mkfifo((scratch / "x.rs").c_str(), 0600), 0);
  expect_one(check({scratch / "x.rs"}), {"x.rs", "not a regular file"});
  expect_accepted(check({scratch.path()}));  // one in a folder is nobody's source
}

TEST(CheckBadFile, Unreadable) {
  // A file that opens but does not read, for root too.
  expect_one(check({"/proc/self/mem"}), {"/proc/self/mem", "os error"});
  if (geteuid() == 0) GTEST_SKIP() << "root may read all files";
  Scratch scratch;
  fs::path file = scratch.write("a.rs", "");
  fs::permissions(file, fs::perms::none);
  expect_one(check({file}), {"a.rs", "Permission denied (os error 13)"});
}

TEST(CheckBadFile, NotUtf8SaysWhere) {
  Scratch scratch;
  fs::path file = scratch.write("a.rs", "fn main() {\r\n  let a = \"x\xff\";\n}\n");
  Ran ran = rustg({"check", "--syntax", file});
  EXPECT_EQ(ran.exit_code, 1);
  for (const char* words : {"stream did not contain valid UTF-8", "a.rs:2:13", "byte `255` is not valid utf-8"})
    EXPECT_NE(ran.err.find(words), std::string::npos) << ran.err;
  if (has_program("rustc")) {
    EXPECT_EQ(ran.err, run({"rustc", file}).err);
  }
}

TEST(CheckBadFile, Binary) {
  Scratch scratch;
  expect_one(check({scratch.write("a.rs", read_file(rustg_path()))}), {"a.rs", "stream did not contain valid UTF-8", "byte `"});
}

TEST(CheckBadFile, Nuls) {
  Scratch scratch;
  Ran ran = check({scratch.write("a.rs", std::string("fn f() {}\0\0\0", 12))});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("a.rs:1:10: error: unknown start of token: \\u{0}"), std::string::npos) << ran.err;
}

TEST(CheckBadFile, TooLarge) {
  Scratch scratch;
  scratch.write("large.rs", "//" + std::string(5000, 'x') + "\n");
  scratch.write("small.rs", kBad);
  Ran ran = check({"--max-file", "4K", scratch.path()});
  EXPECT_EQ(ran.exit_code, 1);
  ASSERT_EQ(lines(ran).size(), 2u) << ran.err;
  EXPECT_NE(lines(ran)[0].find("large.rs`: it is too large: 5003 bytes, where at most 4096 can be checked"), std::string::npos) << ran.err;
  EXPECT_NE(lines(ran)[1].find("small.rs:1:21"), std::string::npos) << ran.err;
}

// What no address space holds: the size alone refuses it.
TEST(CheckBadFile, LargerThanFourGigabytes) {
  Scratch scratch;
  fs::path file = scratch.write("large.rs", "");
  if (truncate(file.c_str(), off_t(5) << 30) != 0) GTEST_SKIP() << "no such large files here";
  expect_one(check({file}), {"large.rs`: it is too large: 5368709120 bytes"});
}

TEST(CheckExtreme, Nesting) {
  constexpr int kDeep = 100'000;
  Scratch scratch;
  auto nested = [&](const std::string& open, const std::string& inner, const std::string& close) {
    std::string text = "fn f() { ";
    for (int i = 0; i < kDeep; ++i) text += open;
    text += inner;
    for (int i = 0; i < kDeep; ++i) text += close;
    return scratch.write("a.rs", text + " }\n");
  };
  expect_accepted(check({nested("(", "1", ")")}));
  expect_accepted(check({nested("{", "", "}")}));
  expect_accepted(check({nested("[", "", "]")}));
  expect_one(check({nested("-", "1", "")}), {"a.rs:1:", "nested too deeply"});
  expect_one(check({nested("(", "1", "")}), {"a.rs:", "unclosed"});
  Ran closed = check({nested("", "1", ")")});
  EXPECT_EQ(closed.exit_code, 1);
}

TEST(CheckExtreme, TokenOfHundredMegabytes) {
  Scratch scratch;
  std::string much;
  while (much.size() < 100'000'000) much += "many words and no end ";
  Ran string = check({"--stats", scratch.write("a.rs", "const A: &str = \"" + much + "\";\n")});
  EXPECT_EQ(string.exit_code, 0) << string.err;
  EXPECT_NE(string.err.find(" 9 tokens"), std::string::npos) << string.err;
  expect_one(check({scratch.write("a.rs", "const A: &str = \"" + much)}), {"E0765", "unterminated double quote string"});
}

TEST(CheckExtreme, ManyErrors) {
  Scratch scratch;
  for (int file = 0; file < 300; ++file) {
    std::string text;
    for (int i = 0; i < 90; ++i) text += "fn f() { let x = ; }\nmod m { struct }\n";
    scratch.write("f" + std::to_string(file) + ".rs", text);
  }
  Ran ran = check({"--batch", "1G", "-j1", scratch.path()}), small = check({"--batch", "4K", scratch.path()});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.err, small.err);
}

// Files that come and go while they are looked for and read: nothing worse than that they are not there.
TEST(CheckExtreme, FilesThatVanish) {
  Scratch scratch;
  for (int i = 0; i < 50; ++i) scratch.write("steady" + std::to_string(i) + ".rs", "fn main() {}\n");
  std::atomic<bool> enough{false};
  std::thread other([&] {
    for (int i = 0; !enough; ++i) {
      fs::path file = scratch / ("passing" + std::to_string(i % 10) + ".rs");
      std::ofstream(file) << "fn f() {}\n";
      std::error_code gone;
      fs::remove(scratch / ("passing" + std::to_string((i + 5) % 10) + ".rs"), gone);
    }
  });
  for (int i = 0; i < 20; ++i) {
    Ran ran = check({scratch.path()});
    EXPECT_LE(ran.exit_code, 1);
    for (const std::string& line : lines(ran))
      EXPECT_TRUE(line.find("No such file or directory") != std::string::npos || line.find("it grew while it was read") != std::string::npos) << line;
  }
  enough = true;
  other.join();
}

TEST(CheckExtreme, ClosedOutput) {
  Scratch scratch;
  fs::path bad = scratch.write("a.rs", kBad), good = scratch.write("b.rs", "fn f() {}\n");
  EXPECT_EQ(run({"sh", "-c", rustg_path() + " check --syntax " + bad.string() + " 2>&-"}).exit_code, 1);
  // As any program: the reader has gone, so it ends, and says nothing.
  std::string many;
  for (int i = 0; i < 50000; ++i) many += "fn f() {}\n";
  Ran piped = run({"bash", "-c", "set -o pipefail; " + rustg_path() + " parse " + scratch.write("m.rs", many).string() + " | head -1"});
  EXPECT_EQ(piped.exit_code, 128 + SIGPIPE);
  EXPECT_EQ(piped.err, "");
  Ran full = run({"sh", "-c", rustg_path() + " parse " + good.string() + " > /dev/full"});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.err.find("couldn't write to stdout: No space left on device"), std::string::npos) << full.err;
}

TEST(CheckJson, IsAnObjectALine) {
  Scratch scratch;
  Ran ran = rustg({"check", "--syntax", "--error-format", "json", scratch.write("a.rs", kBad)});
  EXPECT_EQ(ran.exit_code, 1);
  for (const std::string& line : lines(ran)) EXPECT_TRUE(line.starts_with("{\"$message_type\":\"diagnostic\"") && line.ends_with("}")) << line;
  EXPECT_EQ(lines(ran).size(), 2u);
}

TEST(CheckUsage, IsExitCode2) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"check", "a.rs"}, {"check", "--syntax", "--edition", "2077"}, {"check", "--syntax", "--device", "tpu"},
           {"check", "--syntax", "--device", "cuda:"}, {"check", "--syntax", "--batch", "0"}, {"check", "--syntax", "--error-format", "xml"},
           {"parse"}, {"parse", "a.rs", "b.rs"}, {"parse", "--dump", "picture", "a.rs"}}) {
    Ran ran = rustg(arguments);
    EXPECT_EQ(ran.exit_code, 2) << arguments[0];
    EXPECT_TRUE(ran.err.starts_with("error: ")) << ran.err;
  }
}

TEST(CheckStats, Counts) {
  Scratch scratch;
  scratch.write("a.rs", "fn main() {}\n");
  scratch.write("b.rs", "fn f() {}\nfn g() {}");
  Ran ran = check({"--stats", scratch.path()});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("stats: 2 files, 3 lines, 0.000 MB, 20 tokens,"), std::string::npos) << ran.err;
  for (const char* stage : {"find files", "read", "lex", "parse", "report", "all", "Peak memory"})
    EXPECT_NE(ran.err.find(stage), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace rustg::testing
