// Generic parameters and arguments, where clauses, bounds, types and paths.
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

namespace {

using Words = std::optional<Diagnostic>;

bool is_ident(const FileTokens& t, uint32_t p) { return t.is(p, Token::ident) || lex::is_keyword(t.kind(p)); }

// Behind a generic argument.
Diagnostic behind_argument(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  Expected e(", >");
  switch (site.fault.last) {
    case NodeKind::lifetime:
    case NodeKind::literal:
    case NodeKind::block:
    case NodeKind::const_block: return site.expected(e);
    case NodeKind::assoc_type: {
      const uint32_t inner = site.fault.place - 1;
      const bool bound = t.is_glued(site.trace.node_tokens[inner], ":");
      return site.expected(e.add(bound ? bound_continuation(site.trace, inner) : type_continuation(site.trace, inner)));
    }
    default: break;
  }
  e.add(type_continuation(site.trace, site.fault.place));
  if (at > 0 && is_ident(t, at - 1) && (is_ident(t, at) || is_ident(t, at + t.glued(at)))) e.add(": =");
  return site.expected(e);
}

// Behind a generic parameter.
Words behind_parameter(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t place = site.fault.place;
  auto inner = [&](uint32_t n) { return place <= n ? NodeKind::none : NodeKind(site.trace.node_kinds[place - 1 - n]); };
  const bool alone = place > 0 && site.trace.node_starts[place - 1] + 1 == place;
  switch (site.fault.last) {
    case NodeKind::lifetime_param:
      if (inner(1) == NodeKind::bounds) {
        Expected e(", >");
        if (!t.is_glued(site.at - 1, ":")) e.add("+");
        return site.expected(e);
      }
      return site.expected(Expected(", : >"));
    case NodeKind::type_param:
      if (alone) return site.expected(Expected(", : = >"));
      if (inner(1) == NodeKind::bounds) return site.expected(Expected(", = >").add(bound_continuation(site.trace, place - 1)));
      return site.expected(Expected(", >").add(type_continuation(site.trace, place - 1)));
    case NodeKind::const_param: return site.expected(Expected(", = >").add(type_continuation(site.trace, place - 1)));
    default: return {};
  }
}

Words lists(const Site& site) {
  const FileTokens& t = site.t;
  switch (site.state()) {
    case State::args_next:
      if (site.fault.kind == ErrorKind::expected_gt) return behind_argument(site);
      return {};
    case State::generic_params_next:
      if (site.fault.kind == ErrorKind::expected_gt) {
        if (site.fault.frame.a == 0 || t.is(site.at - 1, Token::comma) || site.is(Token::kw_impl))
          return site.expected(Expected("# > .const identifier lifetime"));
        return behind_parameter(site);
      }
      if (site.fault.kind == ErrorKind::expected_identifier) return {};
      if (site.fault.kind == ErrorKind::expected_colon) return site.expected(Expected(":"));
      return {};
    case State::params_next:
    case State::paren_args_next:
    case State::tuple_type_next:
      if (site.fault.kind != ErrorKind::expected_list_end) return {};
      if (site.fault.last == NodeKind::self_param || site.fault.last == NodeKind::variadic) return site.expected(Expected(") ,"));
      if (site.state() == State::params_next && t.is_glued(site.at, "=")) {
        uint32_t end = site.at + 1;
        while (!t.is(end, Token::comma) && !t.is(end, Token::close_paren) && !t.is(end, Token::eof)) ++end;
        return plain("parameter defaults are not supported", site.span(site.at, end - 1));
      }
      return site.expected(Expected(") ,").add(type_continuation(site.trace, site.fault.place)));
    case State::array_type_next: return site.expected(Expected("; ]").add(type_continuation(site.trace, site.fault.place)));
    case State::qself_type:
    case State::qself_path:
      if (site.fault.kind == ErrorKind::expected_path_sep) {
        if (t.is_glued(site.at, ":")) {
          Diagnostic d = plain("found single colon before projection in qualified path", t.span(site.at));
          d.suggestions.push_back({"use double colon", {{{t.span(site.at), "::"}}}, source::Applicability::machine_applicable,
                                   source::SuggestionStyle::hide_code_inline});
          return d;
        }
        return site.expected(Expected("::"));
      }
      if (site.state() == State::qself_type)
        return site.expected(Expected("> .as").add(type_continuation(site.trace, site.fault.place)));
      return site.expected(Expected(">").add(bound_continuation(site.trace, site.fault.place, false)));
    case State::where_subject: {
      const NodeKind last = site.fault.last;
      if (last == NodeKind::lifetime) return site.expected(Expected(":"));
      return site.expected(Expected(": = ==").add(type_continuation(site.trace, site.fault.place)));
    }
    case State::where_next:
      if (site.fault.kind == ErrorKind::expected_predicate) return site.expected(Expected(":"));
      return {};
    default: return {};
  }
}

}  // namespace

std::optional<Diagnostic> word_generic(const Trace& trace, const Fault& fault) {
  const Site site{trace, fault};
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  if (auto d = lists(site)) return d;
  switch (site.fault.kind) {
    case ErrorKind::expected_type:
      if (site.state() == State::impl_generics && site.is(Token::kw_for)) {
        Diagnostic d = plain("missing trait in a trait impl", t.behind_previous(at));
        d.suggestions.push_back({"add a trait here", {{{t.behind_previous(at), " Trait "}}}, source::Applicability::has_placeholders,
                                 source::SuggestionStyle::show_always});
        return d;
      }
      // The first argument of a list may be several things.
      if (site.around() == State::arg_end && !site.is(Token::kw_fn)) return site.expected(Expected("> const lifetime type"));
      return plain("expected type, found " + t.describe(at), t.span(at), "expected type");
    case ErrorKind::expected_identifier:
      if (t.is_glued(at, ":") && at >= 2 && t.is_glued(at - 2, "::")) {
        Diagnostic d = plain("path separator must be a double colon", t.span(at));
        d.suggestions.push_back({"use a double colon instead", {{{{t.span(at - 2).begin, t.span(at).end}, "::"}}},
                                 source::Applicability::machine_applicable, source::SuggestionStyle::show_always});
        return d;
      }
      return {};
    case ErrorKind::expected_mut_or_const: {
      Diagnostic d = plain("expected `mut` or `const` keyword in raw pointer type", t.span(at - 1));
      d.suggestions.push_back({"add `mut` or `const` here", {{{t.behind_previous(at), "const "}}, {{t.behind_previous(at), "mut "}}},
                               source::Applicability::has_placeholders, source::SuggestionStyle::show_always});
      return d;
    }
    case ErrorKind::lifetime_without_plus: return plain("expected type, found lifetime", t.span(at), "expected type");
    case ErrorKind::paren_lifetime: {
      const uint32_t open = at - 1;
      Diagnostic d = plain("lifetime bounds may not be parenthesized", site.span(open, t.match[open]));
      return d;
    }
    case ErrorKind::expected_bound:
      if (at > 0 && site.is(Token::lifetime) && t.is(at - 1, Token::question))
        return plain("`?` may only modify trait bounds, not lifetime bounds", t.span(at - 1));
      if (at > 0 && site.is(Token::lifetime) && t.is(at - 1, Token::bang))
        return plain("`!` may only modify trait bounds, not lifetime bounds", t.span(at - 1));
      if (site.fault.kind == ErrorKind::expected_bound && site.state() != State::impl_first) return identifier_expected(t, at);
      return {};
    default: return {};
  }
}

}  // namespace rustg::parse
