// Diagnostics as no stage makes them, but someone will: far too much of everything, and spans that are wrong.
#include "source/render.h"

#include <gtest/gtest.h>

#include <ctime>

#include "source/explain.h"

namespace rustg::source {
namespace {

std::string many(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Of the processor, which others use too.
double seconds(auto what) {
  std::clock_t begin = std::clock();
  what();
  return double(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Offsets in a map of one file.
struct OneFile {
  explicit OneFile(std::string_view text) { EXPECT_TRUE(map.add("a.rs", text, 2)); }
  Span span(uint32_t begin, uint32_t end) const { return {map.begin(0) + begin, map.begin(0) + end}; }
  std::string human(const Diagnostic& d) const { return Renderer(map).render(d); }
  SourceMap map;
};

TEST(Render, WithoutPlaceAndWithNotes) {
  OneFile f("");
  EXPECT_EQ(f.human({.message = "no place"}), "error: no place\n\n");
  Diagnostic d{.level = Level::warning, .message = "two\nlines"};
  d.note("of a note\nand more").help("help");
  EXPECT_EQ(f.human(d),
            "warning: two\n         lines\n  |\n  = note: of a note\n          and more\n  = help: help\n\n");
}

TEST(Render, EmptySpansAndEndsOfFiles) {
  EXPECT_EQ(OneFile("").human(Diagnostic::at(OneFile("").span(0, 0), "here")),
            "error: here\n --> a.rs:1:1\n  |\n1 |\n  | ^\n\n");
  OneFile f("fn\n");
  EXPECT_EQ(f.human(Diagnostic::at(f.span(3, 3), "eof").label("end")),
            "error: eof\n --> a.rs:1:4\n  |\n1 | fn\n  |   ^ end\n\n");
}

TEST(Render, WrongSpansAreNoMisfortune) {
  OneFile f("fn main() {}\n");
  EXPECT_EQ(f.human(Diagnostic::at(f.span(5, 3), "turned round")),
            "error: turned round\n --> a.rs:1:6\n  |\n1 | fn main() {}\n  |      ^\n\n");
  EXPECT_EQ(f.human(Diagnostic::at({0xfffffff0, 0xffffffff}, "outside")), "error: outside\n\n");
  Diagnostic d = Diagnostic::at(f.span(3, 900), "over the end");
  d.suggest("out of place", {{{0xfffffff0, 0xffffffff}, "x"}})
      .suggest("overlaps", {{f.span(0, 5), "x"}, {f.span(3, 6), "y"}});
  EXPECT_EQ(f.human(d), "error: over the end\n --> a.rs:1:4\n  |\n1 | fn main() {}\n  |    ^^^^^^^^^\n\n");
  EXPECT_NE(Renderer(f.map, {.format = ErrorFormat::json}).render(d).find("\"message\":\"overlaps\""),
            std::string::npos);
}

TEST(Render, SecondaryFiles) {
  SourceMap map;
  ASSERT_TRUE(map.add("a.rs", "one\n", 2));
  ASSERT_TRUE(map.add("b.rs", "\n\ntwo\n", 2));
  Diagnostic d = Diagnostic::at({map.begin(1) + 2, map.begin(1) + 5}, "both");
  d.label({map.begin(0), map.begin(0) + 3}, "and this").label("this");
  EXPECT_EQ(
      Renderer(map).render(d),
      "error: both\n --> b.rs:3:1\n  |\n3 | two\n  | ^^^ this\n  |\n ::: a.rs:1:1\n  |\n1 | one\n  | --- and this\n\n");
}

TEST(Render, ManyLabels) {
  constexpr uint32_t kLabels = 100'000;
  OneFile f(many("ab\n", kLabels));
  Diagnostic d = Diagnostic::at(f.span(0, 1), "many");
  for (uint32_t i = 0; i < kLabels; ++i) d.label(f.span(i * 3 + 1, i * 3 + 2), "label");
  EXPECT_LT(seconds([&] {
              std::string text = f.human(d);
              EXPECT_NE(text.find("99901 more labels are not shown"), std::string::npos)
                  << text.substr(text.size() - 200);
            }),
            20);
  OneFile line(many("ab", kLabels));
  d = Diagnostic::at(line.span(0, 1), "many in a line");
  for (uint32_t i = 0; i < kLabels; ++i) d.label(line.span(i * 2, i * 2 + 2), "label");
  EXPECT_LT(seconds([&] { EXPECT_LT(line.human(d).size(), 100u << 20); }), 20);
}

TEST(Render, LongLine) {
  constexpr uint32_t kSize = 10'000'000;
  OneFile f(many("0123456789", kSize / 10));
  Renderer renderer(f.map);
  EXPECT_LT(seconds([&] {
              for (uint32_t i = 1; i <= 10'000; ++i) {
                std::string text =
                    renderer.render(Diagnostic::at(f.span(i * 999, i * 999 + 2), "in a long line").label("x"));
                EXPECT_LT(text.size(), 1000u);
              }
            }),
            20);
  std::string all = renderer.render(Diagnostic::at(f.span(0, kSize), "all of it").label("x"));
  EXPECT_LT(all.size(), 200'000u);
  Diagnostic apart = Diagnostic::at(f.span(0, 1), "far apart").label(f.span(kSize - 1, kSize), "there");
  EXPECT_NE(renderer.render(apart).find("1 more label is not shown"), std::string::npos);
}

// What takes time is what is shown, not what was shown before: twice as many take about twice as long.
TEST(Render, ManyDiagnostics) {
  constexpr uint32_t kMost = 100'000;
  OneFile f(many("let x = 1;\n", kMost));
  auto time = [&](uint32_t count) {
    Reporter reporter(f.map);
    return seconds([&] {
      size_t size = 0;
      for (uint32_t i = 0; i < count; ++i)
        size += reporter.report(Diagnostic::at(f.span(i * 11 + 4, i * 11 + 5), "expected a name").label("here")).size();
      EXPECT_GT(size, count * 50);
    });
  };
  double few = time(kMost / 10), all = time(kMost);
  EXPECT_LT(all, 40 * few + 0.5);
  std::printf("100,000 diagnostics: %.3f s\n", all);
}

TEST(Reporter, SaysThingsOnceAndCounts) {
  OneFile f("fn main() {}\n");
  Reporter reporter(f.map);
  Diagnostic d = Diagnostic::at(f.span(0, 2), "twice", "E0765");
  EXPECT_NE(reporter.report(d), "");
  EXPECT_EQ(reporter.report(d), "");
  Diagnostic w{.level = Level::warning, .message = "a warning"};
  EXPECT_NE(reporter.report(w), "");
  EXPECT_EQ(
      reporter.finish(),
      "error: aborting due to 1 previous error; 1 warning emitted\n\nFor more information about this error, try `rustg "
      "--explain E0765`.\n");
  std::set<std::string> codes = {"E0762", "E0765", "E9999"};
  EXPECT_EQ(
      closing({}, 3, 0, codes),
      "error: aborting due to 3 previous errors\n\nSome errors have detailed explanations: E0762, E0765.\nFor more "
      "information about an error, try `rustg --explain E0762`.\n");
  EXPECT_EQ(closing({}, 0, 2, {}), "warning: 2 warnings emitted\n\n");
  EXPECT_EQ(closing({}, 0, 0, {}), "");
}

TEST(Explain, EveryCodeOfLexerAndParser) {
  for (const char* code : {"E0178", "E0197", "E0516", "E0584", "E0585", "E0586", "E0642", "E0670", "E0704", "E0743",
                           "E0748", "E0753", "E0758", "E0762", "E0763", "E0765", "E0766", "E0767", "E0768"}) {
    auto text = explain(code);
    ASSERT_TRUE(text) << code;
    EXPECT_NE(text->find("Erroneous code example"), std::string_view::npos) << code;
  }
  EXPECT_FALSE(explain("E0001"));
  EXPECT_FALSE(explain(""));
}

}  // namespace
}  // namespace rustg::source
