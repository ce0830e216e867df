// Statements, blocks, and the expressions that have blocks.
#include <algorithm>

#include "parse/tail.h"
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;
using source::Span;

namespace {

struct Wording : Site {
  const uint32_t prev = t.previous(at);

  // What rustc finds out about a missing semicolon before it lists what was expected.
  std::optional<Diagnostic> semi() const {
    if (auto d = ternary()) return d;
    if ((t.is(at, Token::kw_move) || t.is(at, Token::kw_use)) && t.text(prev) == "async")
      return plain("`async " + std::string(t.text(at)) + "` blocks are only allowed in Rust 2018 or later",
                   {t.span(prev).begin, t.span(at).end});
    return std::nullopt;
  }

  // a ? b : c
  std::optional<Diagnostic> ternary() const {
    if (!t.is(prev, Token::question)) return std::nullopt;
    uint32_t colon = at;
    for (uint32_t p = at; p < t.eof(); p = t.opens(p) ? t.match[p] + 1 : p + 1) {
      if (t.closes(p) || t.is(p, Token::semi)) return std::nullopt;
      if (t.is(p, Token::colon)) {
        if (t.glued(p) == 2) {
          ++p;
          continue;
        }
        colon = p;
        break;
      }
    }
    if (colon == at || !begins_expression(t, colon + 1)) return std::nullopt;
    uint32_t end = colon + 1;
    while (end < t.eof() && !t.closes(end) && !t.is(end, Token::semi) && !t.is(end, Token::comma))
      end = t.opens(end) ? t.match[end] + 1 : end + 1;
    // A statement's condition is known, that of a `let` is not.
    uint32_t from = prev;
    if (fault.frame.state == State::statement_end && fault.place != 0) from = first_token(trace, fault.place - 1);
    return plain("Rust has no ternary operator", {t.span(from).begin, t.span(end - 1).end});
  }

  Diagnostic statement() const {
    // auto x = …; var x = …;
    if (t.is(at, Token::ident) && t.is(prev, Token::ident) && prev != 0 &&
        (t.text(prev) == "auto" || t.text(prev) == "var") && begins_statement(prev))
      return plain("invalid variable declaration", t.span(prev));
    if (auto d = struct_body()) return *d;
    if (auto d = semi()) return *d;
    if (t.is(at - 1, Token::ident) && begins_expression(t, at) && t.same_line(t.span(prev).end, t.span(at).begin) &&
        (t.is(at - 2, Token::kw_break)))
      return unticked(prev);
    if (t.is(at, Token::ident) && t.is(prev, Token::kw_continue)) return unticked(at);
    if (t.is(at, Token::colon) && t.glued(at) == 1 && !t.same_line(t.span(at).end, t.span(at + 1).begin))
      return plain("statements are terminated with a semicolon", t.span(at));
    if (t.is(at, Token::colon) && t.is(prev, Token::ident) && begins_statement(prev)) {
      switch (t.kind(at + 1)) {
        case Token::kw_for:
        case Token::kw_loop:
        case Token::kw_while:
        case Token::open_brace: return plain("malformed loop label", t.span(prev));
        default: break;
      }
    }
    return behind_operand(trace, fault, "; }");
  }

  // break label value
  Diagnostic unticked(uint32_t label) const {
    Diagnostic d = plain("expected a label, found an identifier", t.span(label));
    const uint32_t begin = t.span(label).begin;
    d.suggestions.push_back({"labels start with a tick",
                             {{{{begin, begin}, "'"}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_code});
    return d;
  }

  // { name: value } and { name, … }: not a block.
  std::optional<Diagnostic> struct_body() const {
    const bool colon = t.is(at, Token::colon) && t.glued(at) == 1, comma = t.is(at, Token::comma);
    if ((!colon && !comma) || prev == 0) return std::nullopt;
    const uint32_t open = prev - 1;
    if (!t.is(open, Token::open_brace) || open == 0) return std::nullopt;
    const bool name = t.is(prev, Token::ident);
    if (name && fields(open)) {
      const Span whole{t.span(open).begin, t.span(t.match[open]).end};
      // In a condition a path stands before.
      for (const Frame& f : fault.stack) {
        const bool condition = f.state == State::if_condition || f.state == State::while_condition ||
                               f.state == State::for_iterable || f.state == State::match_subject ||
                               f.state == State::if_then || f.state == State::while_end || f.state == State::for_end;
        if (!condition || f.token > open) continue;
        if (!heads(f, open)) continue;
        if (!t.is(open - 1, Token::ident)) break;
        uint32_t from = open - 1;
        while (from >= 3 && t.is_glued(from - 2, "::")) from -= 3;
        return plain("struct literals are not allowed here", {t.span(from).begin, whole.end});
      }
      if (colon) return plain("struct literal body without path", whole);
    }
    // { 1, 2 }
    if (comma && (name || lex::is_literal(t.kind(prev))) && begins_expression(t, at + 1) && !block_of_item(open))
      return plain("this is a block expression, not an array", {t.span(open).begin, t.span(t.match[open]).end});
    return std::nullopt;
  }

  Diagnostic let() const {
    switch (fault.frame.state) {
      case State::let_type:
      case State::let_init: {
        const bool typed = fault.frame.state == State::let_init;
        if (t.glued(at) > 1 && t.glued_text(at).back() == '=' && !t.is_glued(at, "==") && !t.is_glued(at, "<=") &&
            !t.is_glued(at, ">=") && !t.is_glued(at, "!=") && !t.is_glued(at, "..="))
          return plain("can't reassign to an uninitialized variable", t.span(at));
        if (!typed && t.is(at, Token::comma)) return comma_in_pattern();
        if (auto d = semi()) return *d;
        if (typed) return expected_one_of(t, at, Expected("; =").add(type_continuation(trace, fault.place)));
        return expected_one_of(t, at, Expected(": ; = |").add(pattern_continuation(trace, fault.place)));
      }
      case State::let_else:
        if (auto d = semi()) return *d;
        return behind_operand(trace, fault, "; else");
      default: return expected_one_of(t, at, ";");
    }
  }

  std::optional<Diagnostic> block() const {
    const Frame& f = fault.frame;
    // 'a: {
    if (t.is(at, Token::lifetime) && t.is(at + 1, Token::colon) && t.is(at + 2, Token::open_brace))
      return plain("block label not supported here", {t.span(at).begin, t.span(at + 1).end}, "not supported here");
    if (t.is(at, Token::lifetime) && f.state == State::if_condition) return missing_colon(trace, fault, at);
    if (t.is(at, Token::inner_line_doc) || t.is(at, Token::inner_block_doc)) {
      Diagnostic d = plain("expected outer doc comment", t.span(at), {}, "E0753");
      d.notes.push_back({source::Level::note,
                         "inner doc comments like this (starting with `//!` or `/*!`) can only appear before items"});
      return d;
    }
    const uint32_t last = fault.place == 0 ? 0 : fault.place - 1;
    switch (f.state) {
      case State::if_condition: {
        const bool whole = trace.node_starts[last] == f.start;
        const Span behind_if{t.span(f.token).end, t.span(f.token).end};
        if (whole && fault.last == NodeKind::block)
          return plain("missing condition for `if` expression", behind_if, "expected condition here");
        if (whole && fault.last == NodeKind::binary && last != 0) {
          const NodeKind right = NodeKind(trace.node_kinds[last - 1]);
          if (right == NodeKind::block)
            return plain("this `if` expression is missing a block after the condition", t.span(f.token));
          const uint32_t op = trace.node_tokens[last];
          if (right == NodeKind::if_ && t.is_glued(op, "&&"))
            return plain("unexpected `if` in the condition expression", {t.span(op).end, t.span(op + 3).begin});
        }
        if (t.is(at, Token::kw_else))
          return plain("this `if` expression is missing a block after the condition", t.span(f.token));
        break;
      }
      case State::for_iterable:
        if (fault.last == NodeKind::block)
          return plain("missing expression to iterate on in `for` loop", start_of(last),
                       "try adding an expression to the `for` loop");
        break;
      case State::match_subject: return behind_operand(trace, fault, "{");
      case State::let_else:
        if (t.is(at, Token::kw_if))
          return plain("conditional `else if` is not supported for `let...else`", t.span(at), "expected `{`");
        break;
      default: break;
    }
    return plain("expected `{`, found " + t.describe(at), t.span(at), "expected `{`");
  }

  // A match arm's body that is followed by something else than `,`.
  std::optional<Diagnostic> arm() const {
    const uint32_t arrow = fault.frame.token;
    const bool semi = t.is(at, Token::semi);
    for (uint32_t p = semi ? at + 1 : at;; p = t.opens(p) ? t.match[p] + 1 : p + 1) {
      const bool end = t.is(p, Token::close_brace), fat = t.is_glued(p, "=>");
      if (semi) {
        if (end || fat) return plain("`match` arm body without braces", {t.span(arrow + 2).begin, t.span(at).end});
        if (t.is(p, Token::comma)) break;
      } else {
        if (fat && p != at && pattern(at, p)) return plain("expected `,` following `match` arm", t.behind_previous(at));
        if (fat || t.is(p, Token::comma) || t.is(p, Token::semi)) break;
      }
      if (end || p >= t.eof() || t.closes(p)) break;
    }
    return std::nullopt;
  }

  Diagnostic arrow() const {
    if (t.is(at, Token::comma) && fault.frame.state == State::arm_pattern) return comma_in_pattern();
    if (t.is_glued(at, ":") && fault.last == NodeKind::binding) return expected_one_of(t, at, "@ |");
    if (fault.frame.state == State::arm_guard)
      return expected_one_of(t, at, behind_expression(trace, fault).add("=>"));
    return expected_one_of(t, at, Expected("=> .if |").add(pattern_continuation(trace, fault.place)));
  }

  // let a, b = …
  Diagnostic comma_in_pattern() const {
    uint32_t end = at;
    while (end < t.eof() && !t.closes(end) && !t.is(end, Token::semi) && !(t.is(end, Token::eq) && t.glued(end) != 2) &&
           !t.is(end, Token::kw_in) && !t.is(end, Token::kw_if) && !t.is_glued(end, "=>"))
      end = t.opens(end) ? t.match[end] + 1 : end + 1;
    Diagnostic d = plain("unexpected `,` in pattern", t.span(at));
    if (fault.place == 0) return d;
    const uint32_t begin = t.span(first_token(trace, fault.place - 1)).begin, behind = t.span(t.previous(end)).end;
    const bool arm = fault.kind == ErrorKind::expected_arrow;
    d.suggestions.push_back({std::string("try adding parentheses to match on a tuple") + (arm ? "..." : ""),
                             {{{{begin, begin}, "("}, {{behind, behind}, ")"}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_code});
    if (arm)
      d.suggestions.push_back({"...or a vertical bar to match on alternatives",
                               {{{t.span(at), " |"}}},
                               source::Applicability::machine_applicable,
                               source::SuggestionStyle::show_code});
    return d;
  }

  Diagnostic missing_in() const {
    if (t.is(at, Token::comma)) return comma_in_pattern();
    Span span{t.span(prev).end, t.span(at).begin};
    if (t.text(at) == "of" || t.is(at, Token::eq)) span = t.span(at);
    return plain("missing `in` in `for` loop", span);
  }

  // Attributes before nothing: the last of them.
  Diagnostic attribute() const {
    if (lex::is_doc(t.kind(prev))) return lonely_doc(t, prev);
    uint32_t from = prev;
    if (t.is(prev, Token::close_bracket)) from = t.match[prev] - 1;
    return plain("expected statement after outer attribute", {t.span(from).begin, t.span(prev).end});
  }

  bool begins_statement(uint32_t p) const {
    if (p == 0) return false;
    return t.is(p - 1, Token::semi) || t.is(p - 1, Token::open_brace) || t.is(p - 1, Token::close_brace);
  }
  Span start_of(uint32_t place) const {
    const uint32_t begin = t.span(first_token(trace, place)).begin;
    return {begin, begin};
  }
  // name: value, … up to the closing brace.
  bool fields(uint32_t open) const {
    const uint32_t close = t.match[open];
    bool any = false;
    for (uint32_t p = open + 1; p < close;) {
      if (t.is_glued(p, "..")) return true;
      if (!t.is(p, Token::ident)) return false;
      ++p;
      if (t.is(p, Token::colon) && t.glued(p) == 1) {
        any = true;
        while (p < close && !t.is(p, Token::comma)) {
          if (t.is(p, Token::semi)) return false;
          p = t.opens(p) ? t.match[p] + 1 : p + 1;
        }
      } else if (p != close && !t.is(p, Token::comma)) {
        return false;
      }
      ++p;
    }
    return any;
  }
  // Does the head of f's loop or condition end at the brace?
  bool heads(const Frame& f, uint32_t open) const {
    for (uint32_t p = f.token + 1; p < open; p = t.opens(p) ? t.match[p] + 1 : p + 1)
      if (t.is(p, Token::open_brace)) return false;
    return true;
  }
  bool block_of_item(uint32_t open) const {
    for (auto f = fault.stack.rbegin(); f != fault.stack.rend(); ++f) {
      if (f->state == State::fn_end) return f->token < open && !enclosed(f->token, open);
      if (f->state == State::block_body && f->token != open) return false;
    }
    return false;
  }
  bool enclosed(uint32_t from, uint32_t open) const {
    for (uint32_t p = from; p < open; p = t.opens(p) ? t.match[p] + 1 : p + 1)
      if (t.is(p, Token::open_brace)) return true;
    return false;
  }
  // Tokens that may be a pattern, as far as one can see.
  bool pattern(uint32_t from, uint32_t to) const {
    if (t.closes(from) || t.is(from, Token::dot) || t.is(from, Token::open_brace)) return false;
    for (uint32_t p = from; p < to; p = t.opens(p) ? t.match[p] + 1 : p + 1)
      if (t.is(p, Token::eq) || (t.is(p, Token::dot) && t.glued(p) == 1)) return false;
    return true;
  }
};

Diagnostic no_let(source::Span span) {
  return plain("expected expression, found `let` statement", span).note("only supported directly in conditions of `if` and `while` expressions");
}

}  // namespace

std::optional<Diagnostic> word_statement(const Trace& trace, const Fault& fault) {
  const Wording w{{trace, fault}};
  const FileTokens& t = trace.tokens;
  switch (fault.kind) {
    case ErrorKind::expected_expression:
      // mut x = …; mut let x = …;
      if (t.is(w.at, Token::kw_mut) && w.begins_statement(w.at) &&
          (t.is(w.at + 1, Token::ident) || t.is(w.at + 1, Token::kw_let)))
        return plain("invalid variable declaration",
                     {t.span(w.at).begin, t.is(w.at + 1, Token::kw_let) ? t.span(w.at + 1).end : t.span(w.at).end});
      return std::nullopt;
    case ErrorKind::expected_semi_or_brace: return w.statement();
    case ErrorKind::expected_semi:
      switch (fault.frame.state) {
        case State::let_type:
        case State::let_init:
        case State::let_else:
        case State::let_end: return w.let();
        default: return std::nullopt;
      }
    case ErrorKind::expected_block: return w.block();
    case ErrorKind::expected_comma:
      if (fault.frame.state == State::arm_body) return w.arm();
      return std::nullopt;
    case ErrorKind::expected_arrow: return w.arrow();
    case ErrorKind::expected_in: return w.missing_in();
    case ErrorKind::expected_eq:
      if (fault.frame.state != State::let_pattern) return std::nullopt;
      if (t.is(w.at, Token::comma)) return w.comma_in_pattern();
      if (t.is_glued(w.at, "==")) return plain("expected `=`, found `==`", t.span(w.at));
      return expected_one_of(t, w.at, Expected("= |").add(pattern_continuation(trace, fault.place)));
    case ErrorKind::expected_identifier:
      // S { ...base }
      if (t.is_glued(w.at, "...") && !t.is(w.at + 3, Token::close_brace) &&
          (fault.frame.state == State::struct_next ||
           std::any_of(fault.stack.begin(), fault.stack.end(),
                       [](const Frame& f) { return f.state == State::struct_next; })))
        return plain("expected `..`, found `...`", t.span(w.at));
      return std::nullopt;
    case ErrorKind::misplaced_attribute: return w.attribute();
    case ErrorKind::unexpected_token:
      if (fault.frame.state == State::let_else && t.is(w.at, Token::kw_else) && t.is(w.prev, Token::close_brace))
        return plain("right curly brace `}` before `else` in a `let...else` statement not allowed", t.span(w.prev));
      return std::nullopt;
    case ErrorKind::expected_let:
      if (t.is_glued(w.at, "||"))
        return plain("`||` operators are not supported in let chain conditions", t.span(w.at));
      if (!t.is(w.at, Token::kw_let) && fault.place != 0)
        return no_let({t.span(first_token(trace, fault.place - 1)).begin, t.span(w.prev).end});
      if (t.is_glued(w.prev, "||"))
        return plain("`||` operators are not supported in let chain conditions", t.span(w.prev));
      return no_let(t.span(w.at));
    default: return std::nullopt;
  }
}

}  // namespace rustg::parse
