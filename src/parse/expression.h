// Expressions: operators by precedence, what stands behind an operand, and the restrictions of their place. Operands that begin with a keyword or
// bracket are in operand.h.
#pragma once
#include "parse/begins.h"
#include "parse/parser.h"

namespace rustg::parse {

RUSTG_HD_INLINE BinaryOperator Parser::binary_operator() const {
  using O = Operator;
  Token next = is_joint(pos) ? kind_at(pos + 1) : Token::eof;
  bool eq = next == Token::eq;
  constexpr uint8_t assign = kAssignPrecedence;
  switch (kind()) {
    case Token::star: return eq ? BinaryOperator{O::mul, 2, assign} : BinaryOperator{O::mul, 1, 13};
    case Token::slash: return eq ? BinaryOperator{O::div, 2, assign} : BinaryOperator{O::div, 1, 13};
    case Token::percent: return eq ? BinaryOperator{O::rem, 2, assign} : BinaryOperator{O::rem, 1, 13};
    case Token::plus: return eq ? BinaryOperator{O::add, 2, assign} : BinaryOperator{O::add, 1, 12};
    case Token::minus:
      if (next == Token::gt) return {O::none, 0, 0};
      return eq ? BinaryOperator{O::sub, 2, assign} : BinaryOperator{O::sub, 1, 12};
    case Token::caret: return eq ? BinaryOperator{O::bit_xor, 2, assign} : BinaryOperator{O::bit_xor, 1, 9};
    case Token::and_:
      if (next == Token::and_) return {O::and_, 2, kAndPrecedence};
      return eq ? BinaryOperator{O::bit_and, 2, assign} : BinaryOperator{O::bit_and, 1, 10};
    case Token::or_:
      if (next == Token::or_) return {O::or_, 2, kOrPrecedence};
      return eq ? BinaryOperator{O::bit_or, 2, assign} : BinaryOperator{O::bit_or, 1, 8};
    case Token::eq:
      if (eq) return {O::eq, 2, kComparePrecedence};
      if (next == Token::gt) return {O::none, 0, 0};
      return {O::none, 1, assign};
    case Token::bang: return eq ? BinaryOperator{O::ne, 2, kComparePrecedence} : BinaryOperator{O::none, 0, 0};
    case Token::lt:
      if (next == Token::lt) {
        if (glued(pos + 1, Token::eq)) return {O::shl, 3, assign};
        return {O::shl, 2, 11};
      }
      return eq ? BinaryOperator{O::le, 2, kComparePrecedence} : BinaryOperator{O::lt, 1, kComparePrecedence};
    case Token::gt:
      if (next == Token::gt) {
        if (glued(pos + 1, Token::eq)) return {O::shr, 3, assign};
        return {O::shr, 2, 11};
      }
      return eq ? BinaryOperator{O::ge, 2, kComparePrecedence} : BinaryOperator{O::gt, 1, kComparePrecedence};
    case Token::dot:
      if (next != Token::dot) return {O::none, 0, 0};
      return {O::none, uint8_t(is_dot3(pos) || is_dot_dot_eq(pos) ? 3 : 2), kRangePrecedence};
    case Token::kw_as: return {O::none, 1, kCastPrecedence};
    default: return {O::none, 0, 0};
  }
}

RUSTG_HD_INLINE bool Parser::at_expression() const {
  const Token next = is_joint(pos) ? kind_at(pos + 1) : Token::eof;
  return begins_expression(kind(), next, next == Token::lt && is_joint(pos + 1) ? kind_at(pos + 2) : Token::eof);
}

// f.a: restrictions, f.b: the least precedence of its operators.
RUSTG_HD_INLINE void Parser::expression(Frame f) {
  f.start = cursor;
  bool attributes = at_attribute();
  if (attributes) outer_attributes();
  if (is_dot_dot(pos)) {
    if (is_dot3(pos)) note(ErrorKind::unexpected_token);
    f.token = pos;
    bool inclusive = is_dot3(pos) || is_dot_dot_eq(pos);
    bump(inclusive ? 3 : 2);
    uint8_t flags = inclusive ? kInclusive : 0;
    if (at_expression() && !(is(Token::open_brace) && (f.a & kNoStruct))) {
      f.b = uint16_t(flags | kTo);
      then(State::range_expression_end, f);
      return expr(f.a & (kNoStruct | kStatement), kRangePrecedence + 1);
    }
    if (inclusive) note(ErrorKind::open_range);
    return finish(NodeKind::range, f.token, f.start, flags);
  }
  then(State::rest, f);
  if (attributes) {
    if (lex::is_doc(kind_at(pos - 1))) s.node_kinds[--cursor] = 0;  // it stands for `attributed`
    push({pos - 1, f.start, State::attributed_end, 0, 0});
  }
  go_operand(f);
}

RUSTG_HD_INLINE void Parser::range_expression_end(Frame f) { finish(NodeKind::range, f.token, f.start, uint8_t(f.b)); }
RUSTG_HD_INLINE void Parser::attributed_end(Frame f) {
  NodeKind kind = last;
  emit(NodeKind::attributed, f.token, f.start);
  last = kind;
}

// Prefix operators, then an operand with what stands behind it. f.a: restrictions.
RUSTG_HD_INLINE void Parser::operand(Frame f) {
  uint8_t r = f.a;
  while (!failed_ && has_room()) {
    Frame u{pos, cursor, State::unary_end, uint8_t(NodeKind::unary), 0};
    Token next = is_joint(pos) ? kind_at(pos + 1) : Token::eof;
    switch (kind()) {
      case Token::bang:
        if (next == Token::eq) return fail(ErrorKind::expected_expression);
        bump();
        break;
      case Token::minus:
        if (next == Token::eq || next == Token::gt) return fail(ErrorKind::expected_expression);
        bump();
        break;
      case Token::star:
        if (next == Token::eq) return fail(ErrorKind::expected_expression);
        bump();
        break;
      case Token::and_: {
        if (next == Token::eq) return fail(ErrorKind::expected_expression);
        u.a = uint8_t(NodeKind::borrow);
        bump();
        if (next == Token::and_) {
          push(u);
          u.token = pos;
          bump();
        }
        Token after = at(1);
        if (is(Token::lifetime) && !(at(1) == Token::colon)) return fail(ErrorKind::expected_expression);
        if (is_word(pos, sym::raw) && (after == Token::kw_mut || after == Token::kw_const)) {
          u.b = kRaw | (after == Token::kw_mut ? kMut : kConst);
          bump(2);
        } else if (is_word(pos, sym::pin) && (after == Token::kw_mut || after == Token::kw_const)) {
          u.b = kPin | (after == Token::kw_mut ? kMut : kConst);
          bump(2);
        } else if (eat(Token::kw_mut)) {
          u.b = kMut;
        }
        break;
      }
      default: return bottom(r);
    }
    push(u);
    r &= uint8_t(~kAllowLet);
    if (NodeKind(u.a) == NodeKind::borrow && is_dot_dot(pos)) return expr(r, kCastPrecedence);  // &..x
    if (at_attribute()) {
      uint32_t start = cursor;
      outer_attributes();
      if (lex::is_doc(kind_at(pos - 1))) s.node_kinds[--cursor] = 0;
      push({pos - 1, start, State::attributed_end, 0, 0});
    }
  }
}
RUSTG_HD_INLINE void Parser::unary_end(Frame f) { finish(NodeKind(f.a), f.token, f.start, uint8_t(f.b)); }

// Behind an operand: operators of at least the precedence f.b & 255.
constexpr uint16_t kHasLet = 0x100, kCompared = 0x200;
RUSTG_HD_INLINE void Parser::rest(Frame f) {
  if (is_complete(f.a)) return;
  BinaryOperator op = binary_operator();
  if (op.precedence == 0 || op.precedence < (f.b & 255)) return;
  if (last == NodeKind::let) f.b |= kHasLet;
  if ((f.b & kHasLet) && op.precedence < kAndPrecedence) note(ErrorKind::expected_let);
  f.token = pos;
  if (op.precedence == kCastPrecedence) {
    bump();
    then(State::rest, f);
    push({f.token, f.start, State::cast_end, 0, 0});
    return enter(State::type);
  }
  uint8_t r = f.a & uint8_t(~(kStatement | kAllowLet));
  bump(op.length);
  if (op.precedence == kRangePrecedence) {
    if (op.length == 3 && kind_at(f.token + 2) == Token::dot)
      note(ErrorKind::unexpected_token, f.token);
    uint8_t flags = uint8_t(kFrom | (op.length == 3 ? kInclusive : 0));
    if (at_expression() && !(is(Token::open_brace) && (f.a & kNoStruct))) {
      push({f.token, f.start, State::range_expression_end, 0, uint16_t(flags | kTo)});
      return expr(r | (f.a & kStatement), kRangePrecedence + 1);
    }
    if (op.length == 3) note(ErrorKind::open_range);
    return finish(NodeKind::range, f.token, f.start, flags);
  }
  Frame end{f.token, f.start, State::binary_end, uint8_t(op.op), 1};
  if (op.precedence == kAssignPrecedence) {
    end.b = 0;
    then(State::rest, f);
    push(end);
    return expr(r, kAssignPrecedence);
  }
  if (op.precedence == kComparePrecedence) {
    if (f.b & kCompared) note(ErrorKind::chained_comparison, f.token);
    if (op.op == Operator::lt && op.length == 1 && glued(f.token, Token::minus))
      note(ErrorKind::unexpected_token, f.token);
    if ((op.op == Operator::eq || op.op == Operator::ne) && glued(pos - 1, Token::eq))
      note(ErrorKind::unexpected_token, f.token);
    f.b |= kCompared;
  } else {
    f.b &= uint16_t(~kCompared);
  }
  if (op.precedence == kAndPrecedence) {
    r |= f.a & kAllowLet;
    if (is(Token::kw_let)) f.b |= kHasLet;
    if ((f.b & kHasLet) && (f.a & kAllowLet) && !(f.a & kLetChain)) note(ErrorKind::let_chain, f.token);
  }
  then(State::rest, f);
  push(end);
  expr(r, op.precedence + 1);
}
RUSTG_HD_INLINE void Parser::binary_end(Frame f) {
  finish(f.b ? NodeKind::binary : NodeKind::assign, f.token, f.start, f.a);
}
RUSTG_HD_INLINE void Parser::cast_end(Frame f) { finish(NodeKind::cast, f.token, f.start); }

// Behind an operand that is there: ? . ( [. f.a: restrictions.
RUSTG_HD_INLINE void Parser::postfix(Frame f) {
  while (!failed_) {
    switch (kind()) {
      case Token::question:
        emit(NodeKind::try_, pos, f.start);
        bump();
        break;
      case Token::dot: {
        if (glued(pos, Token::dot)) return;
        f.token = pos;
        bump();
        Token k = kind();
        if (k == Token::kw_await) {
          bump();
          emit(NodeKind::await, f.token, f.start);
          break;
        }
        if (is_path_segment(k)) {
          uint32_t name = cursor;
          leaf(NodeKind::name);
          if (is_path_sep(pos) && (at(2) == Token::lt || at(2) == Token::open_paren)) {
            then(State::method_args, f);
            bump(2);
            bool angle = is(Token::lt);
            push({pos, name, State::path_args, uint8_t(angle), 0});
            push({pos, cursor, angle ? State::args_next : State::paren_args_next, 0, 0});
            return bump();
          }
          if (is(Token::open_paren)) return go_method_args(f);
          emit(NodeKind::field_access, f.token, f.start);
          break;
        }
        if (k == Token::integer || k == Token::float_) {
          if (s.flags[pos] & lex::kSuffix) note(ErrorKind::tuple_index_suffix);
          bool dot = k == Token::float_ && s.bytes[s.starts[pos] + s.lengths[pos] - 1] == '.';
          leaf(NodeKind::literal);
          // x.0. y: the lexer sees `0.`; both fields are the node's.
          bool two = dot && (is(Token::integer) || is_path_segment(kind()));
          if (two) leaf(is(Token::integer) ? NodeKind::literal : NodeKind::name);
          if (dot && !two && !is(Token::kw_await)) return fail(ErrorKind::unexpected_token);
          if (two && last == NodeKind::name && is(Token::open_paren)) {
            f.b = kTupleField;
            return go_method_args(f);
          }
          if (dot && eat(Token::kw_await)) {
            emit(NodeKind::await, f.token, f.start, kTupleField);
            break;
          }
          emit(NodeKind::field_access, f.token, f.start, two ? kTupleField : 0);
          break;
        }
        if (k == Token::kw_match) {
          push(f);
          bump();
          push({f.token, f.start, State::match_end, 0, 0});
          if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
          return enter_list(State::arms_next, 0, NodeKind::match_arms);
        }
        if (k == Token::kw_use || k == Token::kw_yield) {
          bump();
          emit(NodeKind::postfix_keyword, f.token, f.start);
          break;
        }
        return fail(ErrorKind::unexpected_token);
      }
      case Token::open_paren:
        if (is_complete(f.a)) return;
        push(f);
        push({pos, f.start, State::call_end, 0, 0});
        return enter_list(State::arguments_next, 0, NodeKind::arguments);
      case Token::open_bracket:
        if (is_complete(f.a)) return;
        push(f);
        push({pos, f.start, State::index_end, 0, 0});
        bump();
        return expr();
      default: return;
    }
  }
}

RUSTG_HD_INLINE void Parser::method_args(Frame f) {
  if (!is(Token::open_paren)) {
    note(ErrorKind::expected_paren);  // field expressions have no generic arguments
    emit(NodeKind::field_access, f.token, f.start);
    return then(State::postfix, f);
  }
  then(State::postfix, {f.token, f.start, State::postfix, f.a, 0});
  push({f.token, f.start, State::group_wrap, uint8_t(NodeKind::method_call), f.b});
  enter_list(State::arguments_next, 0, NodeKind::arguments);
}
RUSTG_HD_INLINE void Parser::group_wrap(Frame f) { finish(NodeKind(f.a), f.token, f.start, uint8_t(f.b)); }
RUSTG_HD_INLINE void Parser::call_end(Frame f) { finish(NodeKind::call, f.token, f.start); }
RUSTG_HD_INLINE void Parser::index_end(Frame f) {
  if (expect(Token::close_bracket, ErrorKind::expected_list_end)) finish(NodeKind::index, f.token, f.start);
}

// f.a: 0 at `(`, 1 behind.
RUSTG_HD_INLINE void Parser::arguments_next(Frame f) {
  if (f.a == 0) {
    bump();
  } else if (!is(Token::close_paren) && !eat(Token::comma)) {
    return fail(ErrorKind::expected_list_end);
  }
  if (is(Token::close_paren)) {
    finish(NodeKind::arguments, pos, f.start);
    return bump();
  }
  f.a = 1;
  then(State::arguments_next, f);
  expr();
}

}  // namespace rustg::parse
