// `rustg graph draw`: what it writes for a workspace and for a crate, and what it says where it cannot.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/process.h"

namespace rustg::testing {
namespace {

class Draw : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string index = scratch_
                                  .write("index.jsonl", R"index({"name":"log","vers":"0.4.0","deps":[]}
{"name":"old","vers":"1.0.0","deps":[{"name":"log","req":"^0.4"}]}
{"name":"old","vers":"2.0.0","deps":[{"name":"log","req":"^0.4"},{"name":"winapi","req":"^0.3","target":"cfg(windows)"}]}
{"name":"winapi","vers":"0.3.9","deps":[]}
{"name":"cc","vers":"1.0.0","deps":[{"name":"log","req":"^0.4"}]}
{"name":"check","vers":"1.0.0","deps":[{"name":"log","req":"^0.4"}]}
{"name":"gone","vers":"1.0.0","deps":[{"name":"nowhere","req":"^1"}]}
)index")
                                  .string();
    snapshot_ = (scratch_ / "a.rgraph").string();
    ASSERT_EQ(rustg({"graph", "import", index, "-o", snapshot_}).exit_code, 0);
    write("Cargo.toml", "[workspace]\nmembers = [\"app\", \"core\"]\nresolver = \"2\"\n");
    write("app/Cargo.toml", R"([package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
core = { path = "../core" }
old = "2"
log = "0.4"
)");
    write("core/Cargo.toml", R"([package]
name = "core"
version = "0.2.0"
edition = "2021"
[dependencies]
older = { package = "old", version = "1" }
[build-dependencies]
cc = "1"
[dev-dependencies]
check = "1"
app = { path = "../app" }
)");
    for (const char* member : {"app", "core"}) write(std::string(member) + "/src/lib.rs", "");
  }
  void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories((scratch_ / name).parent_path());
    scratch_.write(name, content);
  }
  Ran draw(const std::string& to, std::vector<std::string> more = {}) {
    std::vector<std::string> all = {"graph", "draw", (scratch_ / "Cargo.toml").string(), "--registry", snapshot_,
                                    "-o",    to};
    all.insert(all.end(), more.begin(), more.end());
    return rustg(all);
  }
  std::string drawn(const std::string& name, std::vector<std::string> more = {}) {
    const Ran ran = draw((scratch_ / name).string(), std::move(more));
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return read_file(scratch_ / name);
  }
  Scratch scratch_;
  std::string snapshot_;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_F(Draw, SvgOfAWorkspace) {
  const std::string svg = drawn("a.svg");
  // app, core, log, old twice, winapi, cc.
  EXPECT_EQ(count(svg, "<g class=\"k"), 7u + 3u) << "boxes and the legend's";
  EXPECT_EQ(count(svg, "<g class=\"km\" id="), 2u);
  EXPECT_EQ(count(svg, "<g class=\"kb\" id="), 1u) << "cc is only there to build";
  EXPECT_EQ(count(svg, "<g class=\"kn o\" id="), 1u) << "winapi is for some platforms";
  EXPECT_TRUE(has(svg, "class=\"v x\">1.0.0</text>")) << "old has two versions";
  EXPECT_TRUE(has(svg, "class=\"v x\">2.0.0</text>"));
  EXPECT_TRUE(has(svg, "<title>core needs cc, to build</title>"));
  EXPECT_TRUE(has(svg, "<title>old needs winapi, on some platforms</title>"));
  EXPECT_FALSE(has(svg, "<title>app needs log</title>")) << "follows from app -> old -> log";
  EXPECT_TRUE(has(svg, "7 packages, 9 dependencies in 4 layers; 1 crate in several versions"));
  const Ran ran = rustg({"graph", "draw", scratch_.path().string(), "--registry", snapshot_, "-o",
                         (scratch_ / "c.svg").string(), "--title", "app"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has(read_file(scratch_ / "c.svg"), "<title>app</title>")) << "a folder is its Cargo.toml";
  EXPECT_TRUE(has(drawn("b.svg", {"--transitive"}), "<path class=\"t\" "));
}

TEST_F(Draw, WithDevDependenciesACycleIsOneBox) {
  const std::string svg = drawn("a.svg", {"--dev"});
  EXPECT_TRUE(has(svg, "app 0.1.0\n")) << svg;
  EXPECT_TRUE(has(svg, "These need each other.</title>"));
  EXPECT_EQ(count(svg, "<g class=\"km\" id="), 1u);
  EXPECT_EQ(count(svg, "<g class=\"kd\" id="), 1u) << "check is only there for tests";
}

TEST_F(Draw, XmlIsWellFormed) {
  SKIP_WITHOUT("python3");
  drawn("a.svg", {"--transitive", "--dev"});
  const Ran ran =
      run({"python3", "-c", "import sys, xml.etree.ElementTree as e; r = e.parse(sys.argv[1]).getroot(); print(r.tag)",
           (scratch_ / "a.svg").string()});
  EXPECT_EQ(ran.out, "{http://www.w3.org/2000/svg}svg\n") << ran.err;
}

TEST_F(Draw, DotOfAWorkspace) {
  const std::string dot = drawn("a.dot", {"--dev"});
  EXPECT_TRUE(has(dot, "digraph ")) << dot;
  EXPECT_TRUE(has(dot, "label=\"old 1.0.0\""));
  EXPECT_EQ(drawn("a.gv", {"--dev"}), dot);
  SKIP_WITHOUT("dot");
  const Ran ran = run({"dot", "-Tplain", (scratch_ / "a.dot").string()});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(count("\n" + ran.out, "\nnode "), count(dot, " [label="));
  EXPECT_EQ(count("\n" + ran.out, "\nedge "), count(dot, " -> "));
}

TEST_F(Draw, SameForAnyNumberOfThreads) {
  for (const char* name : {"a.svg", "a.html", "a.dot"}) {
    const std::string one = drawn(name);
    for (const char* threads : {"1", "3"}) {
      const Ran ran = rustg({"graph", "draw", (scratch_ / "Cargo.toml").string(), "--registry", snapshot_, "-o",
                             (scratch_ / name).string()},
                            {.variables = {{"RUSTG_THREADS", threads}}});
      EXPECT_EQ(ran.exit_code, 0) << ran.err;
      EXPECT_EQ(read_file(scratch_ / name), one);
    }
  }
}

TEST_F(Draw, OneCrateOfARegistry) {
  const std::string to = (scratch_ / "a.svg").string();
  Ran ran = rustg({"graph", "draw", snapshot_, "old", "-o", to});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has(read_file(to), ">old 2.0.0</text>"));
  EXPECT_TRUE(has(read_file(to), ">winapi</text>"));
  ran = rustg({"graph", "draw", snapshot_, "old@1.0.0", "-o", to});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_FALSE(has(read_file(to), ">winapi</text>"));
  // A crate that needs nothing is one box.
  ran = rustg({"graph", "draw", snapshot_, "log", "-o", to});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has(read_file(to), "1 package, 0 dependencies in 1 layer<"));
  EXPECT_TRUE(
      has(rustg({"graph", "draw", snapshot_, "nope", "-o", to}).err, "there is no crate `nope` in the registry"));
  EXPECT_TRUE(
      has(rustg({"graph", "draw", snapshot_, "old@3.0.0", "-o", to}).err, "no version of `old` matches `3.0.0`"));
  ran = rustg({"graph", "draw", snapshot_, "gone", "-o", to});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.err, "nowhere")) << ran.err;
}

TEST_F(Draw, WholeRegistry) {
  const std::string svg = (scratch_ / "all.svg").string();
  Ran ran = rustg({"graph", "draw", snapshot_, "-o", svg});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const std::string text = read_file(svg);
  EXPECT_TRUE(has(text, "6 crates, 4 dependencies of their newest versions")) << text;
  EXPECT_EQ(count(text, "<circle class=\"d\""), 6u);
  EXPECT_TRUE(has(text, ">log</text>"));
  ran = rustg({"graph", "draw", snapshot_, "-o", (scratch_ / "all.html").string(), "--title", "a <title> & more"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has(read_file(scratch_ / "all.html"), "<title>a &lt;title&gt; &amp; more</title>"));
  ran = rustg({"graph", "draw", snapshot_, "-o", (scratch_ / "all.dot").string()});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.err, "a whole registry is more than DOT's programs can lay out")) << ran.err;
}

TEST_F(Draw, SaysWhatIsWrong) {
  Ran ran = draw((scratch_ / "a.png").string());
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(has(ran.err, "a.png: what kind of picture? Its name has to end in .svg, .dot or .html")) << ran.err;
  ran = draw((scratch_ / "no/such/folder/a.svg").string());
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.err, "cannot write ")) << ran.err;
  EXPECT_TRUE(has(ran.err, "No such file or directory")) << ran.err;
  if (std::filesystem::exists("/dev/full")) {
    std::filesystem::create_symlink("/dev/full", scratch_ / "full.svg");
    ran = draw((scratch_ / "full.svg").string());
    EXPECT_EQ(ran.exit_code, 1);
    EXPECT_TRUE(has(ran.err, "No space left on device")) << ran.err;
  }
  EXPECT_EQ(rustg({"graph", "draw", snapshot_}).exit_code, 2) << "without -o";
  // More packages than anybody could look at.
  std::string many, needs;
  for (int i = 0; i != 2600; ++i) {
    many += "{\"name\":\"c" + std::to_string(i) + "\",\"vers\":\"1.0.0\",\"deps\":[]}\n";
    needs += (i == 0 ? "" : ",") + ("{\"name\":\"c" + std::to_string(i) + "\",\"req\":\"^1\"}");
  }
  const std::string large = (scratch_ / "large.rgraph").string();
  const std::string index =
      scratch_.write("large.jsonl", many + "{\"name\":\"all\",\"vers\":\"1.0.0\",\"deps\":[" + needs + "]}\n").string();
  ASSERT_EQ(rustg({"graph", "import", index, "-o", large}).exit_code, 0);
  ran = rustg({"graph", "draw", large, "all", "-o", (scratch_ / "a.svg").string()});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.err, "these are 2601 packages; of more than 2500 no drawing can be read")) << ran.err;
  write("Cargo.toml", "[workspace]\nmembers = []\n");
  ran = draw((scratch_ / "a.svg").string());
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.err, "there is no package to draw")) << ran.err;
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "a.svg")) << "nothing is written where there is nothing to show";
}

}  // namespace
}  // namespace rustg::testing
