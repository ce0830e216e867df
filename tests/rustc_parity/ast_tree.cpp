// Our trees in rustc's terms, for ast_tree.py:
//
//   ast_tree < LIST      LIST: path <tab> edition; printed for each: `=== path`, then `error` or print_ast's lines
#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "device/cpu/queue.h"
#include "rustc_parity/ast.h"

using namespace rustg;

int main() {
  device::cpu::Queue queue(1);
  lex::Tokens<device::cpu::Queue> tokens(queue);
  parse::Tree<device::cpu::Queue> tree(queue);
  for (std::string entry; std::getline(std::cin, entry);) {
    size_t tab = entry.find('\t');
    if (tab == std::string::npos) continue;
    std::string path = entry.substr(0, tab);
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    source::SourceMap map(lex::known_words());
    fmt::print("=== {}\n", path);
    if (!map.add(path, text.str(), uint8_t((std::atoi(entry.c_str() + tab + 1) - 2015) / 3)).ok()) {
      fmt::print("error\n");
      continue;
    }
    lex::lex(queue, map.host(), tokens);
    parse::parse(queue, map.host(), tokens, tree);
    if (!tree.errors().empty() || tokens.ref().errors[0]) {
      fmt::print("error\n");
      continue;
    }
    parse::HostTree host = parse::download(queue, 1, tokens, tree);
    fmt::print("{}", parity::print_ast({host, map, tokens.ref().kinds, tokens.ref().flags, tree.match()}, 0));
  }
  return 0;
}
