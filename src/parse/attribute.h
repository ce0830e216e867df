// Attributes and token trees: their content is not looked into, but for an attribute's path.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// #[…], #![…]: from `#` on.
RUSTG_HD inline void Parser::attribute(bool inner) {
  uint32_t token = pos, open = pos + (inner ? 2 : 1);
  pos = open;
  if (!is(Token::open_bracket)) return fail(ErrorKind::expected_bracket);
  uint32_t close = s.match[open];
  bump();
  bool unsafe_ = is(Token::kw_unsafe) && at(1) == Token::open_paren;
  if (unsafe_) bump(2);
  uint32_t end = unsafe_ ? s.match[pos - 1] : close;
  // A path, then nothing, a token tree, or = expression.
  if (is_path_sep(pos)) bump(2);
  while (true) {
    if (!is_path_segment(kind()) && !lex::is_keyword(kind())) return fail(ErrorKind::expected_identifier);
    if (lex::is_keyword(kind()) && !is_path_keyword(kind())) return fail(ErrorKind::expected_identifier);
    bump();
    if (!is_path_sep(pos)) break;
    bump(2);
  }
  if (is_open(kind())) {
    pos = s.match[pos] + 1;
  } else if (is_eq(pos)) {
    bump();
    if (pos == end) return fail(ErrorKind::expected_expression);
    // A literal, a macro call or another expression, which is not parsed further here.
    if (is_literal(kind()) && pos + 1 != end) {
      bump();
      return fail(ErrorKind::unexpected_token);
    }
    pos = end;
  }
  if (pos != end) return fail(ErrorKind::unexpected_token);
  pos = close + 1;
  emit(NodeKind::attribute, token, cursor, inner ? kInner : 0);
}

RUSTG_HD inline void Parser::outer_attributes() {
  while (!failed_) {
    Token k = kind();
    if (k == Token::pound) {
      if (at(1) == Token::bang && at(2) == Token::open_bracket) {
        note(ErrorKind::inner_attribute);
        attribute(true);
      } else if (at(1) == Token::open_bracket) {
        attribute(false);
      } else {
        return;
      }
    } else if (lex::is_doc(k)) {
      if (k == Token::inner_line_doc || k == Token::inner_block_doc) note(ErrorKind::inner_doc);
      leaf(NodeKind::doc);
    } else {
      return;
    }
  }
}

RUSTG_HD inline void Parser::inner_attributes() {
  while (!failed_) {
    Token k = kind();
    if (k == Token::pound && at(1) == Token::bang && at(2) == Token::open_bracket)
      attribute(true);
    else if (k == Token::inner_line_doc || k == Token::inner_block_doc)
      leaf(NodeKind::doc, kInner);
    else
      return;
  }
}

RUSTG_HD inline bool Parser::token_tree() {
  if (!is_open(kind())) {
    fail(ErrorKind::expected_bracket);
    return false;
  }
  pos = s.match[pos];
  leaf(NodeKind::token_tree);
  return true;
}

}  // namespace rustg::parse
