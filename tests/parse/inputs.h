// Sources that tests make up, and real ones.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rustg::parse::test {

std::string repeat(std::string_view text, uint32_t n);
// Large enough to be cut into tasks, at every kind of bracket.
std::string large_file();
// Lists of `count` elements, one file for each kind that is cut into parts, and some with what could be mistaken for an element's end.
std::vector<std::string> long_files(int count);
// Brackets and everything else, nested 100,000 deep, one file for each.
std::vector<std::string> deep_files(uint32_t unbracketed = 100'000);
// Tokens in any order, mostly with matching brackets.
std::vector<std::string> random_files(int count);
// The .rs files of the standard library and the compiler, where the package rust-web-src or another copy of the Rust project's source tree is, which
// RUSTG_RUST_SOURCE names; else none.
std::vector<std::string> rust_source_files();
constexpr std::string_view kNoRustSource = "no Rust source tree (package rust-web-src, or RUSTG_RUST_SOURCE)";

}  // namespace rustg::parse::test
