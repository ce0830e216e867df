#include "parse/tail.h"

#include <algorithm>

#include "parse/begins.h"

namespace rustg::parse {

namespace {

bool is_segment(Token k) {
  return k == Token::ident || k == Token::kw_self_lower || k == Token::kw_self_upper || k == Token::kw_super ||
         k == Token::kw_crate;
}


}  // namespace

Expected behind_expression(const Trace& trace, const Fault& fault) {
  const FileTokens& t = trace.tokens;
  const uint32_t prev = t.previous(fault.token);
  const Token k = t.kind(prev);
  if (k == Token::kw_return || k == Token::kw_yield || k == Token::kw_become) return "operator";
  if (t.is_glued(prev, "..") || t.is_glued(prev, "..=") || t.is_glued(prev, "...")) return "";
  if (fault.last == NodeKind::cast) {
    if (k == Token::gt) return "! :: . ? operator";
    if (is_segment(k)) return "! ( :: < . ? operator";
    return ". ? operator";
  }
  if (is_segment(k) && prev != 0) {
    const uint32_t before = t.previous(prev);
    if (t.is(before, Token::dot) && t.glued(before) == 1)
      return t.edition >= lex::Edition::e2018 && t.text(prev) == "await" ? ". ? operator" : "( :: . ? operator";
    Expected tail("! :: . ? { operator");
    if (t.is_word(prev, lex::sym::raw) && t.is(before, Token::and_)) tail.add(".const mut");
    return tail;
  }
  if (k == Token::gt && (fault.last == NodeKind::path || fault.last == NodeKind::generic)) return "! :: . ? { operator";
  Expected tail(". ?");
  // Complete as a statement: nothing continues it.
  switch (fault.last) {
    case NodeKind::if_:
    case NodeKind::match_:
    case NodeKind::block:
    case NodeKind::while_:
    case NodeKind::loop:
    case NodeKind::for_:
    case NodeKind::unsafe_block:
    case NodeKind::labeled:
      if (fault.frame.state == State::statement_end || fault.frame.state == State::arm_body) return tail;
      break;
    // `..{ } [x]`: what stands in a range of its own is a statement's end, too.
    case NodeKind::range:
      if (k == Token::close_brace && fault.frame.state == State::statement_end) return tail;
      break;
    default: break;
  }
  return tail.add("operator");
}

bool begins_expression(const FileTokens& t, uint32_t token) {
  const Token next = t.joint(token) ? t.kind(token + 1) : Token::eof;
  return begins_expression(t.kind(token), next, next == Token::lt && t.joint(token + 1) ? t.kind(token + 2) : Token::eof);
}

bool begins_item(const FileTokens& t, uint32_t token) {
  switch (t.kind(token)) {
    case Token::kw_async:
    case Token::kw_const:
    case Token::kw_enum:
    case Token::kw_extern:
    case Token::kw_final:
    case Token::kw_fn:
    case Token::kw_impl:
    case Token::kw_mod:
    case Token::kw_pub:
    case Token::kw_static:
    case Token::kw_struct:
    case Token::kw_super:
    case Token::kw_trait:
    case Token::kw_type:
    case Token::kw_unsafe:
    case Token::kw_use: return true;
    default: return t.is_word(token, lex::sym::auto_) || t.is_word(token, lex::sym::default_);
  }
}

uint32_t first_token(const Trace& trace, uint32_t place) {
  const FileTokens& t = trace.tokens;
  uint32_t first = ~0u;
  for (uint32_t p = trace.node_starts[place]; p <= place; ++p) {
    if (trace.node_kinds[p] == 0) continue;
    uint32_t token = trace.node_tokens[p];
    if (closes(t.kind(token))) token = t.match[token];
    first = std::min(first, token);
  }
  return first;
}

}  // namespace rustg::parse
