#include "parse/inputs.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
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

std::vector<std::string> long_files(int count) {
  auto list = [&](std::string_view before, std::string_view element, std::string_view behind) {
    return std::string(before) + repeat(element, uint32_t(count)) + std::string(behind);
  };
  return {
      list("", "fn f() {}\n", ""),
      list("#![a] mod m { #![b] ", "/// d\n#[a] pub struct S { a: B } const C: [S; 2] = [S {}; 2]; m! { } m!(a);\n", "}"),
      list("", "impl m! {} for T {} const X: A = if a { b } else { c }; const Y: A = B { c }; use a::{b, c};\n", ""),
      list("impl T { ", "fn f<A, B>(a: A) -> B where A: C<{ 1 }, D> { a } type T = A<B, C>; ", "}"),
      list("fn f() { #![a] ", "let S { a, .. } = b else { return }; if c {} else {} { d } m! {} e; #[a] let g = |h, i| j; ", " k }"),
      list("fn f() { x = match y { #![a] ", "A | B if c < d => e, S { a } if f => {} G => { h }.i(), 1 => j::<K, L>(m), n => |o, p| q, r => {}, ",
           "_ => s } }"),
      list("fn f() { x = match y { ", "A(b) => \"c\", ", "} }"),
      list("static A: [u8; 3] = [", "1, -2, f(a, b), ", "];"),
      list("static A: [u8; 3] = [a", ", b < c, d::<E, F>(), |g, h| i", "];"),
      list("static A: [u8; 3] = [a, A { b", ", c: 1", "}];"),
      list("fn f() { g(", "a, (b, c), ", "d) }"),
      list("fn f() { (", "1, ", ") }"),
      list("fn f() { g(a::<", "B, ", "C>()) }"),
      list("enum E { #[a] A, ", "B, /// d\nC(D, E) = 1, F { a: b }, ", "G }"),
      list("enum E { ", "A, B(C, D), E = 1 << 2, F(G<H, I>), ", "}"),
      list("struct S { ", "pub a: [B; 2], /// d\n#[c] d: fn(E, F) -> G, ", "}"),
      list("fn f() { x = a::S { ", "b, c: d(e, f), #[g] h: i, ", "j: |k, l| m, ..n }; }"),
      list("impl T { ", "async fn f() { a } ", "}"),
  };
}

std::vector<std::string> deep_files(uint32_t unbracketed) {
  std::vector<std::string> files;
  for (const char* pair : {"()", "[]", "{}"})
    files.push_back("fn f() { " + std::string(100'000, pair[0]) + std::string(100'000, pair[1]) + " }");
  for (const char* piece : {"-", "&", "!", "*", "x = ", "if a {} else "})
    files.push_back("fn f() { " + repeat(piece, unbracketed) + "{ x } }\nfn g() {}");
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

std::vector<std::string> rust_source_files() {
  std::filesystem::path folder;
  std::error_code error;
  if (const char* set = std::getenv("RUSTG_RUST_SOURCE")) {
    folder = set;
  } else {
    for (const auto& entry : std::filesystem::directory_iterator("/usr/src", error))
      if (entry.path().filename().string().starts_with("rustc-") && std::filesystem::exists(entry.path() / "library/core/src/lib.rs"))
        folder = entry.path();
  }
  std::vector<std::string> paths;
  if (folder.empty()) return paths;
  for (const char* part : {"library/core", "library/alloc", "library/std", "compiler"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / part))
      if (entry.path().extension() == ".rs" && entry.path().string().find("/rust-analyzer/") == std::string::npos)
        paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace rustg::parse::test
