// Attributes and token trees. Of an attribute its shape is looked at, and what stands behind `=`, if it is more than a literal, is parsed as an
// expression: not at once, since attributes are read where no state can wait for one, but when the stack comes back to a state that is left for it.
// Its nodes then go where the attribute has kept a place for each of its tokens.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// #[…] and #![…] with `#` at p: a path, then nothing, a token tree, or `=` and an expression.
RUSTG_HD_APART AttributeShape Parser::shape_of(Look look, uint32_t p) {
  AttributeShape shape{};
  p += look.kind_at(p + 1) == Token::bang ? 2 : 1;
  auto wrong = [&](ErrorKind kind) {
    shape.ok = false;
    shape.error = kind;
    shape.behind = p;
    return shape;
  };
  if (look.kind_at(p) != Token::open_bracket) return wrong(ErrorKind::expected_bracket);
  const uint32_t close = look.match[p++];
  bool unsafe_ = look.kind_at(p) == Token::kw_unsafe && look.kind_at(p + 1) == Token::open_paren;
  if (unsafe_) p += 2;
  shape.end = unsafe_ ? look.match[p - 1] : close;
  if (look.is_path_sep(p)) p += 2;
  while (true) {
    Token k = look.kind_at(p);
    if (!is_path_segment(k)) return wrong(ErrorKind::expected_identifier);
    ++p;
    if (!look.is_path_sep(p)) break;
    p += 2;
  }
  if (is_open(look.kind_at(p))) {
    p = look.match[p] + 1;
  } else if (look.is_eq(p)) {
    ++p;
    if (p == shape.end) return wrong(ErrorKind::expected_expression);
    if (!is_literal(look.kind_at(p)) || p + 1 != shape.end) shape.value = p;
    p = shape.end;
  }
  if (p != shape.end) return wrong(ErrorKind::unexpected_token);
  if (unsafe_ && ++p != close) return wrong(ErrorKind::unexpected_token);
  shape.ok = true;
  shape.behind = close + 1;
  return shape;
}

// From `#` on. later: values wait, those of this attribute or of one before it in the row.
RUSTG_HD_INLINE void Parser::attribute(bool inner, bool& later) {
  const AttributeShape shape = attribute_shape(pos);
  if (!shape.ok) {
    pos = shape.behind;
    return fail(shape.error);
  }
  uint32_t token = pos, start = cursor;
  if (shape.value && !later) {
    later = true;
    push({token, start, State::attribute_values, inner, 0});
  }
  pos = shape.behind;
  if (later) cursor += pos - 1 - token;
  emit(NodeKind::attribute, token, start, inner ? kInner : 0);
}

// The attributes in a row from f.token on, whose place is f.start, and whose values have waited. f.a: inner ones.
RUSTG_HD_INLINE void Parser::attribute_values(Frame f) {
  push({pos, cursor, State::attribute_return, uint8_t(last), 0});
  attribute_next(f);
}
RUSTG_HD_INLINE void Parser::attribute_next(Frame f) {
  for (uint32_t p = f.token;;) {
    Token k = kind_at(p);
    if (lex::is_doc(k)) {
      if (f.a && k != Token::inner_line_doc && k != Token::inner_block_doc) return;
      ++p;
      continue;
    }
    if (k != Token::pound) return;
    bool inner = kind_at(p + 1) == Token::bang;
    if (kind_at(p + 1 + inner) != Token::open_bracket || (f.a && !inner)) return;
    const AttributeShape shape = attribute_shape(p);
    if (!shape.ok) return;
    if (shape.value) {
      push({shape.behind, f.start + (shape.behind - f.token), State::attribute_next, f.a, 0});
      push({shape.end, 0, State::attribute_value_end, 0, 0});
      pos = shape.value;
      cursor = f.start + (p - f.token);
      return expr();
    }
    p = shape.behind;
  }
}
RUSTG_HD_INLINE void Parser::attribute_value_end(Frame f) {
  if (pos != f.token) fail(ErrorKind::unexpected_token);
}
// Back to where the values' turn came.
RUSTG_HD_INLINE void Parser::attribute_return(Frame f) {
  pos = f.token;
  cursor = f.start;
  last = NodeKind(f.a);
}

RUSTG_HD_INLINE void Parser::outer_attributes() {
  bool later = false;
  while (!failed_) {
    Token k = kind();
    if (k == Token::pound) {
      if (at(1) == Token::bang && at(2) == Token::open_bracket) {
        note(ErrorKind::inner_attribute);
        attribute(true, later);
      } else if (at(1) == Token::open_bracket) {
        attribute(false, later);
      } else {
        return;
      }
    } else if (lex::is_doc(k)) {
      if (k == Token::inner_line_doc || k == Token::inner_block_doc) note(ErrorKind::inner_doc);
      leaf(NodeKind::doc);
    } else {
      return;
    }
  }
}

RUSTG_HD_INLINE void Parser::inner_attributes() {
  bool later = false;
  while (!failed_) {
    Token k = kind();
    if (k == Token::pound && at(1) == Token::bang && at(2) == Token::open_bracket)
      attribute(true, later);
    else if (k == Token::inner_line_doc || k == Token::inner_block_doc)
      leaf(NodeKind::doc, kInner);
    else
      return;
  }
}

RUSTG_HD_INLINE bool Parser::token_tree() {
  if (!is_open(kind())) {
    fail(ErrorKind::expected_bracket);
    return false;
  }
  pos = s.match[pos];
  leaf(NodeKind::token_tree);
  return true;
}

}  // namespace rustg::parse
