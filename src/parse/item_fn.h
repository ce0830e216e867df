// Functions: qualifiers, parameters, return type, contracts, body.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

RUSTG_HD_INLINE void Parser::abi() {
  if (!is_string(kind())) return;
  if (s.flags[pos] & lex::kSuffix) note(ErrorKind::expected_literal);
  leaf(NodeKind::abi);
}

// A function begins here: qualifiers, then `fn`. It is enough to look at the words.
RUSTG_HD_APART bool Parser::is_fn(Look look, uint32_t p) {
  for (int i = 0; i < 8; ++i) {
    Token k = look.kind_at(p);
    if (k == Token::kw_fn) return true;
    if (k != Token::kw_const && k != Token::kw_async && k != Token::kw_unsafe && k != Token::kw_extern &&
        k != Token::kw_gen && !look.is_word(p, sym::safe) && !look.is_word(p, lex::keyword_symbol(Token::kw_async)))
      return false;
    ++p;
    if (k == Token::kw_extern && is_string(look.kind_at(p))) ++p;
  }
  return false;
}

// Up to `fn`, noted in f.b; false if their order is wrong.
RUSTG_HD_INLINE bool Parser::fn_qualifiers(Frame& f) {
  int least = 0;
  while (!is(Token::kw_fn)) {
    int rank = is(Token::kw_const)                ? 1
               : is_keyword(pos, Token::kw_async) ? 2
               : is(Token::kw_gen)                ? 3
               : is(Token::kw_extern)             ? 5
                                                  : 4;
    if (rank <= least) {
      fail(ErrorKind::expected_keyword_fn);
      return false;
    }
    if (rank == 2 && edition == lex::Edition::e2015) note(ErrorKind::async_in_2015);
    least = rank;
    constexpr uint8_t flags[] = {0, kConstant, kAsync, kGen, kUnsafe, kExtern};
    f.b |= rank == 4 && !is(Token::kw_unsafe) ? kSafe : flags[rank];
    bump();
    if (rank == 5) abi();
  }
  return true;
}

// f.a: Place. Behind generics.
RUSTG_HD_INLINE void Parser::fn_generics(Frame f) {
  if (!is(Token::open_paren)) return fail(ErrorKind::expected_paren);
  then(State::fn_params, f);
  params(!(Place(f.a) == Place::trait && edition == lex::Edition::e2015));
}
RUSTG_HD_INLINE void Parser::fn_params(Frame f) {
  then(State::fn_ret, f);
  return_type();
}
RUSTG_HD_INLINE void Parser::fn_ret(Frame f) { where_of(State::fn_where, f); }
RUSTG_HD_INLINE void Parser::fn_where(Frame f) {
  if (is_word(pos, sym::contract_requires) || is_word(pos, sym::contract_ensures)) {
    then(State::fn_where, f);
    push({pos, cursor, State::group_wrap, uint8_t(NodeKind::contract), 0});
    bump();
    return expr(kNoStruct);
  }
  fn_body(f);
}
RUSTG_HD_INLINE void Parser::fn_body(Frame f) {
  if (eat(Token::semi)) return fn_end(f);
  if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
  then(State::fn_end, f);
  block();
}
RUSTG_HD_INLINE void Parser::fn_end(Frame f) { finish(NodeKind::fn_item, f.token, f.start, uint8_t(f.b)); }

// At `(`. names: a parameter without a name is not allowed.
RUSTG_HD_INLINE bool Parser::params(bool names) {
  enter(State::params_next, names ? 1 : 0);
  bump();
  return true;
}
// f.a: names are needed; f.b: parameters are there.
RUSTG_HD_INLINE void Parser::params_next(Frame f) {
  if (f.b && !is(Token::close_paren) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
  if (eat(Token::close_paren)) return finish(NodeKind::params, f.token, f.start);
  uint8_t a = uint8_t(f.a | (f.b ? 2 : 0));
  f.b = 1;
  then(State::params_next, f);
  param(a);
}

// a: 1 names are needed, 2 not the first one.
RUSTG_HD_INLINE void Parser::param(uint8_t a) {
  Frame f = here();
  outer_attributes();
  // self, mut self, &self, &mut self, &'a self, &'a mut self, &pin mut self
  uint32_t p = pos;
  if (kind_at(p) == Token::and_ && !glued(p, Token::and_)) {
    ++p;
    if (kind_at(p) == Token::lifetime) ++p;
    if (is_word(p, sym::pin) && (kind_at(p + 1) == Token::kw_mut || kind_at(p + 1) == Token::kw_const))
      ++p;
    if (kind_at(p) == Token::kw_const && p != pos + 1) ++p;
  }
  if (kind_at(p) == Token::kw_mut) ++p;
  if (kind_at(p) == Token::kw_self_lower && !is_path_sep(p + 1)) {
    if (a & 2) note(ErrorKind::self_not_first, p);
    bool borrowed = is(Token::and_);
    uint8_t flags = borrowed ? kRef : 0;
    if (borrowed && at(1) == Token::lifetime) emit(NodeKind::lifetime, pos + 1, cursor);
    if (kind_at(p - 1) == Token::kw_mut && p != pos) flags |= kMut;
    f.token = p;
    f.b = flags;
    pos = p + 1;
    then(State::self_type_end, f);
    if (is_colon(pos) && !borrowed) {
      bump();
      enter(State::type, kPlus);
    }
    return;
  }
  if (is(Token::star)) {
    uint32_t behind = at(1) == Token::kw_mut || at(1) == Token::kw_const ? 2 : 1;
    if (at(behind) == Token::kw_self_lower && !is_path_sep(pos + behind + 1)) {
      note(ErrorKind::raw_pointer_self, pos + behind);
      bump(behind + 1);
      return finish(NodeKind::self_param, pos - 1, f.start);
    }
  }
  if (is_dot3(pos)) {
    finish(NodeKind::variadic, pos, f.start);
    return bump(3);
  }
  uint32_t named = pos;
  if (is(Token::and_))
    named += glued(pos, Token::and_) ? 2 : 1;
  else if (is(Token::kw_mut))
    ++named;
  Token k = kind_at(named);
  bool has_name = (k == Token::ident || lex::is_keyword(k)) && is_colon(named + 1);
  if ((a & 1) || has_name) {
    then(State::param_colon, f);
    return enter(State::pattern, 1);
  }
  enter(State::type, kPlus | kVariadic);
}
RUSTG_HD_INLINE void Parser::param_colon(Frame f) {
  if (!is_colon(pos)) return fail(ErrorKind::expected_colon);
  f.token = pos;
  bump();
  then(State::param_end, f);
  enter(State::type, kPlus | kVariadic);
}
RUSTG_HD_INLINE void Parser::param_end(Frame f) { finish(NodeKind::param, f.token, f.start); }
RUSTG_HD_INLINE void Parser::self_type_end(Frame f) { finish(NodeKind::self_param, f.token, f.start, uint8_t(f.b)); }

}  // namespace rustg::parse
