// `rustg graph import` and `rustg graph stats`.
#include <gtest/gtest.h>

#include <fstream>

#include "driver/process.h"

namespace rustg::testing {
namespace {

class Graph : public ::testing::Test {
 protected:
  Scratch scratch_;
  std::string index_ =
      scratch_
          .write("index.jsonl", R"({"name":"a","vers":"1.0.0","deps":[{"name":"b","req":"^1","kind":"dev"}]}
{"name":"a","vers":"1.1.0","deps":[{"name":"b","req":"^1"}],"yanked":true}
{"name":"b","vers":"one","deps":[]}
{"name":"b","vers":"1.0.0","deps":[{"name":"gone","req":"*","optional":true}]}
)")
          .string();
  std::string snapshot_ = (scratch_ / "a.rgraph").string();
};

TEST_F(Graph, ImportsAndSaysWhatIsThere) {
  Ran ran = rustg({"graph", "import", index_, "-o", snapshot_});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("warning: " + index_ +
                         ":3: version `one`: unexpected character 'o' while parsing major version number; left out\n"),
            std::string::npos)
      << ran.err;
  EXPECT_NE(ran.err.find("2 crates, 3 versions from "), std::string::npos) << ran.err;
  ran = rustg({"graph", "stats", snapshot_, "--format", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(
      ran.out.find(
          R"("crates":2,"versions":3,"yanked":1,"edges":3,"edges, normal":2,"edges, build":0,"edges, dev":1,"edges, optional":1,"edges to nowhere":1,)"),
      std::string::npos)
      << ran.out;
  ran = rustg({"graph", "stats", snapshot_});
  EXPECT_NE(ran.out.find("versions                          3\n"), std::string::npos) << ran.out;
}

TEST_F(Graph, Updates) {
  EXPECT_EQ(rustg({"graph", "import", index_, "-o", snapshot_}).exit_code, 0);
  std::string more =
      scratch_
          .write("more.jsonl", R"({"name":"a","vers":"1.0.0","deps":[{"name":"b","req":"^1","kind":"dev"}]}
{"name":"a","vers":"1.1.0","deps":[{"name":"b","req":"^1"}],"yanked":true}
{"name":"c","vers":"1.0.0","deps":[]}
)")
          .string();
  Ran ran = rustg({"graph", "import", more, "-o", snapshot_, "--update", "--format=json", "--stats"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find(R"("crates":2,"versions":3,"changed_crates":1,"removed_crates":1,)"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find(R"("edges":2,)"), std::string::npos) << ran.out;
}

TEST_F(Graph, CompressesAndKeepsTheForm) {
  const auto form = [&] {
    std::ifstream file(snapshot_, std::ios::binary);
    char bytes[48] = {};
    file.read(bytes, sizeof bytes);
    return int(bytes[36]);
  };
  const auto stats = [&] { return rustg({"graph", "stats", snapshot_}); };
  EXPECT_EQ(rustg({"graph", "import", index_, "-o", snapshot_}).exit_code, 0);
  EXPECT_EQ(form(), 0);
  const std::string mapped = stats().out;
  Ran ran = rustg({"graph", "import", index_, "-o", snapshot_, "--compress"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(form(), 1);
  EXPECT_EQ(stats().out, mapped);
  EXPECT_NE(mapped.find("versions                          3\n"), std::string::npos) << mapped;
  // Everything else opens it too.
  ran = rustg({"graph", "rdeps", "b", snapshot_, "--dev"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("a"), std::string::npos) << ran.out;
  EXPECT_EQ(rustg({"graph", "rdeps", "b", "--registry", snapshot_, "--dev"}).out, ran.out);
  EXPECT_EQ(rustg({"graph", "resolve", "--all", snapshot_}).exit_code, 0);
  std::string more = scratch_.write("more.jsonl", R"({"name":"c","vers":"1.0.0","deps":[]})").string();
  const auto update = [&](const char* option) {
    std::vector<std::string> arguments{"graph", "import", more, "-o", snapshot_, "--update", "--format=json"};
    if (*option) arguments.push_back(option);
    return rustg(arguments);
  };
  ran = update("");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find(R"("crates":1,"versions":1,"changed_crates":1,"removed_crates":2,)"), std::string::npos)
      << ran.out;
  EXPECT_EQ(form(), 1);
  ran = update("--no-compress");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(form(), 0);
  EXPECT_EQ(update("").exit_code, 0);
  EXPECT_EQ(form(), 0);
  EXPECT_EQ(update("--compress").exit_code, 0);
  EXPECT_EQ(form(), 1);
  EXPECT_EQ(rustg({"graph", "import", index_, "-o", snapshot_, "--compress", "--no-compress"}).exit_code, 2);
  EXPECT_EQ(rustg({"graph", "import", index_, "-o", snapshot_}).exit_code, 0);
  EXPECT_EQ(form(), 0);
}

TEST_F(Graph, SaysWhatIsWrong) {
  Ran ran = rustg({"graph", "import", (scratch_ / "gone").string(), "-o", snapshot_});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("No such file or directory"), std::string::npos) << ran.err;
  ran = rustg({"graph", "stats", index_});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("index.jsonl: not a snapshot of a registry"), std::string::npos) << ran.err;
  EXPECT_EQ(rustg({"graph"}).exit_code, 2);
  EXPECT_EQ(rustg({"graph", "import", index_}).exit_code, 2);
  std::string empty = scratch_.write("empty.jsonl", "{}\n").string();
  ran = rustg({"graph", "import", empty, "-o", snapshot_});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("`name` is missing"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("there is no version of a crate in it"), std::string::npos) << ran.err;
  ran = rustg({"graph", "import", "--help"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.out.find("rustg graph import [OPTIONS] INDEX -o FILE"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace rustg::testing
