// Which tokens rustc lets begin an expression where one may be left out.
#pragma once
#include "base/hd.h"
#include "lex/token.h"

namespace rustg::parse {

// next, third: what is joined to it, and to that; `eof` where nothing is. Not `_`, nor `become`: they only stand where there must be one.
RUSTG_HD_INLINE constexpr bool begins_expression(lex::TokenKind k, lex::TokenKind next, lex::TokenKind third) {
  using Token = lex::TokenKind;
  if (lex::is_literal(k)) return true;
  switch (k) {
    case Token::ident:
    case Token::lifetime:
    case Token::open_paren:
    case Token::open_brace:
    case Token::open_bracket:
    case Token::pound:
    case Token::kw_self_lower:
    case Token::kw_self_upper:
    case Token::kw_super:
    case Token::kw_crate:
    case Token::kw_async:
    case Token::kw_do:
    case Token::kw_box:
    case Token::kw_break:
    case Token::kw_const:
    case Token::kw_continue:
    case Token::kw_false:
    case Token::kw_for:
    case Token::kw_gen:
    case Token::kw_if:
    case Token::kw_let:
    case Token::kw_loop:
    case Token::kw_match:
    case Token::kw_move:
    case Token::kw_return:
    case Token::kw_true:
    case Token::kw_try:
    case Token::kw_unsafe:
    case Token::kw_while:
    case Token::kw_yield:
    case Token::kw_static: return true;
    case Token::bang:
    case Token::star:
    case Token::and_:
    case Token::or_: return next != Token::eq;
    case Token::minus: return next != Token::eq && next != Token::gt;
    case Token::lt: return next != Token::eq && next != Token::minus && !(next == Token::lt && third == Token::eq);
    case Token::colon: return next == Token::colon;
    case Token::dot: return next == Token::dot;
    default: return false;
  }
}

}  // namespace rustg::parse
