// Blocks and statements.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// At `{`. inner: attributes of the block's own may stand in it.
RUSTG_HD_INLINE void Parser::block(bool inner) {
  if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
  uint8_t a = inner ? 0 : 1;
  enter_list(State::block_body, a, NodeKind::block);
}
// Behind the block that f.a is a kind of: unsafe { }.
RUSTG_HD_INLINE void Parser::block_wrap(Frame f) { finish(NodeKind(f.a), f.token, f.start, uint8_t(f.b)); }

// f.token: `{`; f.a: 0 and 1 at it, 2 behind.
RUSTG_HD_INLINE void Parser::block_body(Frame f) {
  if (f.a < 2) {
    bump();
    if (f.a == 0) inner_attributes();
    f.a = 2;
  }
  if (is(Token::close_brace)) {
    finish(NodeKind::block, pos, f.start);
    return bump();
  }
  push(f);
  statement(f);
}

RUSTG_HD_INLINE void Parser::statement(Frame) {
  Frame f = here();
  bool attributes = at_attribute();
  if (attributes) {
    outer_attributes();
    if (is(Token::close_brace)) return fail(ErrorKind::misplaced_attribute);
  }
  Token k = kind();
  switch (k) {
    case Token::semi:
      if (attributes) note(ErrorKind::misplaced_attribute);
      return finish_leaf(NodeKind::empty);
    case Token::kw_super:
      if (at(1) != Token::kw_let) break;
      bump();
      [[fallthrough]];
    case Token::kw_let:
      f.token = pos;
      bump();
      then(State::let_type, f);
      return enter(State::pattern);
    default: break;
  }
  if (at_statement_item()) {
    // The attributes are the item's.
    f.a = uint8_t(Place::statement);
    return go_item_word(f);
  }
  if (attributes && !lex::is_doc(kind_at(pos - 1))) {
    push({pos - 1, f.start, State::statement_end, 0, 0});
    // The attributes belong to the first operand.
    if (is_path_segment(k) || is_path_sep(pos)) {
      push({pos - 1, cursor, State::path_statement, 1, 0});
      return enter(State::path, uint8_t(PathStyle::expression));
    }
    push({pos, f.start, State::rest, kStatement, 0});
    push({pos - 1, f.start, State::attributed_end, 0, 0});
    return enter(State::operand, kStatement);
  }
  if ((is_path_segment(k) || is_path_sep(pos)) && !(is_word(pos, sym::builtin) && at(1) == Token::pound)) {
    push({pos, cursor, State::statement_end, 0, 0});
    push({pos, cursor, State::path_statement, 0, 0});
    return enter(State::path, uint8_t(PathStyle::expression));
  }
  enter(State::statement_end);
  expr(kStatement);
}

// Behind a path that begins a statement; below is statement_end. f.a: it has attributes, before f.token's next.
RUSTG_HD_INLINE void Parser::path_statement(Frame f) {
  const uint32_t outer = frame(depth_ - 1).start;  // with the attributes
  if (is_bang(pos)) {
    uint32_t token = pos;
    bump();
    bool brace = is(Token::open_brace);
    if (!token_tree()) return;
    bool complete = brace && !(is(Token::dot) && !is_dot_dot(pos)) && !is(Token::question);
    bool whole = complete || is(Token::semi);  // the attributes are its own
    emit(NodeKind::macro_call, token, whole ? outer : f.start);
    if (complete) {
      --depth_;
      if (is(Token::semi)) emit(NodeKind::expr_statement, pos, outer), bump();
      return;
    }
    if (whole) return;
    push({pos, outer, State::rest, 0, 0});
    if (f.a) push({f.token, outer, State::attributed_end, 0, 0});
    return push({pos, f.start, State::postfix, 0, 0});
  }
  push({pos, outer, State::rest, kStatement, 0});
  if (f.a) push({f.token, outer, State::attributed_end, 0, 0});
  Frame after{pos, f.start, State::postfix, kStatement, 0};
  if (is(Token::open_brace)) {
    push(after);
    return enter_list(State::struct_next, 0, NodeKind::struct_literal, f.start);
  }
  go_postfix(after);
}

// Behind an expression that is a statement.
RUSTG_HD_INLINE void Parser::statement_end(Frame f) {
  if (is(Token::semi)) {
    finish(NodeKind::expr_statement, pos, f.start);
    return bump();
  }
  if (is_block_like(last) || is(Token::close_brace)) return;
  fail(ErrorKind::expected_semi_or_brace);
}

// let pattern: f.token is `let`.
RUSTG_HD_INLINE void Parser::let_type(Frame f) {
  if (last == NodeKind::or_pattern && s.node_flags[cursor - 1]) note(ErrorKind::top_level_or_pattern, f.token + 1);
  if (is_colon(pos)) {
    bump();
    f.b |= kTyped;
    then(State::let_init, f);
    return enter(State::type, kPlus);
  }
  let_init(f);
}
RUSTG_HD_INLINE void Parser::let_init(Frame f) {
  if (is(Token::eq) && !glued(pos, Token::eq) && !glued(pos, Token::gt)) {
    bump();
    f.b |= kValue;
    then(State::let_else, f);
    return expr();
  }
  let_end(f);
}
RUSTG_HD_INLINE void Parser::let_else(Frame f) {
  if (is(Token::kw_else)) {
    if (kind_at(pos - 1) == Token::close_brace) note(ErrorKind::unexpected_token);
    if (last == NodeKind::binary && cursor != 0 && Operator(s.node_flags[cursor - 1]) >= Operator::and_)
      note(ErrorKind::unexpected_token);
    bump();
    f.b |= kElse;
    then(State::let_end, f);
    return block(false);
  }
  let_end(f);
}
RUSTG_HD_INLINE void Parser::let_end(Frame f) {
  if (!is(Token::semi)) return fail(ErrorKind::expected_semi);
  bump();
  emit(NodeKind::let_statement, f.token, f.start, uint8_t(f.b));
}

}  // namespace rustg::parse
