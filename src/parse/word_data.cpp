// Fields and variants.
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

namespace {

// Behind a field in braces.
Diagnostic behind_field(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  if (lex::is_doc(t.kind(at))) {
    Diagnostic d = lonely_doc(t, at);
    d.suggestions.push_back({"missing comma here",
                             {{{t.behind_previous(at), ","}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::hide_code_inline});
    return d;
  }
  if (site.is(Token::semi)) {
    Diagnostic d = plain("struct fields are separated by `,`", t.span(at));
    d.suggestions.push_back({"replace `;` with `,`",
                             {{{t.span(at), ","}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::hide_code_inline});
    return d;
  }
  if (site.is(Token::gt) && at > 0 && t.is(at - 1, Token::gt)) {
    uint32_t first = at, end = at;
    while (t.is(end, Token::gt)) ++end;
    if (t.is(end, Token::comma) || t.is(end, Token::close_brace)) {
      source::Span span{t.starts[first], t.starts[end - 1] + 1};
      Diagnostic d = plain(end - first == 1 ? "unmatched angle bracket" : "unmatched angle brackets", span);
      d.suggestions.push_back({end - first == 1 ? "remove extra angle bracket" : "remove extra angle brackets",
                               {{{span, ""}}},
                               source::Applicability::machine_applicable,
                               source::SuggestionStyle::hide_code_inline});
      return d;
    }
  }
  Diagnostic d = plain("expected `,`, or `}`, found " + t.describe(at), t.behind_previous(at));
  if (t.is(at, Token::ident) || t.is(at, Token::pound) || lex::is_keyword(t.kind(at)))
    d.suggestions.push_back({"try adding a comma",
                             {{{t.behind_previous(at), ","}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_code});
  return d;
}

}  // namespace

std::optional<Diagnostic> word_data(const Trace& trace, const Fault& fault) {
  const Site site{trace, fault};
  const FileTokens& t = site.t;
  if (site.fault.kind == ErrorKind::expected_expression && site.is(Token::eq) && site.at > 1 &&
      t.is_glued(site.at - 1, "==") && t.is(site.at - 2, Token::ident) && site.around() == State::group_wrap)
    return expected_one_of(t, site.at - 1, Expected("="));
  switch (site.state()) {
    case State::record_next:
      switch (site.fault.kind) {
        case ErrorKind::expected_list_end: return behind_field(site);
        case ErrorKind::expected_identifier:
          for (auto [kind, what] :
               {std::pair{Token::kw_struct, "struct"}, {Token::kw_enum, "enum"}, {Token::kw_trait, "trait"}})
            if (site.is(kind) && t.is(site.at + 1, Token::ident)) {
              Diagnostic d =
                  plain(std::string(what) + "s are not allowed in struct definitions", site.span(site.at, site.at + 1));
              d.notes.push_back({source::Level::help,
                                 "consider creating a new `" + std::string(what) + "` definition instead of nesting"});
              return d;
            }
          return {};
        case ErrorKind::expected_colon:
          if (site.is(Token::bang)) return site.expected({});
          return site.expected(Expected(":"));
        default: break;
      }
      return {};
    case State::variants_next:
      if (site.fault.kind != ErrorKind::expected_list_end) return {};
      switch (site.fault.last) {
        case NodeKind::variant: {
          const NodeKind inside =
              site.fault.place < 2 ? NodeKind::none : NodeKind(site.trace.node_kinds[site.fault.place - 2]);
          const bool bare = site.trace.node_tokens[site.fault.place - 1] + 1 == site.at;
          if (bare) return site.expected(Expected("( , = { }"));
          if (inside == NodeKind::record_fields || inside == NodeKind::tuple_fields)
            return site.expected(Expected(", = }"));
          return {};
        }
        default: return site.expected(Expected(", }"));
      }
    case State::tuple_next:
      if (site.fault.kind != ErrorKind::expected_list_end) return {};
      return site.expected(Expected(") ,").add(type_continuation(site.trace, site.fault.place)));
    default: return {};
  }
}

}  // namespace rustg::parse
