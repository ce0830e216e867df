// struct, union, enum.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

RUSTG_HD_INLINE void Parser::enum_generics(Frame f) { where_of(State::enum_where, f); }
RUSTG_HD_INLINE void Parser::enum_where(Frame f) {
  if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
  f.a = uint8_t(NodeKind::enum_item);
  then(State::group_wrap, f);
  enter_list(State::variants_next, 0, NodeKind::variants);
}
RUSTG_HD_INLINE void Parser::variants_next(Frame f) {
  if (f.a == 0)
    bump();
  else if (!is(Token::close_brace) && !eat(Token::comma))
    return fail(ErrorKind::expected_list_end);
  if (eat(Token::close_brace)) return finish(NodeKind::variants, f.token, f.start);
  f.a = 1;
  then(State::variants_next, f);
  variant();
}
RUSTG_HD_INLINE void Parser::variant() {
  Frame f = here();
  outer_attributes();
  visibility(false);
  f.token = pos;
  if (is(Token::ident) && is_bang(pos + 1)) return fail(ErrorKind::expected_list_end);
  if (!eat(Token::ident)) return fail(ErrorKind::expected_identifier);
  then(State::variant_fields, f);
  if (is(Token::open_brace)) {
    enter_list(State::record_next, 0, NodeKind::record_fields);
  } else if (is(Token::open_paren)) {
    enter(State::tuple_next);
    bump();
  }
}
RUSTG_HD_INLINE void Parser::variant_fields(Frame f) {
  if (!is(Token::eq)) return variant_end(f);
  then(State::variant_end, f);
  push({pos, cursor, State::group_wrap, uint8_t(NodeKind::discriminant), 0});
  bump();
  expr();
}
RUSTG_HD_INLINE void Parser::variant_end(Frame f) { finish(NodeKind::variant, f.token, f.start); }

// f.a: struct_item or union_item.
RUSTG_HD_INLINE void Parser::struct_generics(Frame f) { where_of(State::struct_where, f); }
RUSTG_HD_INLINE void Parser::struct_where(Frame f) {
  bool where = last == NodeKind::where_clause;
  if (NodeKind(f.a) == NodeKind::struct_item) {
    if (eat(Token::semi)) return finish(NodeKind::struct_item, f.token, f.start);
    if (is(Token::open_paren)) {
      if (where) note(ErrorKind::where_before);
      then(State::struct_fields, f);
      enter(State::tuple_next);
      return bump();
    }
  }
  if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
  then(State::group_wrap, f);
  enter_list(State::record_next, 0, NodeKind::record_fields);
}
RUSTG_HD_INLINE void Parser::struct_fields(Frame f) { where_of(State::struct_end, f); }
RUSTG_HD_INLINE void Parser::struct_end(Frame f) {
  if (expect(Token::semi, ErrorKind::expected_semi)) finish(NodeKind(f.a), f.token, f.start);
}

// Fields in braces. f.token: `{`.
RUSTG_HD_INLINE void Parser::record_next(Frame f) {
  if (f.a == 0)
    bump();
  else if (!is(Token::close_brace) && !eat(Token::comma))
    return fail(ErrorKind::expected_list_end);
  if (eat(Token::close_brace)) return finish(NodeKind::record_fields, f.token, f.start);
  f.a = 1;
  then(State::record_next, f);
  record_field();
}
RUSTG_HD_INLINE void Parser::record_field() {
  Frame f = here();
  outer_attributes();
  visibility(false);
  if (eat(Token::kw_unsafe)) f.b |= kUnsafe;
  f.token = pos;
  if (is(Token::kw_underscore))
    bump();
  else if (!eat(Token::ident))
    return fail(ErrorKind::expected_identifier);
  if (!is_colon(pos)) return fail(ErrorKind::expected_colon);
  bump();
  then(State::field_type, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::field_type(Frame f) {
  if (!is(Token::eq)) return field_end(f);
  bump();
  f.b |= kValue;
  then(State::field_end, f);
  expr();
}
RUSTG_HD_INLINE void Parser::field_end(Frame f) { finish(NodeKind::field, f.token, f.start, uint8_t(f.b)); }

// Fields in parentheses.
RUSTG_HD_INLINE void Parser::tuple_next(Frame f) {
  if (f.a && !is(Token::close_paren) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
  if (eat(Token::close_paren)) return finish(NodeKind::tuple_fields, f.token, f.start);
  f.a = 1;
  then(State::tuple_next, f);
  tuple_field();
}
RUSTG_HD_INLINE void Parser::tuple_field() {
  Frame f = here();
  outer_attributes();
  visibility(true);
  then(State::tuple_field_end, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::tuple_field_end(Frame f) {
  if (is(Token::eq)) {  // a default, which is refused later
    bump();
    then(State::tuple_field_end, f);
    return expr();
  }
  // The token behind is its own: a comma, or the bracket (the list stands for the other one).
  if (is(Token::comma) || is(Token::close_paren)) emit(NodeKind::tuple_field, pos, f.start);
}

}  // namespace rustg::parse
