// `rustg parse` from outside.
#include <gtest/gtest.h>
#include <simdjson.h>

#include "driver/process.h"

namespace rustg::testing {
namespace {

constexpr const char* kSource = "fn f() -> u8 {\n    a + 1\n}\n";

TEST(Parse, Tree) {
  Ran ran = rustg({"parse", "-"}, {.input = kSource});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "file 1:1-4:1\n"
            "  fn_item 1:1-3:2\n"
            "    name 1:4-1:5 \"f\"\n"
            "    params 1:5-1:7\n"
            "    ret 1:8-1:13\n"
            "      name 1:11-1:13 \"u8\"\n"
            "    block 1:14-3:2\n"
            "      binary 2:5-2:10 \"+\"\n"
            "        name 2:5-2:6 \"a\"\n"
            "        literal 2:9-2:10 \"1\"\n");
}

TEST(Parse, Tokens) {
  Scratch scratch;
  Ran ran = rustg({"parse", "--dump", "tokens", scratch.write("a.rs", "fn é(\"\\n\")\n")});
  EXPECT_EQ(ran.out,
            "1:1-1:3 kw_fn \"fn\"\n"
            "1:4-1:5 ident \"é\"\n"
            "1:5-1:6 open_paren \"(\"\n"
            "1:6-1:10 str \"\\\"\\\\n\\\"\"\n"
            "1:10-1:11 close_paren \")\"\n"
            "2:1-2:1 eof\n");
  // Tokens it has, a function it is not.
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("a.rs:1:10"), std::string::npos) << ran.err;
}

TEST(Parse, JsonNestsAndPointsIntoTheFileOnDisk) {
  Scratch scratch;
  // A byte order mark and carriage returns: offsets are those of the file, lines and columns of the text.
  Ran ran = rustg({"parse", "--dump", "json", "--edition", "2021", scratch.write("a.rs", "\xef\xbb\xbf//\r\nfn f() {}\r\n")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  simdjson::dom::parser parser;
  simdjson::dom::element root, item;
  ASSERT_EQ(parser.parse(ran.out).get(root), simdjson::SUCCESS) << ran.out;
  EXPECT_EQ(std::string_view(root["edition"]), "2021");
  item = root["root"]["children"].at(0);
  EXPECT_EQ(std::string_view(item["kind"]), "fn_item");
  EXPECT_EQ(uint64_t(item["span"]["byte_start"]), 7u);
  EXPECT_EQ(uint64_t(item["span"]["byte_end"]), 16u);
  EXPECT_EQ(uint64_t(item["span"]["line_start"]), 2u);
  EXPECT_EQ(uint64_t(item["span"]["column_end"]), 10u);
  EXPECT_EQ(std::string_view(item["children"].at(0)["text"]), "f");
}

TEST(Parse, DeepTreesAndLongLines) {
  Scratch scratch;
  std::string text = "fn f() { " + std::string(100'000, '(') + "1" + std::string(100'000, ')') + " }";
  auto file = scratch.write("a.rs", text);
  for (const char* dump : {"tree", "json", "tokens"}) {
    Ran ran = rustg({"parse", "--dump", dump, file});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_LT(ran.out.size(), 200u * text.size());
    EXPECT_LT(ran.seconds, 60);
  }
}

TEST(Parse, ErrorsAreOnStderr) {
  Ran ran = rustg({"parse", "--error-format", "short", "-"}, {.input = "fn f() {}\nfn\n"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(ran.err.starts_with("<anon>:")) << ran.err;
  EXPECT_NE(ran.out.find("fn_item 1:1-1:10"), std::string::npos) << ran.out;
  // No tree where brackets do not match.
  Ran open = rustg({"parse", "--dump", "json", "-"}, {.input = "fn f() {"});
  EXPECT_EQ(open.exit_code, 1);
  EXPECT_NE(open.out.find("\"root\":null"), std::string::npos) << open.out;
}

TEST(Parse, BadInput) {
  Scratch scratch;
  EXPECT_NE(rustg({"parse", "no/such.rs"}).err.find("couldn't read `no/such.rs`: No such file or directory (os error 2)"), std::string::npos);
  EXPECT_NE(rustg({"parse", scratch.path()}).err.find("Is a directory"), std::string::npos);
  Ran ran = rustg({"parse", "-"}, {.input = "\xff"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("byte `255` is not valid utf-8"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.out, "");
}

}  // namespace
}  // namespace rustg::testing
