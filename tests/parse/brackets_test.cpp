// What is said of brackets that do not match: message, place and labels as rustc 1.96 gives them for the same text.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "parse/batch.h"
#include "parse/diagnose_brackets.h"

namespace rustg::parse {
namespace {

std::string said(std::string_view text) {
  source::SourceMap map(lex::known_words());
  EXPECT_TRUE(map.add("input.rs", text, 3).ok());
  device::cpu::Queue queue(1);
  lex::Tokens<device::cpu::Queue> tokens(queue);
  lex::lex(queue, map.host(), tokens);
  lex::TokensRef t = tokens.ref();
  std::string out;
  auto place = [&](uint32_t offset) {
    source::Position p = map.position(0, offset);
    return fmt::format("{}:{}", p.line, p.column);
  };
  for (const source::Diagnostic& d : diagnose_brackets(map, 0, {t.kinds, *t.count}, {t.starts, *t.count})) {
    out += fmt::format("{} {}\n", place(d.spans.primary[0].begin), d.message);
    for (const source::Label& label : d.spans.labels)
      out += fmt::format("  {}-{} {}\n", place(label.span.begin), place(label.span.end), label.text);
  }
  return out;
}

TEST(Brackets, UnclosedNamesTheFirstFive) {
  EXPECT_EQ(said("fn main() {\n    f((((((1\n"),
            "2:14 this file contains an unclosed delimiter\n"
            "  1:11-1:12 unclosed delimiter\n"
            "  2:6-2:7 unclosed delimiter\n"
            "  2:7-2:8 unclosed delimiter\n"
            "  2:8-2:9 unclosed delimiter\n"
            "  2:9-2:10 unclosed delimiter\n"
            "  2:10-2:11 another 2 unclosed delimiters begin from here\n");
}

TEST(Brackets, UnclosedPointsAtSuspiciousIndentation) {
  EXPECT_EQ(said("fn f() {\n    if x {\n        y();\n}\n"),
            "4:3 this file contains an unclosed delimiter\n"
            "  1:8-1:9 unclosed delimiter\n"
            "  2:10-2:10 this delimiter might not be properly closed...\n"
            "  4:1-4:1 ...as it matches this but it has different indentation\n");
}

TEST(Brackets, MismatchedNamesItsCandidate) {
  EXPECT_EQ(said("fn main() {\n    f(1;\n}\n"),
            "2:6 mismatched closing delimiter: `}`\n"
            "  3:1-3:2 mismatched closing delimiter\n"
            "  1:11-1:12 closing delimiter possibly meant for this\n"
            "  2:6-2:7 unclosed delimiter\n");
}

TEST(Brackets, UnexpectedCloseEndsTheFile) {
  EXPECT_EQ(said("fn main() {\n}\n}\nfn g() {\n"),
            "3:1 unexpected closing delimiter: `}`\n"
            "  1:11-1:12 this opening brace...\n"
            "  2:1-2:2 ...matches this closing brace\n"
            "  3:1-3:2 unexpected closing delimiter\n");
}

TEST(Brackets, MissingOpeningIsOneReport) {
  EXPECT_EQ(said("fn main() {\n    f 1);\n}\n}\n"),
            "3:1 unexpected closing delimiter: `}`\n"
            "  1:11-1:12 the nearest open delimiter\n"
            "  2:8-2:8 missing open `(` for this delimiter\n"
            "  3:1-3:2 unexpected closing delimiter\n");
}

TEST(Brackets, EmptyBlockOnOneLine) {
  EXPECT_EQ(said("fn main() {\n    if x {}\n        y();\n    }\n  }\n}\n"),
            "5:3 unexpected closing delimiter: `}`\n"
            "  1:11-1:11 this delimiter might not be properly closed...\n"
            "  4:5-4:5 ...as it matches this but it has different indentation\n"
            "  2:10-2:12 block is empty, you might have not meant to close it\n"
            "  5:3-5:4 unexpected closing delimiter\n");
}

}  // namespace
}  // namespace rustg::parse
