// Patterns.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// A pattern with alternatives. f.a: 1 if `|` is not for it (parameters of closures), 2 if a guard may follow: (x if c).
RUSTG_HD_INLINE void Parser::pattern(Frame f) {
  f.start = cursor;
  f.b = 0;
  if (f.a != 1 && is(Token::or_)) {
    f.token = pos;
    f.b = 1;
    if (glued(pos, Token::or_)) note(ErrorKind::expected_pattern);
    bump();
  }
  then(State::or_next, f);
  f.a = 0;
  one_pattern(f);
}
RUSTG_HD_INLINE void Parser::or_next(Frame f) {
  if (f.a != 1 && is(Token::or_) && !glued(pos, Token::eq)) {
    if (glued(pos, Token::or_)) note(ErrorKind::expected_pattern), bump();
    if (!f.b) f.token = pos;
    f.b = 2;
    bump();
    then(State::or_next, f);
    return enter(State::one_pattern);
  }
  if (f.b) emit(NodeKind::or_pattern, f.token, f.start, f.b == 2 ? 1 : 0);
  if (f.a == 2 && is(Token::kw_if)) {
    then(State::guard_pattern_end, {pos, f.start, State::guard_pattern_end, 0, 0});
    bump();
    expr(kAllowLet | kLetChain);
  }
}
RUSTG_HD_INLINE void Parser::guard_pattern_end(Frame f) { finish(NodeKind::guard_pattern, f.token, f.start); }

RUSTG_HD_INLINE bool Parser::at_range_end(uint32_t p) const {
  Token k = kind_at(p);
  return is_literal(k) || k == Token::minus || is_path_segment(k) || is_path_sep(p) || k == Token::lt ||
         (k == Token::kw_const && kind_at(p + 1) == Token::open_brace);
}

RUSTG_HD_INLINE void Parser::one_pattern(Frame f) {
  f.token = pos;
  f.start = cursor;
  Token k = kind();
  uint8_t flags = 0;
  switch (k) {
    case Token::kw_underscore: return finish_leaf(NodeKind::wild);
    case Token::ident: {
      Token next = at(1);
      if (is_word(pos, sym::builtin) && next == Token::pound) return go_builtin(here(uint8_t(BuiltinPlace::pattern)));
      if (next == Token::open_paren || next == Token::open_brace || is_dot_dot(pos + 1) || is_path_sep(pos + 1) ||
          next == Token::bang)
        break;
      bump();
      goto bound_name;
    }
    case Token::kw_mut:
      if (at(1) == Token::kw_self_lower) {
        bump();
        f.token = pos;
        flags = kMut;
        bump();
        goto bound_name;
      }
      bump();
      flags = kMut;
      if (eat(Token::kw_ref)) {  // mut ref x, mut ref mut x, mut ref pin const x
        flags |= kRef;
        if (is_word(pos, sym::pin) && (at(1) == Token::kw_mut || at(1) == Token::kw_const)) flags |= kPin, bump();
        if (eat(Token::kw_mut) || eat(Token::kw_const)) flags |= kConst;
      }
      if (!is(Token::ident)) return fail(ErrorKind::expected_identifier);
      f.token = pos;
      bump();
      goto bound_name;
    case Token::kw_ref:
      bump();
      flags = kRef;
      if (is_word(pos, sym::pin) && (at(1) == Token::kw_mut || at(1) == Token::kw_const)) {
        flags |= kPin | (at(1) == Token::kw_mut ? kMut : 0);
        bump(2);
      } else if (eat(Token::kw_mut)) {
        flags |= kMut;
      }
      if (!is(Token::ident) && !is(Token::kw_self_lower)) return fail(ErrorKind::expected_identifier);
      f.token = pos;
      bump();
    bound_name:
      if (is(Token::at)) {
        bump();
        f.b = flags;
        then(State::binding_end, f);
        return enter(State::one_pattern);
      }
      return finish(NodeKind::binding, f.token, f.start, flags);
    case Token::and_: {
      while (glued(pos, Token::and_) && has_room()) {
        push({pos, cursor, State::wrap_pattern_end, uint8_t(NodeKind::ref_pattern), 0});
        bump();
      }
      Frame end{pos, cursor, State::wrap_pattern_end, uint8_t(NodeKind::ref_pattern), 0};
      bump();
      if (is(Token::lifetime)) return fail(ErrorKind::expected_pattern);
      if (is_word(pos, sym::pin) && (at(1) == Token::kw_mut || at(1) == Token::kw_const)) {
        end.b = kPin | (at(1) == Token::kw_mut ? kMut : 0);
        bump(2);
      } else if (is(Token::kw_mut) && !(at(1) == Token::kw_self_lower)) {
        end.b = kMut;
        bump();
      }
      push(end);
      return enter(State::one_pattern, 1);
    }
    case Token::open_paren: bump(); return push({f.token, f.start, State::paren_pattern_next, 0, 0});
    case Token::open_bracket:
      bump();
      return push({f.token, f.start, State::list_pattern_next, uint8_t(NodeKind::slice_pattern), 0});
    case Token::kw_box:
      bump();
      push({f.token, f.start, State::wrap_pattern_end, uint8_t(NodeKind::box_pattern), 0});
      return enter(State::one_pattern, 1);
    case Token::bang:
      if (glued(pos, Token::eq)) break;
      return finish_leaf(NodeKind::never_pattern);
    case Token::dot:
      if (!is_dot_dot(pos)) break;
      if (is_dot3(pos)) {
        note(ErrorKind::expected_pattern);
        bump(3);
      } else if (is_dot_dot_eq(pos)) {
        bump(3);
        if (!at_range_end(pos)) return fail(ErrorKind::open_range);
        flags = kInclusive;
      } else {
        bump(2);
        if (!at_range_end(pos)) return finish(NodeKind::rest, f.token, f.start);
      }
      f.b = uint8_t(flags | kTo);
      then(State::range_pattern_end, f);
      return push({pos, cursor, State::range_end, 0, 0});
    case Token::minus:
      bump();
      if (!lex::is_literal(kind())) return fail(ErrorKind::expected_literal);
      leaf(NodeKind::literal, kNegative);
      return range_pattern_from(f);
    case Token::kw_const:
      if (at(1) != Token::open_brace) break;
      note(ErrorKind::const_block_pattern);
      then(State::pattern_path_end, f);
      then(State::block_wrap, here(uint8_t(NodeKind::const_block)));
      bump();
      return block();
    default: break;
  }
  if (is_literal(k)) {
    leaf(NodeKind::literal);
    return range_pattern_from(f);
  }
  if (at_path()) {
    then(State::pattern_path_end, f);
    return enter(State::path, uint8_t(PathStyle::expression));
  }
  fail(ErrorKind::expected_pattern);
}

RUSTG_HD_INLINE void Parser::binding_end(Frame f) { finish(NodeKind::binding, f.token, f.start, uint8_t(f.b)); }
RUSTG_HD_INLINE void Parser::wrap_pattern_end(Frame f) { finish(NodeKind(f.a), f.token, f.start, uint8_t(f.b)); }
RUSTG_HD_INLINE void Parser::range_pattern_end(Frame f) {
  finish(NodeKind::range_pattern, f.token, f.start, uint8_t(f.b));
}

// Behind a literal or path: maybe the range that it begins.
RUSTG_HD_INLINE void Parser::range_pattern_from(Frame f) {
  if (!is_dot_dot(pos)) return;
  f.token = pos;
  f.b = kFrom;
  bool inclusive = is_dot3(pos) || is_dot_dot_eq(pos);
  if (f.a == 1 && !is_dot3(pos)) note(ErrorKind::ambiguous_range);  // &a..=b, box a..=b
  bump(inclusive ? 3 : 2);
  if (inclusive) f.b |= kInclusive;
  if (!at_range_end(pos)) {
    if (inclusive) note(ErrorKind::open_range);
    return range_pattern_end(f);
  }
  f.b |= kTo;
  then(State::range_pattern_end, f);
  enter(State::range_end);
}
RUSTG_HD_INLINE void Parser::range_end(Frame f) {
  (void)f;
  Token k = kind();
  if (k == Token::kw_const && at(1) == Token::open_brace) {
    note(ErrorKind::const_block_pattern);
    then(State::block_wrap, here(uint8_t(NodeKind::const_block)));
    bump();
    return block();
  }
  if (k == Token::minus) {
    bump();
    if (!lex::is_literal(kind())) return fail(ErrorKind::expected_literal);
    return finish_leaf(NodeKind::literal, kNegative);
  }
  if (is_literal(k)) return finish_leaf(NodeKind::literal);
  enter(State::path, uint8_t(PathStyle::expression));
}

RUSTG_HD_INLINE void Parser::pattern_path_end(Frame f) {
  switch (kind()) {
    case Token::bang:
      if (glued(pos, Token::eq)) return;
      f.token = pos;
      bump();
      if (!token_tree()) return;
      return finish(NodeKind::macro_call, f.token, f.start);
    case Token::open_paren:
      push({pos, f.start, State::list_pattern_next, uint8_t(NodeKind::tuple_struct), 0});
      return bump();
    case Token::open_brace: push({pos, f.start, State::struct_pattern_next, 0, 0}); return bump();
    default: return range_pattern_from(f);
  }
}

// f.b: as in tuple_type_next.
RUSTG_HD_INLINE void Parser::paren_pattern_next(Frame f) {
  if (f.b == 1) {
    if (eat(Token::close_paren)) {
      // (..) is a tuple
      return finish(last == NodeKind::rest && f.start + 1 == cursor ? NodeKind::tuple_pattern : NodeKind::paren_pattern,
                  f.token, f.start);
    }
    if (!eat(Token::comma)) return fail(ErrorKind::expected_list_end);
    f.b = 2;
  } else if (f.b == 3) {
    if (!is(Token::close_paren) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
    f.b = 2;
  }
  if (eat(Token::close_paren)) return finish(NodeKind::tuple_pattern, f.token, f.start);
  f.b = f.b == 0 ? 1 : 3;
  then(State::paren_pattern_next, f);
  outer_attributes();
  enter(State::pattern, 2);
}

// Slices and tuple structs; f.a: the kind.
RUSTG_HD_INLINE void Parser::list_pattern_next(Frame f) {
  Token close = NodeKind(f.a) == NodeKind::slice_pattern ? Token::close_bracket : Token::close_paren;
  if (f.b && !is(close) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
  if (eat(close)) return finish(NodeKind(f.a), f.token, f.start);
  f.b = 1;
  then(State::list_pattern_next, f);
  enter(State::pattern, 2);
}

RUSTG_HD_INLINE void Parser::struct_pattern_next(Frame f) {
  if (f.b && !is(Token::close_brace) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
  f.b = 1;
  if (eat(Token::close_brace)) return finish(NodeKind::struct_pattern, f.token, f.start);
  then(State::struct_pattern_next, f);
  field_pattern();
}
RUSTG_HD_INLINE void Parser::field_pattern() {
  Frame f = here();
  outer_attributes();
  if (is_dot_dot(pos)) {
    if (cursor != f.start) note(ErrorKind::expected_identifier);
    uint32_t token = pos;
    if (is_dot3(pos)) note(ErrorKind::expected_identifier);
    bump(is_dot3(pos) ? 3 : 2);
    emit(NodeKind::rest, token, f.start);
    if (!is(Token::close_brace)) fail(ErrorKind::expected_list_end);
    return;
  }
  f.token = pos;
  if ((is(Token::ident) || is(Token::integer)) && is_colon(pos + 1)) {
    bump(2);
    then(State::field_pattern_end, f);
    return enter(State::pattern, 2);
  }
  uint8_t flags = kShorthand;
  bool box = eat(Token::kw_box);
  if (is(Token::kw_mut) && at(1) == Token::kw_ref) bump();
  if (eat(Token::kw_ref)) flags |= kRef;
  if (eat(Token::kw_mut)) flags |= kMut;
  (void)box;
  f.token = pos;
  if (!eat(Token::ident) && !eat(Token::integer)) return fail(ErrorKind::expected_identifier);
  if (is(Token::at)) return fail(ErrorKind::expected_list_end);
  emit(NodeKind::field_pattern, f.token, f.start, flags);
}
RUSTG_HD_INLINE void Parser::field_pattern_end(Frame f) { finish(NodeKind::field_pattern, f.token, f.start); }

}  // namespace rustg::parse
