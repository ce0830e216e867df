// Patterns, and what may follow them.
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

namespace {

using Words = std::optional<Diagnostic>;

// A name is what rustc reads here, although it is a keyword.
bool is_binding(const FileTokens& t, uint32_t at) {
  const Token k = t.kind(at), next = t.kind(at + 1);
  if (!lex::is_keyword(k) || k == Token::kw_in || k == Token::kw_true || k == Token::kw_false || k == Token::kw_self_lower ||
      k == Token::kw_self_upper || k == Token::kw_super || k == Token::kw_crate)
    return false;
  if (next == Token::open_paren || next == Token::open_brace || next == Token::bang) return false;
  return !(next == Token::dot && t.glued(at + 1) > 1) && !t.is_glued(at + 1, "::");
}

Words no_pattern(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  if (site.is(Token::lifetime) && at > 0 && t.is(at - 1, Token::and_)) {
    Diagnostic d = plain("unexpected lifetime `" + std::string(t.text(at)) + "` in pattern", t.span(at));
    d.suggestions.push_back({"remove the lifetime", {{{{t.span(at).begin, t.span(at + 1).begin}, ""}}},
                             source::Applicability::machine_applicable, source::SuggestionStyle::hide_code_inline});
    return d;
  }
  if (t.is_glued(at, "...")) {
    Diagnostic d = plain("unexpected `...`", t.span(at), "not a valid pattern");
    d.suggestions.push_back({"for a rest pattern, use `..` instead of `...`", {{{t.span(at), ".."}}},
                             source::Applicability::machine_applicable, source::SuggestionStyle::hide_code_inline});
    return d;
  }
  if (is_binding(t, at)) {
    if (site.is(Token::kw_let))
      return plain("expected pattern, found `let`", t.span(at));
    return identifier_expected(t, at);
  }
  // In a function's parameters.
  if (site.state() == State::one_pattern || site.state() == State::pattern)
    for (uint32_t n = 0; n < 2; ++n)
      if (site.around(n) == State::param_colon)
        return plain("expected parameter name, found " + t.describe(at), t.span(at), "expected parameter name");
  return plain("expected pattern, found " + t.describe(at), t.span(at), "expected pattern");
}

}  // namespace

std::optional<Diagnostic> word_pattern(const Trace& trace, const Fault& fault) {
  const Site site{trace, fault};
  const FileTokens& t = site.t;
  const uint32_t at = site.at, place = site.fault.place;
  switch (site.fault.kind) {
    case ErrorKind::expected_pattern: return no_pattern(site);
    case ErrorKind::expected_colon:
      if (site.state() == State::param_colon) return site.expected(Expected(": |").add(pattern_continuation(site.trace, place)));
      return {};
    case ErrorKind::expected_arrow:
      if (site.state() == State::arm_pattern && !t.is(at, Token::at))
        return site.expected(Expected("=> .if |").add(pattern_continuation(site.trace, place)));
      return {};
    case ErrorKind::expected_list_end:
      if (site.state() == State::list_pattern_next || site.state() == State::paren_pattern_next) {
        const bool slice = site.state() == State::list_pattern_next && NodeKind(site.fault.frame.a) == NodeKind::slice_pattern;
        return site.expected(Expected(slice ? ", ] .if |" : ") , .if |").add(pattern_continuation(site.trace, place)));
      }
      return {};
    case ErrorKind::expected_semi:
      if ((site.state() == State::let_type || site.state() == State::let_init) && !t.is(at, Token::at)) {
        if (site.state() == State::let_type) return site.expected(Expected(": ; = |").add(pattern_continuation(site.trace, place)));
        return site.expected(Expected("; =").add(type_continuation(site.trace, place)));
      }
      return {};
    case ErrorKind::expected_identifier:
      if (at > 0 && t.is(at - 1, Token::kw_mut) && site.state() == State::one_pattern) {
        Diagnostic d = plain("`mut` must be followed by a named binding", t.span(at - 1));
        return d;
      }
      return {};
    default: return {};
  }
}

}  // namespace rustg::parse
