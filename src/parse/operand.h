// Expressions that begin with a keyword, a bracket or a path.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// The keyword at p begins a block: `k {`, `k move {`.
RUSTG_HD_INLINE bool Parser::at_block_keyword(uint32_t p, Token k) const {
  if (kind_at(p) != k) return false;
  Token next = kind_at(p + 1);
  if (next == Token::open_brace) return true;
  return (next == Token::kw_move || next == Token::kw_use) && kind_at(p + 2) == Token::open_brace;
}

RUSTG_HD_INLINE bool Parser::at_closure() const {
  switch (kind()) {
    case Token::or_: return !glued(pos, Token::eq);
    case Token::kw_move:
    case Token::kw_use:
    case Token::kw_static:
    case Token::kw_async: return true;
    case Token::kw_gen: return true;
    case Token::kw_const: return at(1) != Token::open_brace;
    case Token::kw_for: return choose_generics(pos + 1);
    default: return false;
  }
}

// An operand; behind it goes postfix().
RUSTG_HD_INLINE void Parser::bottom(uint8_t r) {
  Frame f{pos, cursor, State::postfix, r, 0};
  Token k = kind();
  if (is_literal(k)) {
    leaf(NodeKind::literal);
    return go_postfix(f);
  }
  switch (k) {
    case Token::ident:
      if (is_word(pos, sym::builtin) && at(1) == Token::pound) {
        push(f);
        return go_builtin(here(uint8_t(BuiltinPlace::expression)));
      }
      [[fallthrough]];
    case Token::kw_self_lower:
    case Token::kw_self_upper:
    case Token::kw_super:
    case Token::kw_crate:
    case Token::colon:
    case Token::lt: {
      if (!at_path()) return fail(ErrorKind::expected_expression);
      Frame p = f;
      p.state = State::path_expression;
      // By far the most: a name alone.
      if (k == Token::ident && !is_path_sep(pos + 1)) {
        leaf(NodeKind::name);
        return go_path_expression(p);
      }
      push(p);
      return enter(State::path, uint8_t(PathStyle::expression));
    }
    case Token::open_paren:
      push(f);
      return enter_list(State::paren_next, 0, NodeKind::paren);
    case Token::open_brace: push(f); return block();
    case Token::open_bracket:
      push(f);
      return enter_list(State::array_next, 0, NodeKind::array);
    case Token::kw_underscore: leaf(NodeKind::underscore); return go_postfix(f);
    case Token::kw_if:
      push(f);
      bump();
      push({f.token, f.start, State::if_condition, 0, 0});
      return condition();
    case Token::kw_while:
      push(f);
      bump();
      push({f.token, f.start, State::while_condition, 0, 0});
      return condition();
    case Token::kw_loop:
      push(f);
      bump();
      push({f.token, f.start, State::loop_end, 0, 0});
      return block();
    case Token::kw_for:
      if (choose_generics(pos + 1)) break;
      push(f);
      bump();
      eat(Token::kw_await);
      push({f.token, f.start, State::for_pattern, 0, 0});
      return enter(State::pattern);
    case Token::kw_match:
      push(f);
      bump();
      push({f.token, f.start, State::match_subject, 0, 0});
      return expr(kNoStruct);
    case Token::lifetime: {
      if (!is_colon(pos + 1)) return fail(ErrorKind::expected_expression);
      push(f);
      lifetime(NodeKind::label);
      push({pos, f.start, State::labeled_end, 0, 0});
      bump();
      Token loop = kind();
      if (loop == Token::open_brace) return block();
      if (loop != Token::kw_while && loop != Token::kw_for && loop != Token::kw_loop)
        return fail(ErrorKind::expected_expression);
      Frame inner{pos, cursor,
                  loop == Token::kw_while ? State::while_condition
                  : loop == Token::kw_for ? State::for_pattern
                                          : State::loop_end,
                  0, 0};
      push(inner);
      bump();
      if (loop == Token::kw_while) return condition();
      if (loop == Token::kw_for) eat(Token::kw_await);
      if (loop == Token::kw_for) return enter(State::pattern);
      return block();
    }
    case Token::kw_unsafe:
      push(f);
      then(State::block_wrap, here(uint8_t(NodeKind::unsafe_block)));
      bump();
      return block();
    case Token::kw_const:
      if (at(1) != Token::open_brace) break;
      push(f);
      push({pos, cursor, State::block_wrap, uint8_t(NodeKind::const_block), 0});
      bump();
      return block();
    case Token::kw_try:
      if (at(1) == Token::bang) break;
      push(f);
      bump();
      push({f.token, f.start, State::block_wrap, uint8_t(NodeKind::try_block), 0});
      if (is(Token::ident)) {  // try bikeshed T { }
        bump();
        enter(State::try_type);
        return enter(State::type);
      }
      return block();
    case Token::kw_async:
    case Token::kw_gen: {
      uint32_t n = k == Token::kw_async && at(1) == Token::kw_gen ? 1 : 0;
      if (!at_block_keyword(pos + n, n ? Token::kw_gen : k)) break;
      push(f);
      uint16_t flags = n ? kAsync | kGen : k == Token::kw_async ? kAsync : kGen;
      f.token = pos;
      bump(n + 1);
      if (!is(Token::open_brace)) flags |= is(Token::kw_move) ? kMove : kUse, bump();
      push({f.token, f.start, State::block_wrap, uint8_t(NodeKind::async_block), flags});
      return block();
    }
    case Token::kw_return: push(f); return jump(NodeKind::return_, r);
    case Token::kw_become:
      push(f);
      bump();
      push({f.token, f.start, State::jump_end, uint8_t(NodeKind::become), 0});
      return expr();
    case Token::kw_yield: push(f); return jump(NodeKind::yield, r);
    case Token::kw_break:
      push(f);
      bump();
      push({f.token, f.start, State::jump_end, uint8_t(NodeKind::break_), 0});
      if (is(Token::lifetime) && !is_colon(pos + 1))
        lifetime(NodeKind::label);
      else if (is(Token::lifetime))
        note(ErrorKind::unexpected_token);
      if (at_expression() && !(is(Token::open_brace) && (r & kNoStruct))) expr();
      return;
    case Token::kw_continue:
      bump();
      if (is(Token::lifetime)) lifetime(NodeKind::label);
      emit(NodeKind::continue_, f.token, f.start);
      return go_postfix(f);
    case Token::kw_do:
      if (is_word(pos + 1, sym::yeet)) {
        push(f);
        bump();
        push({f.token, f.start, State::jump_end, uint8_t(NodeKind::yeet), 0});
        bump();
        if (at_expression()) expr();
        return;
      }
      return fail(ErrorKind::expected_expression);
    case Token::kw_let:
      if (!(r & kAllowLet)) note(ErrorKind::expected_let);
      bump();
      push({f.token, f.start, State::let_pattern, r, 0});
      return enter(State::pattern);
    default: break;
  }
  if (at_closure()) {
    push(f);
    return closure(f);
  }
  fail(ErrorKind::expected_expression);
}

RUSTG_HD_INLINE void Parser::jump(NodeKind kind, uint8_t) {
  push({pos, cursor, State::jump_end, uint8_t(kind), 0});
  bump();
  if (at_expression()) expr();
}
RUSTG_HD_INLINE void Parser::jump_end(Frame f) { finish(NodeKind(f.a), f.token, f.start); }
RUSTG_HD_INLINE void Parser::try_type(Frame) { block(); }

// Behind a path: a macro call, a struct literal, or the path itself. f.a: restrictions.
RUSTG_HD_INLINE void Parser::path_expression(Frame f) {
  f.state = State::postfix;  // a call's `{` or `!` begins nothing
  if (is_bang(pos)) {
    uint32_t token = pos;
    bump();
    if (kind_at(f.token) == Token::lt) note(ErrorKind::qualified_macro, f.token);
    if (!token_tree()) return;
    emit(NodeKind::macro_call, token, f.start);
  } else if (is(Token::open_brace) && !(f.a & kNoStruct)) {
    push(f);
    return enter_list(State::struct_next, 0, NodeKind::struct_literal, f.start);
  }
  go_postfix(f);
}

// (…): f.a: 0 at it, 1 behind; f.b: 0 nothing yet, 1 one element, 2 a tuple.
RUSTG_HD_INLINE void Parser::paren_next(Frame f) {
  if (f.a == 0) {
    f.a = 1;
    bump();
  } else if (is(Token::close_paren)) {
    finish(f.b == 1 ? NodeKind::paren : NodeKind::tuple, pos, f.start);
    return bump();
  } else if (eat(Token::comma)) {
    f.b = 2;
  } else {
    return fail(ErrorKind::expected_list_end);
  }
  if (is(Token::close_paren)) {
    finish(NodeKind::tuple, pos, f.start);
    return bump();
  }
  if (f.b == 0) f.b = 1;
  then(State::paren_next, f);
  expr();
}

RUSTG_HD_INLINE void Parser::array_next(Frame f) {
  if (f.a == 0) {
    bump();
  } else if (is(Token::semi) && f.a == 1) {
    push({pos, f.start, State::repeat_end, 0, 0});
    bump();
    return expr();
  } else if (!is(Token::close_bracket) && !eat(Token::comma)) {
    return fail(ErrorKind::expected_list_end);
  }
  if (is(Token::close_bracket)) {
    finish(NodeKind::array, pos, f.start);
    return bump();
  }
  f.a = f.a == 0 ? 1 : 2;
  then(State::array_next, f);
  expr();
}
RUSTG_HD_INLINE void Parser::repeat_end(Frame f) {
  if (expect(Token::close_bracket, ErrorKind::expected_list_end)) finish(NodeKind::repeat, f.token, f.start);
}

// Inside the braces of a struct literal; f.token: `{`, f.start: of its path.
RUSTG_HD_INLINE void Parser::struct_next(Frame f) {
  if (f.a == 0)
    bump();
  else if (!is(Token::close_brace) && !eat(Token::comma))
    return fail(ErrorKind::expected_list_end);
  f.a = 1;
  if (eat(Token::close_brace)) return finish(NodeKind::struct_literal, f.token, f.start);
  then(State::struct_next, f);
  field_value();
}
RUSTG_HD_INLINE void Parser::field_value() {
  Frame f = here();
  if (is_dot_dot(pos) && !is_dot3(pos) && !is_dot_dot_eq(pos)) {
    bump(2);
    then(State::base_end, f);
    if (!is(Token::close_brace)) expr();
    return;
  }
  outer_attributes();
  f.token = pos;
  if (!is(Token::ident) && !is(Token::integer)) return fail(ErrorKind::expected_identifier);
  if (is_colon(pos + 1)) {
    bump(2);
    then(State::field_value_end, f);
    return expr();
  }
  if (is(Token::integer)) return fail(ErrorKind::expected_identifier);
  bump();
  emit(NodeKind::field_value, f.token, f.start, kShorthand);
}
RUSTG_HD_INLINE void Parser::field_value_end(Frame f) { finish(NodeKind::field_value, f.token, f.start); }
RUSTG_HD_INLINE void Parser::base_end(Frame f) {
  emit(NodeKind::base, f.token, f.start);
  if (is(Token::comma)) note(ErrorKind::base_comma);
}

// f.a: restrictions.
RUSTG_HD_INLINE void Parser::closure(Frame f) {
  f.a &= uint8_t(~(kStatement | kAllowLet));
  if (is(Token::kw_for)) return binder(State::closure_binder, f);
  go_closure_binder(f);
}
RUSTG_HD_INLINE void Parser::closure_binder(Frame f) {
  if (eat(Token::kw_const)) f.b |= kConstant;
  if (eat(Token::kw_static)) f.b |= kStatic;
  if (edition >= lex::Edition::e2018) {
    if (eat(Token::kw_async)) f.b |= kAsync;
    if (eat(Token::kw_gen)) f.b |= kGen;
  }
  f.b |= eat(Token::kw_move) ? kMove : eat(Token::kw_use) ? kUse : 0;
  f.token = pos;
  if (!is(Token::or_) || glued(pos, Token::eq)) return fail(ErrorKind::expected_bar);
  then(State::closure_body, f);
  bump();
  push({f.token, cursor, State::closure_params_next, 0, 0});
}
// f.a: a comma is needed.
RUSTG_HD_INLINE void Parser::closure_params_next(Frame f) {
  if (f.a && !is(Token::or_) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
  if (is(Token::or_)) {
    finish(NodeKind::closure_params, pos, f.start);
    return bump();
  }
  f.a = 1;
  then(State::closure_params_next, f);
  Frame param = here();
  outer_attributes();
  then(State::closure_param_type, param);
  enter(State::pattern, 1);
}
RUSTG_HD_INLINE void Parser::closure_param_type(Frame f) {
  if (!is_colon(pos)) return;
  f.token = pos;
  bump();
  then(State::closure_param_end, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::closure_param_end(Frame f) { finish(NodeKind::param, f.token, f.start); }
RUSTG_HD_INLINE void Parser::closure_body(Frame f) {
  then(State::closure_end, f);
  if (is_arrow(pos)) {
    enter(State::try_type);  // then a block
    return return_type();
  }
  expr(f.a);
}
RUSTG_HD_INLINE void Parser::closure_end(Frame f) { finish(NodeKind::closure, f.token, f.start, uint8_t(f.b)); }

RUSTG_HD_INLINE void Parser::if_condition(Frame f) {
  then(State::if_then, f);
  block(false);
}
RUSTG_HD_INLINE void Parser::if_then(Frame f) {
  if (!is(Token::kw_else)) return finish(NodeKind::if_, f.token, f.start);
  then(State::jump_end, {f.token, f.start, State::jump_end, uint8_t(NodeKind::if_), 0});
  then(State::else_end, here());
  bump();
  if (is(Token::kw_if)) {
    push({pos, cursor, State::if_condition, 0, 0});
    bump();
    return condition();
  }
  if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
  block(false);
}
RUSTG_HD_INLINE void Parser::else_end(Frame f) { finish(NodeKind::else_, f.token, f.start); }

RUSTG_HD_INLINE void Parser::while_condition(Frame f) {
  then(State::while_end, f);
  block();
}
RUSTG_HD_INLINE void Parser::while_end(Frame f) { finish(NodeKind::while_, f.token, f.start); }
RUSTG_HD_INLINE void Parser::loop_end(Frame f) { finish(NodeKind::loop, f.token, f.start); }
RUSTG_HD_INLINE void Parser::for_pattern(Frame f) {
  if (!eat(Token::kw_in)) return fail(ErrorKind::expected_in);
  then(State::for_iterable, f);
  expr(kNoStruct);
}
RUSTG_HD_INLINE void Parser::for_iterable(Frame f) {
  then(State::for_end, f);
  block();
}
RUSTG_HD_INLINE void Parser::for_end(Frame f) { finish(NodeKind::for_, f.token, f.start); }
RUSTG_HD_INLINE void Parser::labeled_end(Frame f) { finish(NodeKind::labeled, f.token, f.start); }

RUSTG_HD_INLINE void Parser::match_subject(Frame f) {
  if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
  then(State::match_end, f);
  enter_list(State::arms_next, 0, NodeKind::match_arms);
}
RUSTG_HD_INLINE void Parser::match_end(Frame f) { finish(NodeKind::match_, f.token, f.start); }

// f.a: 0 at `{`, 1 behind.
RUSTG_HD_INLINE void Parser::arms_next(Frame f) {
  if (f.a == 0) {
    bump();
    inner_attributes();
    f.a = 1;
  }
  if (is(Token::close_brace)) {
    finish(NodeKind::match_arms, pos, f.start);
    return bump();
  }
  push(f);
  Frame g = here();
  outer_attributes();
  then(State::arm_pattern, g);
  enter(State::pattern);
}
RUSTG_HD_INLINE void Parser::arm_pattern(Frame f) {
  if (last == NodeKind::paren_pattern && NodeKind(s.node_kinds[cursor - 2]) == NodeKind::guard_pattern)
    note(ErrorKind::parens_around_arm, pos - 1);
  if (is(Token::kw_if)) {
    then(State::arm_guard, f);
    push({pos, cursor, State::group_wrap, uint8_t(NodeKind::guard), 0});
    bump();
    return expr(kAllowLet | kLetChain);
  }
  arm_guard(f);
}
RUSTG_HD_INLINE void Parser::arm_guard(Frame f) {
  if (!pair(Token::eq, Token::gt)) {
    // Without a body, which only never patterns may be: that is seen to later.
    if (is(Token::close_brace)) return;
    bool never = false, guarded = last == NodeKind::guard;
    for (uint32_t n = f.start; n < cursor; ++n) {
      NodeKind k = NodeKind(s.node_kinds[n]);
      never |= k == NodeKind::never_pattern || k == NodeKind::macro_call;
    }
    if (is(Token::comma) && (never || guarded)) {
      finish(NodeKind::arm, pos, f.start);
      return bump();
    }
    return fail(never ? ErrorKind::expected_comma : ErrorKind::expected_arrow);
  }
  f.token = pos;
  bump(2);
  then(State::arm_body, f);
  expr(kStatement);
}
RUSTG_HD_INLINE void Parser::arm_body(Frame f) {
  bool needs_comma = !is_block_like(last) && !is(Token::close_brace);
  emit(NodeKind::arm, f.token, f.start, kValue);
  if (!eat(Token::comma) && needs_comma) fail(ErrorKind::expected_comma);
}

// let pattern = value, as a condition; f.a: restrictions.
RUSTG_HD_INLINE void Parser::let_pattern(Frame f) {
  if (!is_eq(pos)) return fail(ErrorKind::expected_eq);
  bump();
  then(State::let_value, f);
  expr(f.a & kNoStruct, kAndPrecedence + 1);
}
RUSTG_HD_INLINE void Parser::let_value(Frame f) { finish(NodeKind::let, f.token, f.start); }

}  // namespace rustg::parse
