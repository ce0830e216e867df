// Generic parameters and arguments, where clauses, bounds, types and paths.
#include <algorithm>

#include "parse/tail.h"
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
      if (inner(1) == NodeKind::bounds)
        return site.expected(Expected(", = >").add(bound_continuation(site.trace, place - 1)));
      return site.expected(Expected(", >").add(type_continuation(site.trace, place - 1)));
    case NodeKind::const_param: return site.expected(Expected(", = >").add(type_continuation(site.trace, place - 1)));
    default: return {};
  }
}

// struct S where T: Copy, (T);
Words body_behind_where(const Site& site) {
  const FileTokens& t = site.t;
  if (site.fault.last != NodeKind::paren_type && site.fault.last != NodeKind::tuple_type) return {};
  if (site.around() != State::where_next || site.around(1) != State::struct_where) return {};
  const uint32_t where = site.fault.stack.back().token, body = first_token(site.trace, site.fault.place - 1);
  Diagnostic d = plain("where clauses are not allowed before tuple struct bodies", site.span(where, body - 1),
                       "unexpected where clause");
  d.spans.labels.push_back({site.span(body, t.match[body]), "the struct body"});
  return d;
}

// `?` behind a type.
Words question(const Site& site) {
  const FileTokens& t = site.t;
  if (!site.is(Token::question) || site.fault.place == 0) return {};
  switch (site.state()) {
    case State::fn_ret:
    case State::fn_where:
    case State::params_next:
    case State::tuple_next:
    case State::tuple_field_end:
    case State::record_next:
    case State::paren_args_next:
    case State::tuple_type_next:
    case State::args_next:
    case State::let_init:
    case State::const_type:
    case State::static_init: break;
    default: return {};
  }
  if (site.fault.last == NodeKind::params) return {};
  uint32_t place = site.fault.place - 1;
  switch (NodeKind(site.trace.node_kinds[place])) {
    case NodeKind::ret:
    case NodeKind::param:
    case NodeKind::field:
    case NodeKind::tuple_field: --place; break;
    default: break;
  }
  Diagnostic d = plain("invalid `?` in type", t.span(site.at), "`?` is only allowed on expressions, not types");
  const uint32_t first = t.span(first_token(site.trace, place)).begin;
  d.suggestions.push_back(
      {"if you meant to express that the type might not contain a value, use the `Option` wrapper type",
       {{{{first, first}, "Option<"}, {t.span(site.at), ">"}}},
       source::Applicability::machine_applicable,
       source::SuggestionStyle::show_always});
  return d;
}

// More `>` than `<`, or the other way round.
Words unmatched_angles(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  auto report = [&](uint32_t first, uint32_t count) {
    const source::Span span{t.starts[first], t.starts[first + count - 1] + 1};
    Diagnostic d = plain(count == 1 ? "unmatched angle bracket" : "unmatched angle brackets", span);
    d.suggestions.push_back({count == 1 ? "remove extra angle bracket" : "remove extra angle brackets",
                             {{{span, ""}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_always});
    return d;
  };
  uint32_t run = at;
  if (site.fault.kind == ErrorKind::expected_path_sep || site.state() == State::qself_type ||
      site.state() == State::qself_path) {
    // a::<<<T>(): the outermost `<` begins the arguments.
    if (t.is_glued(at, ":")) return {};
    run = site.fault.frame.token;
    while (run > 0 && t.is(run - 1, Token::lt)) --run;
    if (run < 2 || !t.is_glued(run - 2, "::")) return {};
    uint32_t count = 0, open = 0, close = 0;
    for (uint32_t p = run; t.is(p, Token::lt); ++p) ++count;
    for (uint32_t p = run; p < at; ++p) open += t.is(p, Token::lt), close += t.is(p, Token::gt);
    if (count < 2 || open <= close) return {};
    return report(run, std::min(open - close, count - 1));
  }
  if (!site.is(Token::gt) && !(at > 0 && t.is(at - 1, Token::gt))) return {};
  while (run > 0 && t.is(run - 1, Token::gt)) --run;
  uint32_t end = run, open = 0;
  while (t.is(end, Token::gt)) ++end;
  for (uint32_t p = run; p > 0; --p) {
    const Token k = t.kind(p - 1);
    if (k == Token::semi || k == Token::eq || k == Token::open_brace || k == Token::close_brace) break;
    if (k == Token::lt) {
      ++open;
      if (p > 2 && t.is_glued(p - 3, "::")) break;
    }
    if (k == Token::gt) return {};
  }
  if (open == 0 || end - run <= open) return {};
  return report(run + open, end - run - open);
}

Words lists(const Site& site) {
  const FileTokens& t = site.t;
  switch (site.state()) {
    case State::args_next:
      if (site.fault.kind == ErrorKind::expected_gt) return behind_argument(site);
      return {};
    case State::generic_params_next:
      if (site.fault.kind == ErrorKind::expected_gt) {
        if (t.is_glued(site.at - 1, ":") && site.is(Token::kw_impl)) {
          uint32_t end = site.at;
          while (!t.is(end + 1, Token::gt) && !t.is(end + 1, Token::comma) && !t.is(end + 1, Token::eof)) ++end;
          Diagnostic d = plain("expected trait bound, found `impl Trait` type", site.span(site.at, end), "not a trait");
          d.suggestions.push_back({"use the trait bounds directly",
                                   {{{{t.span(site.at).begin, t.span(site.at + 1).begin}, ""}}},
                                   source::Applicability::machine_applicable,
                                   source::SuggestionStyle::show_always});
          return d;
        }
        if ((t.is_glued(site.at - 1, ":") || t.is(site.at - 1, Token::plus)) && lex::is_keyword(t.kind(site.at)))
          return identifier_expected(t, site.at);
        if (site.is(Token::gt) && t.is(site.at - 1, Token::close_bracket))
          return plain("attribute without generic parameters", site.span(t.match[site.at - 1] - 1, site.at - 1),
                       "attributes are only permitted when preceding parameters");
        if (site.fault.last == NodeKind::type_param && t.is(site.at, Token::ident) && t.text(site.at - 1) == "Const") {
          Diagnostic d = plain("`const` keyword was mistyped as `Const`", t.span(site.at - 1));
          d.suggestions.push_back({"use the `const` keyword",
                                   {{{t.span(site.at - 1), "const"}}},
                                   source::Applicability::maybe_incorrect,
                                   source::SuggestionStyle::show_always});
          return d;
        }
        if (site.fault.frame.a == 0 || t.is(site.at - 1, Token::comma))
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
      if (site.fault.last == NodeKind::self_param && t.is_glued(site.at, ":")) {
        uint32_t end = site.at + 1;
        while (!t.is(end + 1, Token::comma) && !t.is(end + 1, Token::close_paren) && !t.is(end + 1, Token::eof)) ++end;
        return plain("type not allowed for shorthand `self` parameter", site.span(site.at + 1, end));
      }
      if (site.state() == State::paren_args_next && t.is_glued(site.at, ":") && t.is(site.at - 1, Token::ident)) {
        Diagnostic d = plain("`Trait(...)` syntax does not support named parameters", t.span(site.at - 1));
        d.suggestions.push_back({"remove the parameter name",
                                 {{{{t.span(site.at - 1).begin, t.span(site.at + 1).begin}, ""}}},
                                 source::Applicability::machine_applicable,
                                 source::SuggestionStyle::hide_code_inline});
        return d;
      }
      if (lex::is_keyword(t.kind(site.at)) && (t.is(site.at - 1, Token::kw_impl) || t.is(site.at - 1, Token::kw_dyn)))
        return identifier_expected(t, site.at);
      if (site.fault.last == NodeKind::self_param || site.fault.last == NodeKind::variadic)
        return site.expected(Expected(") ,"));
      if (site.state() == State::params_next && t.is_glued(site.at, "=")) {
        uint32_t end = site.at + 1;
        while (!t.is(end, Token::comma) && !t.is(end, Token::close_paren) && !t.is(end, Token::eof)) ++end;
        return plain("parameter defaults are not supported", site.span(site.at, end - 1));
      }
      return site.expected(Expected(") ,").add(type_continuation(site.trace, site.fault.place)));
    case State::array_type_next:
      if (site.fault.kind != ErrorKind::expected_list_end) return {};
      return plain("expected `;` or `]`, found " + t.describe(site.at), t.span(site.at), "expected `;` or `]`");
    case State::use_group_next:
      if (site.fault.kind != ErrorKind::expected_list_end) return {};
      return site.expected(
          Expected(site.fault.last == NodeKind::name || site.fault.last == NodeKind::path ? ", :: .as }" : ", }"));
    case State::qself_type:
    case State::qself_path:
      if (site.fault.kind == ErrorKind::expected_path_sep) {
        if (t.is_glued(site.at, ":")) {
          Diagnostic d = plain("found single colon before projection in qualified path", t.span(site.at));
          d.suggestions.push_back({"use double colon",
                                   {{{t.span(site.at), "::"}}},
                                   source::Applicability::machine_applicable,
                                   source::SuggestionStyle::show_code});
          return d;
        }
        return site.expected(Expected("::"));
      }
      // impl<T ?Sized>
      if (site.fault.frame.token > 0 && t.is(site.fault.frame.token - 1, Token::kw_impl) &&
          site.at == site.fault.frame.token + 2)
        return site.expected(Expected(", : = >"));
      if (site.state() == State::qself_type)
        return site.expected(Expected("> .as").add(type_continuation(site.trace, site.fault.place)));
      return site.expected(Expected(">").add(bound_continuation(site.trace, site.fault.place, false)));
    case State::where_subject: {
      const NodeKind last = site.fault.last;
      if (auto d = body_behind_where(site)) return d;
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
  if (auto d = question(site)) return d;
  if (site.fault.kind == ErrorKind::expected_expression || site.fault.kind == ErrorKind::expected_path_sep ||
      (site.fault.kind == ErrorKind::expected_paren && site.state() != State::fn_generics))
    if (auto d = unmatched_angles(site)) return d;
  if (site.is(Token::kw_mut) && at > 0 && t.text(at - 1) == "dyn") {
    Diagnostic d = plain("`mut` must precede `dyn`", site.span(at - 1, at));
    d.suggestions.push_back({"place `mut` before `dyn`",
                             {{{site.span(at - 1, at), "mut dyn"}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_always});
    return d;
  }
  if (t.is(at, Token::ident) && at > 2 && (t.text(at - 1) == "dyn" || t.text(at - 1) == "impl") &&
      t.is(at - 2, Token::gt)) {
    uint32_t p = at - 2;
    while (p > 0 && !t.is(p, Token::kw_for)) --p;
    const std::string word(t.text(at - 1));
    Diagnostic d = plain("`for<...>` expected after `" + word + "`, not before", t.span(at - 1));
    d.suggestions.push_back(
        {"move `" + word + "` before the `for<...>`",
         {{{{t.span(p).begin, t.span(p).begin}, word + " "}, {{t.span(at - 1).begin, t.span(at).begin}, ""}}},
         source::Applicability::machine_applicable,
         source::SuggestionStyle::show_always});
    return d;
  }
  if (auto d = lists(site)) return d;
  switch (site.fault.kind) {
    case ErrorKind::expected_type:
      if (site.is(Token::pound) || lex::is_doc(t.kind(at))) {
        const uint32_t close = t.is(at + 1, Token::open_bracket) ? t.match[at + 1] : at;
        const bool parameter = site.around() == State::param_end;
        return plain(parameter ? "attributes cannot be applied to a function parameter's type"
                               : "attributes cannot be applied to types",
                     site.span(at, close), "attributes are not allowed here");
      }
      if (t.is_glued(at, "..."))
        return plain("C-variadic type `...` may not be nested inside another type", t.span(at), {}, "E0743");
      if (t.is(at - 1, Token::eq) && site.around() == State::assoc_end) {
        Diagnostic d = plain("missing type to the right of `=`", {t.behind_previous(at).begin, t.span(at).begin});
        d.suggestions.push_back({"to constrain the associated type, add a type after `=`",
                                 {{{t.behind_previous(at), " TheType"}}},
                                 source::Applicability::has_placeholders,
                                 source::SuggestionStyle::show_always});
        return d;
      }
      if (site.around() == State::static_init && (t.is_glued(at, "=") || site.is(Token::semi))) {
        Diagnostic d = plain("missing type for `static` item", t.behind_previous(at));
        d.suggestions.push_back({"provide a type for the item",
                                 {{{t.behind_previous(at), " <type>"}}},
                                 source::Applicability::has_placeholders,
                                 source::SuggestionStyle::hide_code_inline});
        return d;
      }
      if (site.is(Token::kw_for) && t.is(at - 1, Token::kw_impl)) {
        Diagnostic d = plain("missing trait in a trait impl", t.behind_previous(at));
        d.suggestions.push_back({"add a trait here",
                                 {{{t.behind_previous(at), " Trait "}}},
                                 source::Applicability::has_placeholders,
                                 source::SuggestionStyle::show_always});
        return d;
      }
      // The first argument of a list may be several things.
      if (site.around() == State::arg_end && !site.is(Token::kw_fn))
        return site.expected(Expected("> const lifetime type"));
      return plain("expected type, found " + t.describe(at), t.span(at), "expected type");
    case ErrorKind::expected_identifier:
      if (t.is_glued(at, ":") && at >= 2 && t.is_glued(at - 2, "::")) {
        Diagnostic d = plain("path separator must be a double colon", t.span(at));
        d.suggestions.push_back({"use a double colon instead",
                                 {{{{t.span(at - 2).begin, t.span(at).end}, "::"}}},
                                 source::Applicability::machine_applicable,
                                 source::SuggestionStyle::show_always});
        return d;
      }
      return {};
    case ErrorKind::expected_mut_or_const: {
      Diagnostic d = plain("expected `mut` or `const` keyword in raw pointer type", t.span(at - 1));
      d.suggestions.push_back({"add `mut` or `const` here",
                               {{{t.behind_previous(at), "const "}}, {{t.behind_previous(at), "mut "}}},
                               source::Applicability::has_placeholders,
                               source::SuggestionStyle::show_always});
      return d;
    }
    case ErrorKind::lifetime_without_plus:
      if (at > 1 && t.is(at - 1, Token::kw_mut) && t.is(at - 2, Token::and_)) {
        Diagnostic d = plain("lifetime must precede `mut`", site.span(at - 2, at));
        d.suggestions.push_back({"place the lifetime before `mut`",
                                 {{{site.span(at - 2, at), "&" + std::string(t.text(at)) + " mut"}}},
                                 source::Applicability::maybe_incorrect,
                                 source::SuggestionStyle::hide_code_inline});
        return d;
      }
      if (at > 1 && t.is(at - 1, Token::eq) && site.around() == State::assoc_end) {
        Diagnostic d = plain("lifetimes are not permitted in this context", t.span(at), "lifetime is not allowed here");
        d.spans.labels.push_back({site.span(at - 2, at - 1), "this introduces an associated item binding"});
        return d;
      }
      return plain("expected type, found lifetime", t.span(at), "expected type");
    case ErrorKind::paren_lifetime: {
      const uint32_t open = at - 1;
      Diagnostic d = plain("lifetime bounds may not be parenthesized", site.span(open, t.match[open]));
      return d;
    }
    case ErrorKind::fn_pointer_const:
    case ErrorKind::fn_pointer_async: {
      const std::string word(t.text(at));
      Diagnostic d =
          plain("an `fn` pointer type cannot be `" + word + "`", t.span(at), "`" + word + "` because of this");
      d.notes.push_back({source::Level::note, "allowed qualifiers are: `unsafe` and `extern`"});
      d.suggestions.push_back({"remove the `" + word + "` qualifier",
                               {{{{t.span(at).begin, t.span(at + 1).begin}, ""}}},
                               source::Applicability::maybe_incorrect,
                               source::SuggestionStyle::show_always});
      return d;
    }
    case ErrorKind::raw_pointer_self:
      return plain("cannot pass `self` by raw pointer", t.span(at), "cannot pass `self` by raw pointer");
    case ErrorKind::const_argument: {
      uint32_t end = at;
      while (!t.is(end + 1, Token::gt) && !t.is(end + 1, Token::comma) && !t.is(end + 1, Token::eof)) ++end;
      return plain("unexpected `const` parameter declaration", site.span(at, end),
                   "expected a `const` expression, not a parameter declaration");
    }
    case ErrorKind::attribute_on_argument: {
      const uint32_t close = t.is(at + 1, Token::open_bracket) ? t.match[at + 1] : at;
      const bool last = t.is(close + 1, Token::gt) || t.is(close + 1, Token::comma);
      return plain(last ? "attributes cannot be applied here" : "attributes cannot be applied to generic arguments",
                   site.span(at, close), "attributes are not allowed here");
    }
    case ErrorKind::expected_paren:
      if (site.state() == State::fn_generics || site.state() == State::items) return {};
      if (t.is(at, Token::lt) && at > 0 && t.is(at - 1, Token::kw_fn)) {
        uint32_t end = at;
        while (!t.is(end, Token::gt) && !t.is(end, Token::eof)) ++end;
        return plain("function pointer types may not have generic parameters",
                     {t.span(at).begin, t.starts[end] + t.lengths[end]});
      }
      if (at > 0 && t.is(at - 1, Token::kw_fn)) {
        Diagnostic d = plain("missing parameters for function definition", t.behind_previous(at));
        d.suggestions.push_back({"add a parameter list",
                                 {{{t.behind_previous(at), "()"}}},
                                 source::Applicability::unspecified,
                                 source::SuggestionStyle::hide_code_inline});
        return d;
      }
      return {};
    case ErrorKind::expected_bound:
      if (site.state() == State::tuple_type_next)
        return plain("expected a path on the left-hand side of `+`", t.span(at), {}, "E0178");
      if (site.state() == State::impl_first && site.fault.place > 0)
        return plain("expected a trait, found type",
                     site.span(first_token(site.trace, site.fault.place - 1),
                               at > 1 && t.is(at - 1, Token::kw_for) ? at - 2 : at - 1));
      if (at > 0 && site.is(Token::lifetime) && t.is(at - 1, Token::question))
        return plain("`?` may only modify trait bounds, not lifetime bounds", t.span(at - 1));
      if (at > 0 && site.is(Token::lifetime) && t.is(at - 1, Token::bang))
        return plain("`!` may only modify trait bounds, not lifetime bounds", t.span(at - 1));
      if (site.fault.kind == ErrorKind::expected_bound && site.state() != State::impl_first)
        return identifier_expected(t, at);
      return {};
    default: return {};
  }
}

}  // namespace rustg::parse
