// Our tree in the terms of rustc's -Zunpretty=ast-tree: ast_tree.py has the list of what is compared.
#pragma once
#include <cstdint>
#include <string>

#include "parse/host_tree.h"
#include "parse/view.h"

namespace rustg::parity {

// What the printer reads of a file. Text offsets are the batch's; tokens are told by their numbers.
struct Parsed {
  const parse::HostTree& tree;
  const source::SourceMap& map;
  const uint8_t* token_kinds;
  const uint8_t* token_flags;
  const uint32_t* match;
};

// The first and the last token of what a node stands for as rustc sees it: without attributes in front, with the semicolon behind.
class Extent {
 public:
  explicit Extent(const Parsed& parsed) : p(parsed), tree(parsed.tree.ref()) {}
  uint32_t first(uint32_t node) const;
  uint32_t last(uint32_t node) const;

 protected:
  const Parsed& p;
  parse::TreeRef tree;

  using Token = lex::TokenKind;
  Token kind(uint32_t token) const { return Token(p.token_kinds[token]); }
  bool is(uint32_t token, Token k) const { return kind(token) == k; }
  bool is_word(uint32_t token, std::string_view text) const { return token_text(token) == text; }
  std::string_view token_text(uint32_t token) const {
    return p.map.text(p.tree.starts[token], p.tree.starts[token] + p.tree.lengths[token]);
  }
  // The first child that is no attribute; kNoNode.
  uint32_t first_child(uint32_t node) const;
};

// A line a node, in preorder: `depth Kind line:column line:column`.
std::string print_ast(const Parsed& parsed, uint32_t file);

}  // namespace rustg::parity
