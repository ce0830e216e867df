#include "parse/inputs.h"

#include <iterator>
#include <random>

namespace rustg::parse::test {

std::string repeat(std::string_view text, uint32_t n) {
  std::string all;
  for (uint32_t i = 0; i < n; ++i) all += text;
  return all;
}

std::string large_file() {
  std::string text = "mod m {\n";
  for (int f = 0; f < 60; ++f) {
    text +=
        "impl T { fn f() { match x { " + repeat("A(b) if c => { let d = S { e, ..f }; g(h)?.i::<J>() } ", 60) + " } ";
    text += "let a = [" + repeat("(1, b + 2 * c), ", 200) + "]; call(" + repeat("|x| x, ", 400) + ") } }\n";
  }
  return text + "}\n";
}

std::vector<std::string> deep_files() {
  std::vector<std::string> files;
  for (const char* pair : {"()", "[]", "{}"})
    files.push_back("fn f() { " + std::string(100'000, pair[0]) + std::string(100'000, pair[1]) + " }");
  for (const char* piece : {"-", "&", "!", "*", "x = ", "if a {} else "})
    files.push_back("fn f() { " + repeat(piece, 100'000) + "{ x } }\nfn g() {}");
  return files;
}

std::vector<std::string> random_files(int count) {
  static constexpr const char* words[] = {
      "fn ",    "struct ", "impl ",   "a ",      "b",      "'a ",     "1",     ".",      "..",     "..=",
      "(",      ")",       "[",       "]",       "{",      "}",       "<",     ">",      ",",      ";",
      ":",      "::",      "=",       "=>",      "->",     "&",       "*",     "!",      "?",      "|",
      "#",      "@",       "match ",  "if ",     "else ",  "let ",    "for ",  "in ",    "use ",   "pub ",
      "dyn ",   "where ",  "as ",     "mut ",    "\"s\" ", "/// d\n", "enum ", "trait ", "const ", "static ",
      "async ", "unsafe ", "extern ", "return ", "break ", "move ",   "loop ", "while ", "mod ",   "macro_rules! "};
  std::mt19937 random(20260101);
  std::vector<std::string> files;
  for (int i = 0; i < count; ++i) {
    std::string text, closers;
    for (uint32_t n = random() % 120; n != 0; --n) {
      std::string word = words[random() % std::size(words)];
      // Mostly balanced, or nothing but brackets would ever be complained about.
      if (word == ")" || word == "]" || word == "}") {
        if (closers.empty()) continue;
        word = closers.back();
        closers.pop_back();
      } else if (word == "(" || word == "[" || word == "{") {
        closers += word == "(" ? ')' : word == "[" ? ']' : '}';
      }
      text += word;
    }
    files.push_back(text + std::string(closers.rbegin(), closers.rend()));
  }
  return files;
}

}  // namespace rustg::parse::test
