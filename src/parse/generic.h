// Generic parameters, bounds, where clauses.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// Inside <…> of parameters: f.token is `<`; f.a: a comma is needed.
RUSTG_HD_INLINE void Parser::generic_params_next(Frame f) {
  if (f.a && !is(Token::gt) && !eat(Token::comma)) return fail(ErrorKind::expected_gt);
  if (is(Token::gt)) {
    bump();
    return finish(NodeKind::generic_params, f.token, f.start);
  }
  f.a = 1;
  then(State::generic_params_next, f);
  generic_param();
}

RUSTG_HD_INLINE void Parser::generic_param() {
  Frame f = here();
  outer_attributes();
  f.token = pos;
  switch (kind()) {
    case Token::lifetime:
      if (is_keyword_lifetime(false)) note(ErrorKind::keyword_lifetime);
      bump();
      then(State::lifetime_param_end, f);
      if (is_colon(pos)) {
        Frame wrap{pos, cursor, State::bounds_wrap, uint8_t(NodeKind::bounds), 0};
        bump();
        push(wrap);
        enter(State::bounds_list);
      }
      return;
    case Token::kw_const:
      bump();
      if (!identifier()) return;
      if (!is_colon(pos)) return fail(ErrorKind::expected_colon);
      bump();
      then(State::const_param_type, f);
      return enter(State::type, kPlus);
    case Token::ident:
      bump();
      if (is_colon(pos)) {
        then(State::type_param_bounds, f);
        Frame wrap{pos, cursor, State::bounds_wrap, uint8_t(NodeKind::bounds), 0};
        bump();
        push(wrap);
        return enter(State::bounds_list);
      }
      return type_param_bounds(f);
    default: return fail(ErrorKind::expected_gt);
  }
}
RUSTG_HD_INLINE void Parser::lifetime_param_end(Frame f) { finish(NodeKind::lifetime_param, f.token, f.start); }
RUSTG_HD_INLINE void Parser::type_param_bounds(Frame f) {
  if (is(Token::eq)) {
    bump();
    then(State::type_param_end, f);
    return enter(State::type, kPlus);
  }
  type_param_end(f);
}
RUSTG_HD_INLINE void Parser::type_param_end(Frame f) { finish(NodeKind::type_param, f.token, f.start); }
RUSTG_HD_INLINE void Parser::const_param_type(Frame f) {
  if (!is(Token::eq)) return const_param_end(f);
  bump();
  f.b = kValue;
  then(State::const_param_end, f);
  Token k = kind();
  if (is_literal(k)) return finish_leaf(NodeKind::literal);
  if (k == Token::minus && lex::is_literal(at(1))) {
    bump();
    return finish_leaf(NodeKind::literal, kNegative);
  }
  if (k == Token::open_brace) return block();
  if (k == Token::kw_const && at(1) == Token::open_brace) {
    then(State::block_wrap, here(uint8_t(NodeKind::const_block)));
    bump();
    return block();
  }
  if (k == Token::kw_unsafe && at(1) == Token::open_brace) {
    then(State::block_wrap, here(uint8_t(NodeKind::unsafe_block)));
    bump();
    return block();
  }
  enter(State::const_default_end);
  enter(State::type);
}
// Of the expressions that read like a type only a name may stand without braces.
RUSTG_HD_INLINE void Parser::const_default_end(Frame f) {
  if (last != NodeKind::name || cursor != f.start + 1) note(ErrorKind::const_braces, f.token);
}
RUSTG_HD_INLINE void Parser::const_param_end(Frame f) { finish(NodeKind::const_param, f.token, f.start, uint8_t(f.b)); }

// `<` at p begins parameters, not a qualified path: < then >, #, const, or a name and one of > , : =.
RUSTG_HD_INLINE bool Parser::choose_generics(uint32_t p) const {
  if (kind_at(p) != Token::lt) return false;
  Token k = kind_at(p + 1);
  if (k == Token::pound || k == Token::gt || k == Token::kw_const) return true;
  if (k != Token::lifetime && k != Token::ident) return false;
  Token next = kind_at(p + 2);
  return next == Token::gt || next == Token::comma || is_colon(p + 2) || next == Token::eq;
}

// for<…>, then `next` with f.
RUSTG_HD_INLINE void Parser::binder(State next, Frame f) {
  then(next, f);
  then(State::for_binder_end, here());
  bump();
  if (!is(Token::lt)) return fail(ErrorKind::expected_lt);
  enter(State::generic_params_next);
  bump();
}
RUSTG_HD_INLINE void Parser::for_binder_end(Frame f) { finish(NodeKind::for_binder, f.token, f.start); }

RUSTG_HD_INLINE bool Parser::at_bound() const {
  switch (kind()) {
    case Token::lifetime:
    case Token::question:
    case Token::tilde:
    case Token::kw_for:
    case Token::open_paren:
    case Token::kw_const:
    case Token::kw_async: return true;
    case Token::bang: return is_bang(pos);
    case Token::kw_use: return true;
    case Token::open_bracket: return at(1) == Token::kw_const && at(2) == Token::close_bracket;
    default: return at_path();
  }
}

// Bounds with + between, none at all too.
RUSTG_HD_INLINE void Parser::bounds_list(Frame) {
  if (!at_bound()) return;
  enter(State::bounds_after);
  bound();
}
RUSTG_HD_INLINE void Parser::bounds_after(Frame f) {
  if (!is(Token::plus)) return;
  bump();
  go_bounds_list(f);
}
// f.a: the kind of the node around them.
RUSTG_HD_INLINE void Parser::bounds_wrap(Frame f) {
  NodeKind kind = NodeKind(f.a);
  bool is_type = kind == NodeKind::impl_type || kind == NodeKind::dyn_type;
  if (is_type && !(f.b & kPlus) && cursor != f.start &&
      (s.node_starts[cursor - 1] != f.start || kind_at(pos - 1) == Token::plus))
    note(ErrorKind::ambiguous_plus, f.token);
  emit(kind, f.token, f.start);
}

RUSTG_HD_INLINE void Parser::bound() {
again:  // inside its parentheses
  if (!has_room()) return;
  Frame f = here();
  switch (kind()) {
    case Token::lifetime: return lifetime();
    case Token::kw_use:
      bump();
      if (!is(Token::lt)) return fail(ErrorKind::expected_lt);
      then(State::captures_end, f);
      enter(State::captures_next);
      return bump();
    case Token::open_paren:
      bump();
      if (is(Token::lifetime) || is(Token::kw_use)) note(ErrorKind::paren_lifetime);
      then(State::paren_bound_end, f);
      goto again;
    default: break;
  }
  bool polarity = false;
  if (is(Token::kw_for)) return binder(State::bound_binder, f);
  if (is(Token::tilde)) {
    bump();
    if (!eat(Token::kw_const)) return fail(ErrorKind::expected_bound);
    f.b = kMaybeConst;
  } else if (is(Token::open_bracket) && at(1) == Token::kw_const && at(2) == Token::close_bracket) {
    bump(3);
    f.b = kMaybeConst;
  } else if (eat(Token::kw_const)) {
    f.b = kConst;
  }
  if (eat(Token::kw_async)) f.b |= kAsyncBound;
  if (f.b && (is(Token::question) || is(Token::bang))) note(ErrorKind::expected_bound);
  if (is(Token::question) || is_bang(pos)) {
    f.b |= is(Token::question) ? kMaybe : kNot;
    polarity = true;
    bump();
  }
  if (is(Token::kw_for)) {
    if (polarity) note(ErrorKind::expected_bound);
    return binder(State::bound_binder, f);
  }
  if (!at_path()) return fail(ErrorKind::expected_bound);
  if (f.b) then(State::bound_path, f);
  enter(State::path, uint8_t(PathStyle::type));
}
// Behind for<…>: modifiers may still come.
RUSTG_HD_INLINE void Parser::bound_binder(Frame f) {
  if (kind_at(f.token) == Token::kw_for) f.token = pos - 1;
  if (is(Token::tilde) && at(1) == Token::kw_const) f.b |= kMaybeConst, bump(2);
  if (is(Token::open_bracket) && at(1) == Token::kw_const && at(2) == Token::close_bracket) f.b |= kMaybeConst, bump(3);
  if (eat(Token::kw_const)) f.b |= kConst;
  if (eat(Token::kw_async)) f.b |= kAsyncBound;
  if (is(Token::question) || is_bang(pos)) note(ErrorKind::binder_with_polarity), bump();
  if (!at_path()) return fail(ErrorKind::expected_bound);
  then(State::bound_path, f);
  enter(State::path, uint8_t(PathStyle::type));
}
RUSTG_HD_INLINE void Parser::bound_path(Frame f) { finish(NodeKind::bound, f.token, f.start, uint8_t(f.b)); }
RUSTG_HD_INLINE void Parser::paren_bound_end(Frame f) {
  if (expect(Token::close_paren, ErrorKind::expected_list_end)) finish(NodeKind::paren_bound, f.token, f.start);
}

// f.token is `where`.
RUSTG_HD_INLINE void Parser::where_next(Frame f) {
  if (f.a && !eat(Token::comma)) return finish(NodeKind::where_clause, f.token, f.start);
  Frame predicate = here();
  outer_attributes();
  if (!is(Token::lifetime) && !at_type() && !at_bound()) {
    if (predicate.start != cursor) return fail(ErrorKind::expected_predicate);
    return finish(NodeKind::where_clause, f.token, f.start);
  }
  f.a = 1;
  then(State::where_next, f);
  if (is(Token::lifetime) && at(1) != Token::plus) {
    lifetime();
    return where_subject(predicate);
  }
  if (is(Token::kw_for) && at(1) == Token::lt) return binder(State::where_binder, predicate);
  where_binder(predicate);
}
RUSTG_HD_INLINE void Parser::where_binder(Frame f) {
  then(State::where_subject, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::where_subject(Frame f) {
  f.token = pos;
  if (is_colon(pos)) {
    bump();
    f.a = uint8_t(NodeKind::where_predicate);
    then(State::bounds_wrap, f);
    return enter(State::bounds_list);
  }
  if (is(Token::eq)) {
    bump(pair(Token::eq, Token::eq) ? 2 : 1);
    f.a = uint8_t(NodeKind::where_predicate);
    then(State::bounds_wrap, f);
    return enter(State::type);
  }
  fail(ErrorKind::expected_predicate);
}

}  // namespace rustg::parse
