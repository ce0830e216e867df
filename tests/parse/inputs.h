// Sources that tests make up.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace rustg::parse::test {

std::string repeat(std::string_view text, uint32_t n);
// Large enough to be cut into tasks, at every kind of bracket.
std::string large_file();
// Brackets and everything else, nested 100,000 deep, one file for each.
std::vector<std::string> deep_files();
// Tokens in any order, mostly with matching brackets.
std::vector<std::string> random_files(int count);

}  // namespace rustg::parse::test
