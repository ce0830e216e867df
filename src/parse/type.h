// Types.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// `dyn` begins a type; in 2015 it is an identifier unless a bound follows.
RUSTG_HD_INLINE bool Parser::at_dyn() const {
  if (is(Token::kw_dyn)) return true;
  if (!is_word(pos, lex::keyword_symbol(Token::kw_dyn))) return false;
  Token next = at(1);
  if (next == Token::colon || next == Token::lt) return false;
  if (next == Token::bang && is_open(at(2))) return false;  // a macro of that name
  return is_path_segment(next) || next == Token::lifetime || next == Token::question || next == Token::tilde ||
         next == Token::bang || next == Token::kw_for || next == Token::open_paren || next == Token::kw_const ||
         next == Token::kw_async;
}

RUSTG_HD_INLINE bool Parser::at_type() const {
  switch (kind()) {
    case Token::open_paren:
    case Token::bang:
    case Token::star:
    case Token::open_bracket:
    case Token::and_:
    case Token::question:
    case Token::lifetime:
    case Token::lt:
    case Token::kw_underscore:
    case Token::kw_for:
    case Token::kw_impl:
    case Token::kw_fn:
    case Token::kw_unsafe:
    case Token::kw_extern:
    case Token::kw_typeof:
    case Token::kw_dyn: return true;
    default: return at_path();
  }
}

// -> T, without a plus; f of the caller is on the stack already.
RUSTG_HD_INLINE void Parser::return_type() {
  if (!is_arrow(pos)) return;
  then(State::ret_end, here());
  bump(2);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::ret_end(Frame f) { finish(NodeKind::ret, f.token, f.start); }

// f.a: kPlus, kVariadic.
RUSTG_HD_INLINE void Parser::type(Frame f) {
  f.token = pos;
  f.start = cursor;
  switch (kind()) {
    case Token::ident:
      if (at_dyn()) goto dyn;
      if (is_word(pos, sym::builtin) && at(1) == Token::pound) return go_builtin(here(uint8_t(BuiltinPlace::type)));
      if (is_word(pos, sym::safe) && at_fn()) goto function;
      break;
    case Token::open_paren: bump(); return push({f.token, f.start, State::tuple_type_next, f.a, 0});
    case Token::bang:
      if (at_bound() && is_path_segment(at(1)) && !glued(pos, Token::eq)) break;
      return finish_leaf(NodeKind::never_type);
    case Token::star: {
      bump();
      bool mut = is(Token::kw_mut);
      if (!mut && !is(Token::kw_const))
        note(ErrorKind::expected_mut_or_const);
      else
        bump();
      push({f.token, f.start, State::wrap_type_end, uint8_t(NodeKind::pointer_type), uint16_t(mut ? kMut : kConst)});
      return enter(State::type);
    }
    case Token::open_bracket:
      bump();
      then(State::array_type_next, f);
      return enter(State::type, kPlus);
    case Token::and_: {
      while (glued(pos, Token::and_) && has_room()) {  // && is two references
        push({pos, cursor, State::wrap_type_end, uint8_t(NodeKind::ref_type), 0});
        bump();
      }
      Frame end{pos, cursor, State::wrap_type_end, uint8_t(NodeKind::ref_type), 0};
      bump();
      if (is(Token::lifetime)) lifetime();
      if (is_word(pos, sym::pin) && (at(1) == Token::kw_mut || at(1) == Token::kw_const)) {
        end.b = kPin | (at(1) == Token::kw_mut ? kMut : 0);
        bump(2);
      } else if (eat(Token::kw_mut)) {
        end.b = kMut;
      }
      push(end);
      return enter(State::type);
    }
    case Token::kw_typeof:
      bump();
      note(ErrorKind::reserved_typeof, f.token);
      if (!expect(Token::open_paren, ErrorKind::expected_paren)) return;
      then(State::typeof_end, f);
      return expr();
    case Token::lifetime:
      if (at(1) != Token::plus) note(ErrorKind::lifetime_without_plus);
      break;
    case Token::kw_underscore: return finish_leaf(NodeKind::infer_type);
    case Token::kw_unsafe:
      if (at(1) == Token::lt) {
        bump();
        then(State::unsafe_binder_type, f);
        bump();
        return push({pos - 1, cursor, State::generic_params_next, 0, 0});
      }
      [[fallthrough]];
    case Token::kw_fn:
    case Token::kw_extern:
    case Token::kw_async:
    case Token::kw_gen:
    function:
      if (kind() == Token::kw_async && !at_fn()) break;
      if (!at_fn()) return fail(ErrorKind::expected_type);
      return go_fn_type_binder(f);
    case Token::kw_for: return binder(State::fn_type_binder, f);
    case Token::kw_impl:
      bump();
      push({f.token, f.start, State::bounds_wrap, uint8_t(NodeKind::impl_type), f.a});
      return enter(State::bounds_list);
    case Token::kw_dyn:
    dyn:
      bump();
      push({f.token, f.start, State::bounds_wrap, uint8_t(NodeKind::dyn_type), f.a});
      return enter(State::bounds_list);
    case Token::kw_const:
      if (at_fn()) goto function;
      break;
    case Token::dot:
      if (is_dot3(pos) && (f.a & kVariadic)) {
        bump(3);
        return finish(NodeKind::variadic, f.token, f.start);
      }
      break;
    default: break;
  }
  if (at_path()) {
    then(State::path_type_end, f);
    return enter(State::path, uint8_t(PathStyle::type));
  }
  if (at_bound() && !is(Token::open_paren)) {
    then(State::path_type_end, {f.token, f.start, State::path_type_end, f.a, 1});
    return bound();
  }
  fail(ErrorKind::expected_type);
}

// Behind a path or a bound (f.b) where a type was expected: maybe A + B, or a macro call.
RUSTG_HD_INLINE void Parser::path_type_end(Frame f) {
  if (!f.b && is_bang(pos) && is_open(at(1))) {
    uint32_t token = pos;
    bump();
    if (kind_at(f.token) == Token::lt) note(ErrorKind::qualified_macro, f.token);
    token_tree();
    return finish(NodeKind::macro_call, token, f.start);
  }
  if (is(Token::plus) && !glued(pos, Token::eq) && (f.a & kPlus)) {
    push({pos, f.start, State::object_end, 0, 0});
    bump();
    enter(State::bounds_list);
  }
}
RUSTG_HD_INLINE void Parser::object_end(Frame f) { finish(NodeKind::object_type, f.token, f.start); }

// Inside (…). f.b: elements so far, as 0, 1, 2 for more or a comma.
RUSTG_HD_INLINE void Parser::tuple_type_next(Frame f) {
  if (f.b == 1) {
    if (is(Token::close_paren)) {
      bump();
      emit(NodeKind::paren_type, f.token, f.start);
      if (is(Token::plus) && (f.a & kPlus)) {
        if (NodeKind(s.node_kinds[cursor - 2]) == NodeKind::paren_type) note(ErrorKind::expected_bound, f.token);
        push({pos, f.start, State::object_end, 0, 0});
        bump();
        enter(State::bounds_list);
      }
      return;
    }
    if (!eat(Token::comma)) return fail(ErrorKind::expected_list_end);
    f.b = 2;
  } else if (f.b == 3) {
    if (!is(Token::close_paren) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
    f.b = 2;
  }
  if (is(Token::close_paren)) {
    bump();
    return finish(NodeKind::tuple_type, f.token, f.start);
  }
  f.b = f.b == 0 ? 1 : 3;
  then(State::tuple_type_next, f);
  enter(State::type, kPlus);
}

// f.a: the kind, f.b: its flags.
RUSTG_HD_INLINE void Parser::wrap_type_end(Frame f) { finish(NodeKind(f.a), f.token, f.start, uint8_t(f.b)); }

RUSTG_HD_INLINE void Parser::array_type_next(Frame f) {
  if (eat(Token::close_bracket)) return finish(NodeKind::slice_type, f.token, f.start);
  if (!expect(Token::semi, ErrorKind::expected_list_end)) return;
  then(State::array_type_end, f);
  expr();
}
RUSTG_HD_INLINE void Parser::array_type_end(Frame f) {
  if (expect(Token::close_bracket, ErrorKind::expected_list_end)) finish(NodeKind::array_type, f.token, f.start);
}

// At a function pointer, or behind for<…>, at what it is for.
RUSTG_HD_INLINE void Parser::fn_type_binder(Frame f) {
  if (at_fn()) {
    if (is(Token::kw_const)) note(ErrorKind::fn_pointer_const), bump();
    if (is_keyword(pos, Token::kw_async)) note(ErrorKind::fn_pointer_async), bump();
    f.b = 0;
    if (!fn_qualifiers(f)) return;
    f.token = pos;
    bump();
    if (!is(Token::open_paren)) return fail(ErrorKind::expected_paren);
    then(State::fn_type_params, f);
    params(false);
    return;
  }
  if (!at_path()) return fail(ErrorKind::expected_type);
  f.token = pos - 1;
  then(State::binder_path, f);
  enter(State::path, uint8_t(PathStyle::type));
}
RUSTG_HD_INLINE void Parser::fn_type_params(Frame f) {
  then(State::fn_type_end, f);
  if (!is_arrow(pos)) return;
  then(State::ret_end, here());
  bump(2);
  enter(State::type);
}
RUSTG_HD_INLINE void Parser::fn_type_end(Frame f) { finish(NodeKind::fn_type, f.token, f.start, uint8_t(f.b)); }

// for<'a> Trait, as a type; f.token is the binder's `>`.
RUSTG_HD_INLINE void Parser::binder_path(Frame f) {
  if (is(Token::plus) && (f.a & kPlus)) {
    push({pos, f.start, State::object_end, 0, 0});
    bump();
    enter(State::bounds_list);
  } else {
    emit(NodeKind::bound, f.token, f.start);
  }
}

RUSTG_HD_INLINE void Parser::typeof_end(Frame f) {
  if (expect(Token::close_paren, ErrorKind::expected_list_end)) finish(NodeKind::typeof_type, f.token, f.start);
}

RUSTG_HD_INLINE void Parser::unsafe_binder_type(Frame f) {
  push({f.token, f.start, State::wrap_type_end, uint8_t(NodeKind::unsafe_binder), 0});
  enter(State::type);
}

}  // namespace rustg::parse
