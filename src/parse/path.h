// Paths and their arguments: a::b, Vec<T>, Fn(A) -> B, <T as Trait>::Item.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// f.a: PathStyle.
RUSTG_HD_INLINE void Parser::path(Frame f) {
  f.start = cursor;
  Token k = kind();
  if (k == Token::lt) {
    f.token = pos;
    bump();
    then(State::qself_type, f);
    return enter(State::type, kPlus);
  }
  if (k == Token::colon && is_path_sep(pos)) {
    emit(NodeKind::path_root, pos, cursor);
    f.b = 1;  // the `::` is for the node that joins root and first segment
    f.token = pos + 1;
    bump(2);
  } else {
    f.b = 0;
  }
  go_segments(f);
}

// At a segment. f.start: the whole path; f.b: a path node at f.token is to be made behind the segment.
RUSTG_HD_INLINE void Parser::segments(Frame f) {
  while (true) {
    if (!is_path_segment(kind())) return fail(ErrorKind::expected_identifier);
    uint32_t segment = cursor;
    leaf(NodeKind::name);
    PathStyle style = PathStyle(f.a);
    if (style != PathStyle::mod) {
      uint32_t p = is_path_sep(pos) ? pos + 2 : pos;
      Token k = kind_at(p);
      bool angle = k == Token::lt && !(p == pos && glued(p, Token::eq) && style == PathStyle::type);
      if (style == PathStyle::expression && p == pos) angle = false;
      bool round = k == Token::open_paren && (p != pos || style == PathStyle::type);
      if (angle || round) {
        pos = p;
        then(State::path_more, f);
        Frame args{pos, cursor, angle ? State::args_next : State::paren_args_next, 0, 0};
        // The generic node begins with the name; its arguments behind it.
        push({segment, segment, State::path_args, uint8_t(angle), 0});
        bump();
        if (round && is_dot_dot(pos) && at(2) == Token::close_paren) {
          emit(NodeKind::rest, pos, cursor);
          bump(2);
        }
        return push(args);
      }
    }
    if (f.b) emit(NodeKind::path, f.token, f.start);
    if (!is_path_sep(pos)) return;
    Token next = at(2);
    if (next == Token::star || next == Token::open_brace) return;  // of use and reuse
    f.b = 1;
    f.token = pos + 1;
    bump(2);
  }
}

// The arguments are there; the closing token, which the generic node stands for, is the one noted by the list: f.b is set by it.
RUSTG_HD_INLINE void Parser::path_args(Frame f) { finish(NodeKind::generic, f.a ? pos - 1 : f.token, f.start); }

RUSTG_HD_INLINE void Parser::path_more(Frame f) {
  if (f.b) emit(NodeKind::path, f.token, f.start);
  if (!is_path_sep(pos) || at(2) == Token::star || at(2) == Token::open_brace) return;
  f.b = 1;
  f.token = pos + 1;
  bump(2);
  go_segments(f);
}

// Inside <…>: f.token is `<`, f.a: a comma is needed.
RUSTG_HD_INLINE void Parser::args_next(Frame f) {
  if (f.a && !is(Token::gt)) {
    if (!eat(Token::comma)) return fail(ErrorKind::expected_gt);
  }
  if (is(Token::gt)) {
    finish(NodeKind::generic_args, f.token, f.start);
    return bump();
  }
  f.a = 1;
  then(State::args_next, f);
  generic_argument();
}

RUSTG_HD_INLINE void Parser::generic_argument() {
  if (at_attribute()) {
    note(ErrorKind::attribute_on_argument);
    outer_attributes();
  }
  Token k = kind();
  if (k == Token::lifetime && !(at(1) == Token::plus)) return lifetime();
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
  if (k == Token::kw_const && at(1) == Token::ident && is_colon(pos + 2)) note(ErrorKind::const_argument);
  enter(State::arg_end);
  enter(State::type, kPlus);
}

// Behind a type in <…>: it was the name of an associated item if `=` or `:` follows.
RUSTG_HD_INLINE void Parser::arg_end(Frame f) {
  if (is(Token::eq) && !glued(pos, Token::eq)) {
    if (last != NodeKind::name && last != NodeKind::generic) return fail(ErrorKind::expected_gt);
    then(State::assoc_end, {pos, f.start, State::assoc_end, 0, 0});
    bump();
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
    return enter(State::type, kPlus);
  }
  if (is_colon(pos)) {
    // Of `const N: T` it has been said that it is none.
    if (last != NodeKind::name && last != NodeKind::generic && kind_at(f.token) != Token::kw_const)
      return fail(at(1) == Token::ident ? ErrorKind::single_colon : ErrorKind::expected_gt);
    then(State::assoc_end, {pos, f.start, State::assoc_end, 0, 0});
    bump();
    enter(State::bounds_list);
  }
}

RUSTG_HD_INLINE void Parser::assoc_end(Frame f) { finish(NodeKind::assoc_type, f.token, f.start); }

// Inside (…) of Fn(A, B) -> C.
RUSTG_HD_INLINE void Parser::paren_args_next(Frame f) {
  if (f.a && !is(Token::close_paren)) {
    if (!eat(Token::comma)) return fail(ErrorKind::expected_list_end);
  }
  if (is(Token::close_paren)) {
    bool notation = !f.a && last == NodeKind::rest;  // (..)
    emit(NodeKind::paren_args, f.token, f.start);
    // The generic node around stands for the closing token.
    set_token(pos);
    bump();
    if (is_arrow(pos)) {
      if (notation) note(ErrorKind::notation_return);
      then(State::ret_end, here());
      bump(2);
      enter(State::type);
    }
    return;
  }
  f.a = 1;
  then(State::paren_args_next, f);
  enter(State::type, kPlus);
}

// <T: the `<` is f.token.
RUSTG_HD_INLINE void Parser::qself_type(Frame f) {
  f.b = 0;
  if (eat(Token::kw_as)) {
    f.b = kOfTrait;
    then(State::qself_path, f);
    return enter(State::path, uint8_t(PathStyle::type));
  }
  qself_path(f);
}

RUSTG_HD_INLINE void Parser::qself_path(Frame f) {
  if (!is(Token::gt)) return fail(ErrorKind::expected_gt);
  leaf(NodeKind::qualified_self, uint8_t(f.b));
  s.node_starts[cursor - 1] = f.start;
  if (!is_path_sep(pos)) return fail(ErrorKind::expected_path_sep);
  if (at(2) == Token::star || at(2) == Token::open_brace) return;
  f.b = 1;
  f.token = pos + 1;
  bump(2);
  go_segments(f);
}

// Inside <…> of use<'a, T>: lifetimes and names. f.token: `<`; f.a: a comma is needed.
RUSTG_HD_INLINE void Parser::captures_next(Frame f) {
  if (f.a && !is(Token::gt) && !eat(Token::comma)) return fail(ErrorKind::expected_gt);
  if (is(Token::gt)) {
    finish(NodeKind::generic_args, f.token, f.start);
    return bump();
  }
  f.a = 1;
  push(f);
  if (is(Token::lifetime)) return lifetime();
  if (!is(Token::ident) && !is(Token::kw_self_upper)) return fail(ErrorKind::expected_identifier);
  leaf(NodeKind::name);
}
// use<'a, T> as a bound; f.token is `use`.
RUSTG_HD_INLINE void Parser::captures_end(Frame f) { finish(NodeKind::captures, f.token, f.start); }

}  // namespace rustg::parse
