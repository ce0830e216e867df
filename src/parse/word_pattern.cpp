// Patterns, and what may follow them.
#include "parse/tail.h"
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

namespace {

using Words = std::optional<Diagnostic>;

// A name is what rustc reads here, although it is a keyword.
bool is_binding(const FileTokens& t, uint32_t at) {
  const Token k = t.kind(at), next = t.kind(at + 1);
  if (!lex::is_keyword(k) || k == Token::kw_in || k == Token::kw_true || k == Token::kw_false ||
      k == Token::kw_self_lower || k == Token::kw_self_upper || k == Token::kw_super || k == Token::kw_crate)
    return false;
  if (next == Token::open_paren || next == Token::open_brace || next == Token::bang) return false;
  return !(next == Token::dot && t.glued(at + 1) > 1) && !t.is_glued(at + 1, "::");
}

Words no_pattern(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  if (t.is_glued(at, ".") && t.joint(at) && t.is(at + 1, Token::integer)) return float_literal(t, at);
  if (site.is(Token::lifetime) && at > 0 && t.is(at - 1, Token::and_)) {
    Diagnostic d = plain("unexpected lifetime `" + std::string(t.text(at)) + "` in pattern", t.span(at));
    d.suggestions.push_back({"remove the lifetime",
                             {{{{t.span(at).begin, t.span(at + 1).begin}, ""}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::hide_code_inline});
    return d;
  }
  if (t.is_glued(at, "...")) {
    Diagnostic d = plain("unexpected `...`", t.span(at), "not a valid pattern");
    d.suggestions.push_back({"for a rest pattern, use `..` instead of `...`",
                             {{{t.span(at), ".."}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::hide_code_inline});
    return d;
  }
  if (is_binding(t, at)) {
    if (site.is(Token::kw_let) && t.is(at + 1, Token::ident)) {
      Diagnostic d = plain("expected pattern, found `let`", t.span(at));
      d.suggestions.push_back({"remove the unnecessary `let` keyword",
                               {{{{t.span(at).begin, t.span(at + 1).begin}, ""}}},
                               source::Applicability::machine_applicable,
                               source::SuggestionStyle::show_always});
      return d;
    }
    return identifier_expected(t, at);
  }
  // | }
  if (site.is(Token::close_brace) || site.is(Token::close_paren) || site.is(Token::close_bracket))
    for (uint32_t n = 0; n < 2; ++n)
      if (site.around(n) == State::closure_param_type) return site.expected("|");
  // In a function's parameters.
  if (site.state() == State::one_pattern || site.state() == State::pattern)
    for (uint32_t n = 0; n < 2; ++n)
      if (site.around(n) == State::param_colon)
        return plain("expected parameter name, found " + t.describe(at), t.span(at), "expected parameter name");
  return plain("expected pattern, found " + t.describe(at), t.span(at), "expected pattern");
}

// a.b, a[0], a as T where a pattern should be.
Words expression_for_pattern(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at, next = at + t.glued(at);
  if (at == 0 || t.is(at - 1, Token::kw_underscore) || site.fault.place == 0) return {};
  bool goes_on = false;
  switch (t.kind(at)) {
    case Token::dot:
      goes_on =
          t.glued(at) == 1 && (t.is(next, Token::ident) || lex::is_keyword(t.kind(next)) || t.is(next, Token::integer));
      break;
    case Token::open_bracket: goes_on = !t.is(next, Token::close_bracket); break;
    case Token::question:
    case Token::kw_as: goes_on = true; break;
    case Token::plus:
    case Token::minus:
    case Token::star:
    case Token::slash:
    case Token::percent:
    case Token::caret:
    case Token::and_: goes_on = t.glued(at) == 1 && begins_expression(t, next); break;
    case Token::lt:
    case Token::gt: goes_on = (t.is_glued(at, "<<") || t.is_glued(at, ">>")) && begins_expression(t, next); break;
    default: break;
  }
  if (!goes_on) return {};
  uint32_t end = at;
  for (bool more = true; more;) {
    switch (t.kind(end)) {
      case Token::open_paren:
      case Token::open_bracket: end = t.match[end] + 1; break;
      case Token::comma:
      case Token::semi:
      case Token::eq:
      case Token::or_:
      case Token::kw_if:
      case Token::open_brace:
      case Token::close_paren:
      case Token::close_brace:
      case Token::close_bracket:
      case Token::eof: more = false; break;
      case Token::colon:
        if (t.glued(end) == 2)
          end += 2;
        else
          more = false;
        break;
      case Token::dot:
        if (t.glued(end) == 1)
          ++end;
        else
          more = false;
        break;
      default: ++end; break;
    }
  }
  const bool bound = (t.is(end, Token::dot) && t.glued(end) > 1) ||
                     (t.is(end, Token::close_paren) && t.is(end + 1, Token::dot) && t.glued(end + 1) > 1) ||
                     site.fault.last == NodeKind::range_pattern;
  // Of a range, the end alone is the expression.
  const uint32_t place = site.fault.last == NodeKind::range_pattern ? site.fault.place - 1 : site.fault.place;
  Diagnostic d =
      plain(bound ? "expected a pattern range bound, found an expression" : "expected a pattern, found an expression",
            site.span(first_token(site.trace, place - 1), end - 1), "not a pattern");
  d.notes.push_back(
      {source::Level::note,
       "arbitrary expressions are not allowed in patterns: <https://doc.rust-lang.org/book/ch19-00-patterns.html>"});
  return d;
}

// Foo<T>(x) and Foo<T> { x }, which need ::<T> in patterns.
Words no_turbofish(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  if (!t.is_glued(at, "<") || !t.is(at - 1, Token::ident)) return {};
  int depth = 0;
  uint32_t p = at;
  do {
    if (t.is(p, Token::lt)) ++depth;
    if (t.is(p, Token::gt)) --depth;
    if (t.is(p, Token::eof) || t.is(p, Token::semi) || t.is(p, Token::open_brace)) return {};
    ++p;
  } while (depth != 0);
  Diagnostic d = plain("generic args in patterns require the turbofish syntax", t.span(at));
  d.suggestions.push_back({"use `::<...>` instead of `<...>` to specify lifetime, type, or const arguments",
                           {{{{t.span(at).begin, t.span(at).begin}, "::"}}},
                           source::Applicability::maybe_incorrect,
                           source::SuggestionStyle::show_always});
  return d;
}

// What may stand between a pattern and `at` is wrong in a way that has a name.
Words behind_pattern(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at, place = site.fault.place;
  if (auto d = expression_for_pattern(site)) return d;
  if (site.fault.last == NodeKind::binding && t.is(at, Token::open_paren) && t.is(at - 1, Token::ident) && at > 1 &&
      (t.is(at - 2, Token::kw_ref) || t.is(at - 2, Token::kw_mut)))
    return plain("expected identifier, found enum pattern", t.span(at - 1), "unexpected enum pattern");
  if (site.fault.last == NodeKind::binding)
    if (auto d = no_turbofish(site)) return d;
  if (t.is(at, Token::at) && place > 0 && site.fault.last != NodeKind::binding) {
    // pattern @ x
    const uint32_t first = first_token(site.trace, place - 1);
    const bool name = t.is(at + 1, Token::ident) &&
                      !(t.is(at + 2, Token::open_paren) || t.is(at + 2, Token::open_brace) || t.is_glued(at + 2, "::"));
    const bool modified = t.is(at + 1, Token::kw_ref) || t.is(at + 1, Token::kw_mut);
    uint32_t end = at + 1;
    while (t.is(end, Token::kw_ref) || t.is(end, Token::kw_mut)) ++end;
    const source::Span whole = site.span(first, end);
    Diagnostic d;
    if (name || modified) {
      d = plain("pattern on wrong side of `@`", whole);
      d.spans.labels = {{site.span(first, at - 1), "pattern on the left, should be on the right"},
                        {site.span(at + 1, end), "binding on the right, should be on the left"}};
      d.suggestions.push_back({"switch the order",
                               {{{whole, std::string(t.map->text(t.span(at + 1).begin, t.span(end).end)) + " @ " +
                                             std::string(t.map->text(t.span(first).begin, t.span(at - 1).end))}}},
                               source::Applicability::machine_applicable,
                               source::SuggestionStyle::hide_code_inline});
    } else {
      d = plain("left-hand side of `@` must be a binding", whole);
      d.spans.labels = {{site.span(first, at - 1), "interpreted as a pattern, not a binding"},
                        {site.span(at + 1, end), "also a pattern"}};
      d.notes.push_back({source::Level::note, "bindings are `x`, `mut x`, `ref x`, and `ref mut x`"});
    }
    return d;
  }
  return {};
}

}  // namespace

std::optional<Diagnostic> word_pattern(const Trace& trace, const Fault& fault) {
  const Site site{trace, fault};
  const FileTokens& t = site.t;
  const uint32_t at = site.at, place = site.fault.place;
  switch (site.state()) {
    case State::let_type:
    case State::arm_pattern:
    case State::param_colon:
    case State::paren_pattern_next:
    case State::list_pattern_next:
      if (auto d = behind_pattern(site)) return d;
      break;
    default: break;
  }
  switch (site.fault.kind) {
    case ErrorKind::expected_pattern: return no_pattern(site);
    case ErrorKind::expected_colon:
      if (site.state() == State::param_colon)
        return site.expected(Expected(": |").add(pattern_continuation(site.trace, place)));
      return {};
    case ErrorKind::expected_list_end:
      // for (x in y)
      if (site.is(Token::kw_in) && site.state() == State::paren_pattern_next && t.is(site.fault.frame.token - 1, Token::kw_for)) {
        Diagnostic d = plain("unexpected parentheses surrounding `for` loop head", t.span(site.fault.frame.token));
        d.spans.primary.push_back(t.span(t.match[site.fault.frame.token]));
        return d;
      }
      if (site.state() == State::list_pattern_next || site.state() == State::paren_pattern_next) {
        const bool slice =
            site.state() == State::list_pattern_next && NodeKind(site.fault.frame.a) == NodeKind::slice_pattern;
        return site.expected(Expected(slice ? ", ] .if |" : ") , .if |").add(pattern_continuation(site.trace, place)));
      }
      return {};
    case ErrorKind::expected_identifier:
      if (at > 0 && t.is(at - 1, Token::kw_mut) &&
          (site.state() == State::one_pattern || site.state() == State::pattern) && !is_binding(t, at) &&
          !site.is(Token::kw_underscore)) {
        return {};
      }
      if (at > 0 && t.is(at - 1, Token::kw_mut) &&
          (site.state() == State::one_pattern || site.state() == State::pattern)) {
        uint32_t end = at;
        if (t.is(at, Token::open_paren) || t.is(at, Token::open_bracket)) end = t.match[at];
        Diagnostic d = plain("`mut` must be followed by a named binding", site.span(at - 1, end));
        d.notes.push_back({source::Level::note, "`mut` may be followed by `variable` and `variable @ pattern`"});
        d.suggestions.push_back({"remove the `mut` prefix",
                                 {{{{t.span(at - 1).begin, t.span(at).begin}, ""}}},
                                 source::Applicability::machine_applicable,
                                 source::SuggestionStyle::show_always});
        return d;
      }
      return {};
    default: return {};
  }
}

}  // namespace rustg::parse
