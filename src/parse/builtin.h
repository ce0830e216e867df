// builtin # name (…): what macros of the standard library expand to.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// At `builtin`. f.a: BuiltinPlace.
RUSTG_HD_INLINE void Parser::builtin(Frame f) {
  const BuiltinPlace place = BuiltinPlace(f.a);
  f = {pos + 1, cursor, State::builtin_end, 0, 0};
  bump(2);
  const lex::SymbolId name = s.symbols[pos];
  if (!is(Token::ident) || (s.flags[pos] & lex::kRaw)) return fail(ErrorKind::expected_identifier);
  leaf(NodeKind::name);
  if (!expect(Token::open_paren, ErrorKind::expected_paren)) return;
  const bool expression = place == BuiltinPlace::expression;
  // What comes first, and whether a comma with something more must or may follow.
  if ((expression && name == sym::offset_of) || (place == BuiltinPlace::type && name == sym::field_of)) {
    push(f);
    push({pos, f.start, State::builtin_comma, uint8_t(State::builtin_field), 1});
    return enter(State::type, kPlus);
  }
  if (expression && (name == sym::type_ascribe || name == sym::wrap_binder || name == sym::unwrap_binder)) {
    push(f);
    push({pos, f.start, State::builtin_comma, uint8_t(State::type), uint16_t(name == sym::type_ascribe)});
    return expr();
  }
  if (place == BuiltinPlace::pattern && name == sym::deref) {
    push(f);
    return enter(State::pattern);
  }
  fail(ErrorKind::unknown_builtin);
}

// Behind the first argument. f.a: the state of the second; f.b: it must be there.
RUSTG_HD_INLINE void Parser::builtin_comma(Frame f) {
  if (!is(Token::comma)) {
    if (f.b) fail(ErrorKind::expected_comma);
    return;
  }
  bump();
  enter(State(f.a), State(f.a) == State::type ? kPlus : 0);
}

// a.b.0.1 as an expression, from place `first` on: a name or a number and fields of it. True if it ends in the dot of a number, so that more may
// follow: the lexer sees `0.` `1` in 0. 1.
RUSTG_HD_INLINE bool Parser::builtin_fields(uint32_t first) {
  uint32_t place = cursor - 1;
  while (place > first && NodeKind(s.node_kinds[place]) == NodeKind::field_access)
    place -= s.node_flags[place] & kTupleField ? 3 : 2;
  const NodeKind kind = NodeKind(s.node_kinds[place]);
  const uint32_t token = s.node_tokens[place];
  const Token k = kind_at(token);
  bool number = kind == NodeKind::literal && (k == Token::integer || k == Token::float_);
  if (place != first || (kind != NodeKind::name && !number)) {
    note(ErrorKind::offset_of_fields, token);
    return false;
  }
  if (number && (s.flags[token] & lex::kSuffix)) note(ErrorKind::tuple_index_suffix, token);
  return k == Token::float_ && s.bytes[s.starts[token] + s.lengths[token] - 1] == '.';
}

// The fields of offset_of. f.a: 0 before an expression, 1 behind one that begins at f.start.
RUSTG_HD_INLINE void Parser::builtin_field(Frame f) {
  if (f.a == 0) {
    f.a = 1;
    f.start = cursor;
    push(f);
    return expr();
  }
  bool dot = builtin_fields(f.start);
  if (!is(Token::comma) && !is(Token::close_paren)) {
    if (!dot) return fail(ErrorKind::offset_of_fields);
    return enter(State::builtin_field);
  }
  if (dot) note(ErrorKind::offset_of_fields, pos - 1);
  eat(Token::comma);
}

RUSTG_HD_INLINE void Parser::builtin_end(Frame f) {
  if (expect(Token::close_paren, ErrorKind::expected_list_end)) finish(NodeKind::builtin, f.token, f.start);
}

}  // namespace rustg::parse
