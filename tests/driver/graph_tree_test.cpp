// `rustg graph tree`. What it prints is held to cargo's in tests/graph/cargo_trees.py; here is what cargo does not do, and what goes wrong.
#include <gtest/gtest.h>

#include "driver/process.h"

namespace rustg::testing {
namespace {

class GraphTree : public ::testing::Test {
 protected:
  void SetUp() override {
    scratch_.write("index.jsonl",
                   R"j({"name":"leaf","vers":"1.0.0","deps":[],"features":{"default":["std"],"std":[]}}
{"name":"leaf","vers":"2.0.0","deps":[],"features":{"fast":[]}}
{"name":"twig","vers":"1.2.0","deps":[{"name":"leaf","req":"^1","default_features":false},{"name":"helper","req":"^1","kind":"build"},{"name":"leaf2","package":"leaf","req":"^2","optional":true,"features":["fast"]},{"name":"winonly","req":"^1","target":"cfg(windows)"}],"features":{"more":["dep:leaf2"]}}
{"name":"helper","vers":"1.0.0","deps":[{"name":"leaf","req":"^1"}]}
{"name":"winonly","vers":"1.0.0","deps":[]}
)j");
    snapshot_ = (scratch_ / "a.rgraph").string();
    ASSERT_EQ(rustg({"graph", "import", (scratch_ / "index.jsonl").string(), "-o", snapshot_}).exit_code, 0);
  }
  Ran tree(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"graph", "tree"});
    return rustg(arguments, {.variables = {{"CARGO_HOME", (scratch_ / "home").string()}}});
  }

  Scratch scratch_;
  std::string snapshot_;
};

TEST_F(GraphTree, ShowsACrateOfASnapshot) {
  Ran ran = tree({snapshot_, "twig", "--target", "all", "-f", "{p} {f}"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "twig v1.2.0 \n"
            "├── leaf v1.0.0 \n"
            "└── winonly v1.0.0 \n"
            "[build-dependencies]\n"
            "└── helper v1.0.0 \n"
            "    └── leaf v1.0.0 default,std\n");
  EXPECT_NE(ran.err.find("no Cargo.toml on this machine"), std::string::npos) << ran.err;
  ran = tree({snapshot_, "twig@1", "--target", "all", "--features", "more", "--charset", "ascii", "-e", "normal"});
  EXPECT_EQ(ran.out, "twig v1.2.0\n|-- leaf v1.0.0\n|-- leaf v2.0.0\n`-- winonly v1.0.0\n") << ran.err;
  ran = tree({snapshot_, "twig", "--target", "all", "-i", "leaf@1", "--prefix", "depth"});
  EXPECT_EQ(ran.out,
            "0leaf v1.0.0\n1twig v1.2.0\n"
            "\n0leaf v1.0.0\n1helper v1.0.0\n2twig v1.2.0\n")
      << ran.err;
}

TEST_F(GraphTree, ReadsFromUnpackedPackagesWhatTheIndexDoesNotSay) {
  scratch_.write("home/registry/src/index-1/helper-1.0.0/Cargo.toml",
                 "[package]\nname = \"helper\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n[lib]\nproc-macro = true\n");
  Ran ran = tree({snapshot_, "helper", "--target", "all", "--format", "{p} [{l}]"});
  EXPECT_EQ(ran.out, "helper v1.0.0 (proc-macro) [MIT]\n└── leaf v1.0.0 []\n") << ran.err;
}

TEST_F(GraphTree, TellsPrograms) {
  Ran ran = tree({snapshot_, "twig", "--target", "all", "--format", "json", "-e", "normal"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find(R"({"roots":[0],"nodes":[{"name":"twig","version":"1.2.0",)"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(R"("edges":[{"from":0,"to":1,"kind":"normal"},{"from":0,"to":2,"kind":"normal"}])"),
            std::string::npos)
      << ran.out;
}

TEST_F(GraphTree, SaysWhatIsWrong) {
  auto fails = [&](std::vector<std::string> arguments, const std::string& message) {
    arguments.insert(arguments.begin(), snapshot_);
    Ran ran = tree(arguments);
    EXPECT_NE(ran.exit_code, 0);
    EXPECT_NE(ran.err.find(message), std::string::npos) << ran.err;
  };
  fails({"bark", "--target", "all"}, "there is no crate `bark`");
  fails({"twig@3", "--target", "all"}, "no version of `twig` matches `3`");
  fails({"twig", "--target", "all", "-f", "{x}"}, "tree format `{x}` not valid");
  fails({"twig", "--target", "all", "-i", "lief"}, "help: a package with a similar name exists: `leaf`");
  fails({"twig", "-e", "no-dev,build"}, "`build` dependency kind cannot be mixed with");
  fails({"twig", "-e", "features", "-d"}, "the `-e features` flag does not support `--duplicates`");
  fails({"twig", "--depth", "deep"}, "supported values for --depth are non-negative integers and `workspace`");
  fails({"twig", "-i"}, "a package name is required for `-i` but none was supplied");
  Ran ran = rustg({"graph", "tree", snapshot_, "twig"}, {.variables = {{"RUSTC", (scratch_ / "none").string()}}});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("--target all shows those of every target"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace rustg::testing
