// Expressions: operands, operators, what stands behind them, and the lists that they stand in.
#include <algorithm>

#include "parse/tail.h"
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;
using source::Span;

namespace {

struct Wording : Site {
  const uint32_t prev = t.previous(at);

  // An operand was expected.
  std::optional<Diagnostic> operand() const {
    const std::string_view here = t.glued_text(at), before = t.glued_text(prev);
    const bool adjacent = at != 0 && t.joint(at - 1);
    // What looks like an operator of another language.
    if (adjacent && here == "+" && before == "+")
      return about(prev, at, "Rust has no postfix increment operator", "not a valid postfix operator");
    if (adjacent && here.front() == '>' && (before == "<" || before == "<="))
      return comparison(prev, std::string(before) + ">");
    if (here == "+" && (t.is(at + 1, Token::integer) || t.is(at + 1, Token::float_)))
      return plain("leading `+` is not supported", t.span(at), "unexpected `+`");
    if (here == "+" && t.is_glued(at + 1, "+"))
      return about(at, at + 1, "Rust has no prefix increment operator", "not a valid prefix operator");
    // A == 1, in an enum
    if (here == "=" && t.is(at - 1, Token::eq) && adjacent && t.is(at - 2, Token::ident)) {
      Diagnostic d = plain("unexpected `==`", {t.starts[at - 1], t.span(at).end});
      d.suggestions = {{"try using `=` instead",
                        {{{d.spans.primary[0], "="}}},
                        source::Applicability::machine_applicable,
                        source::SuggestionStyle::show_code}};
      return d;
    }
    if (here == "~") return plain("`~` cannot be used as a unary operator", t.span(at));
    if (here == "-") return std::nullopt;
    const uint32_t minus = prev == 0 ? 0 : t.previous(prev);
    if (before == "-" && t.is_glued(minus, "-") && t.joint(minus) && minus != 0 && ends_operand(t.previous(minus)))
      return about(minus, prev, "Rust has no postfix decrement operator", "not a valid postfix operator");
    if (t.is_glued(at, ".") && t.joint(at) && t.is(at + 1, Token::integer)) return float_literal(t, at);
    if (t.is(at, Token::kw_await)) return plain("incorrect use of `await`", {t.span(at).begin, behind_operand(at + 1)});
    if (t.is(at, Token::kw_box) && !begins_expression(t, at + 1))
      return plain("expected expression, found " + t.describe(at + 1), t.span(at + 1), "expected expression");
    if (t.is(at, Token::kw_box))
      return plain("`box_syntax` has been removed", {t.span(at).begin, behind_operand(at + 1)});
    if (t.is(at, Token::lifetime)) {
      if (t.is(prev, Token::and_))
        return plain("borrow expressions cannot be annotated with lifetimes",
                     {t.span(prev).begin, behind_operand(at + 1)}, "annotated with lifetime here");
      return label(at);
    }
    if (t.is(at, Token::kw_in) && t.is(prev, Token::kw_in))
      return plain("expected iterable, found keyword `in`", t.span(at));
    if (t.is(at, Token::kw_do) && t.text(at + 1) == "catch")
      return plain("found removed `do catch` syntax", {t.span(at).begin, t.span(at + 1).end});
    // 'a: 1
    if (t.is(prev, Token::colon) && prev != 0 && t.is(prev - 1, Token::lifetime)) return after_label(at);
    return std::nullopt;
  }

  // A label that is not followed by `:`.
  Diagnostic label(uint32_t lifetime) const {
    const uint32_t next = lifetime + 1;
    switch (t.kind(next)) {
      case Token::kw_while:
      case Token::kw_for:
      case Token::kw_loop:
      case Token::open_brace: {
        uint32_t open = next;
        while (!t.is(open, Token::open_brace) && open < t.eof()) ++open;
        Diagnostic d =
            plain("labeled expression must be followed by `:`", {t.span(lifetime).begin, t.span(t.match[open]).end});
        d.spans.labels = {{t.span(lifetime), "the label"}};
        return d;
      }
      default: return after_label(next);
    }
  }
  Diagnostic after_label(uint32_t token) const {
    return plain("expected `while`, `for`, `loop` or `{` after a label", t.span(token),
                 "expected `while`, `for`, `loop` or `{` after a label");
  }

  Diagnostic comparison(uint32_t from, const std::string& text) const {
    Span span{t.span(from).begin, t.span(from).begin + uint32_t(text.size())};
    Diagnostic d = plain("invalid comparison operator `" + text + "`", span);
    if (text == "<=>")
      d.spans.labels = {{span, "`<=>` is not a valid comparison operator, use `std::cmp::Ordering`"}};
    else
      d.suggestions = {
          {"`" + text + "` is not a valid comparison operator, use `" + (text == "<>" ? "!=" : text.substr(0, 2)) + "`",
           {{{span, text == "<>" ? "!=" : text.substr(0, 2)}}},
           source::Applicability::machine_applicable,
           source::SuggestionStyle::show_code}};
    return d;
  }

  // Something complete ends before the token, which does not continue it. site: what the place around it allows.
  Diagnostic behind(const Expected& site) const {
    if (t.is_glued(at, "->")) return plain("`->` is not valid syntax for field accesses and method calls", t.span(at));
    if (fault.last == NodeKind::cast)
      if (auto d = cast()) return *d;
    if (auto d = bad_path()) return *d;
    if (const std::string_view word = t.text(at); t.is(at, Token::ident) && (word == "and" || word == "or"))
      return plain("`" + std::string(word) + "` is not a logical operator", t.span(at));
    return expected_one_of(t, at, behind_expression(trace, fault).add(site));
  }

  std::optional<Diagnostic> cast() const {
    const char* what = nullptr;
    switch (t.kind(at)) {
      case Token::open_bracket: what = "indexing"; break;
      case Token::open_paren: what = "a function call"; break;
      case Token::question: what = "`?`"; break;
      case Token::dot:
        if (t.glued(at) != 1) return std::nullopt;
        if (t.text(at + 1) == "await" && t.edition >= lex::Edition::e2018)
          what = "`.await`";
        else
          what = t.is(at + 2, Token::open_paren) || t.is_glued(at + 2, "::") ? "a method call" : "a field access";
        break;
      default: return std::nullopt;
    }
    if (fault.place == 0) return std::nullopt;
    // What is wrong inside of the brackets is said first.
    if (t.opens(at) && at + 1 != t.match[at] && !begins_expression(t, at + 1))
      return plain("expected expression, found " + t.describe(at + 1), t.span(at + 1), "expected expression");
    const uint32_t from = first_token(trace, fault.place - 1);
    const Span span{t.span(from).begin, t.span(at - 1).end};
    Diagnostic d = plain(std::string("cast cannot be followed by ") + what, span);
    d.suggestions = {{"try surrounding the expression in parentheses",
                      {{{{span.begin, span.begin}, "("}, {{span.end, span.end}, ")"}}},
                      source::Applicability::machine_applicable,
                      source::SuggestionStyle::show_code}};
    return d;
  }

  // f(a: 1): the names of a struct's fields.
  std::optional<Diagnostic> call_with_fields(uint32_t open) const {
    const uint32_t close = t.match[open];
    if (!t.is(at, Token::colon) || open == 0) return std::nullopt;
    if (at == open + 2 && lex::is_keyword(t.kind(at - 1))) return identifier_expected(t, at - 1);
    for (uint32_t p = open + 1; p < close;) {
      if (!t.is(p, Token::ident) && !t.is(p, Token::integer)) return std::nullopt;
      ++p;
      if (t.is(p, Token::colon) && t.glued(p) == 1) {
        ++p;
        if (p == close || t.is(p, Token::comma)) return std::nullopt;
        while (p < close && !t.is(p, Token::comma)) p = t.opens(p) ? t.match[p] + 1 : p + 1;
      } else if (p != close && !t.is(p, Token::comma)) {
        return std::nullopt;
      }
      ++p;
    }
    uint32_t from = open - 1;
    while (from >= 3 && t.is_glued(from - 2, "::")) from -= 3;
    if (!t.is(from, Token::ident)) return std::nullopt;
    return plain("invalid `struct` delimiters or `fn` call arguments", {t.span(from).begin, t.span(close).end});
  }

  // |x| a; b in a list
  std::optional<Diagnostic> closure_body() const {
    if (fault.last != NodeKind::closure || !t.is(at, Token::semi)) return std::nullopt;
    const uint32_t closure = fault.place - 1, start = trace.node_starts[closure];
    uint32_t pipe = ~0u;
    for (uint32_t p = start; p < closure && pipe == ~0u; ++p)
      if (NodeKind(trace.node_kinds[p]) == NodeKind::closure_params) pipe = trace.node_tokens[p];
    if (pipe == ~0u) return std::nullopt;
    Diagnostic d = plain("closure bodies that contain statements must be surrounded by braces", t.span(pipe));
    return d;
  }

  bool is_end(uint32_t p) const {
    return t.is(p, Token::close_paren) || t.is(p, Token::close_brace) || t.is(p, Token::close_bracket) || p == t.eof();
  }

  // [T]::f and the like
  std::optional<Diagnostic> bad_path() const {
    if (!t.is_glued(at, "::") || fault.place == 0) return std::nullopt;
    const NodeKind last = NodeKind(trace.node_kinds[fault.place - 1]);
    if (last != NodeKind::array && last != NodeKind::repeat && last != NodeKind::tuple && last != NodeKind::paren)
      return std::nullopt;
    const Span span{t.span(first_token(trace, fault.place - 1)).begin, t.span(prev).end};
    Diagnostic d = plain("missing angle brackets in associated item path", span);
    d.suggestions.push_back(
        {"types that don't start with an identifier need to be surrounded with angle brackets in qualified paths",
         {{{{span.begin, span.begin}, "<"}, {{span.end, span.end}, ">"}}},
         source::Applicability::maybe_incorrect,
         source::SuggestionStyle::show_always});
    return d;
  }

  // a::<T>>>::b and x.f::<T>>>(), with more `>` than `<`
  std::optional<Diagnostic> extra_closing(uint32_t within) const {
    uint32_t first = within, end = within;
    while (t.is(end, Token::gt)) ++end;
    while (first != 0 && t.is(first - 1, Token::gt)) --first;
    if (first == end || !(t.is_glued(end, "::") || t.is(end, Token::open_paren))) return std::nullopt;
    // What opens is looked for in what may be generic arguments.
    uint32_t open = 0;
    for (uint32_t p = first; p != 0; --p) {
      const Token k = t.kind(p - 1);
      if (k == Token::lt)
        ++open;
      else if (k != Token::ident && k != Token::colon && k != Token::comma && k != Token::lifetime && k != Token::and_)
        break;
    }
    if (open == 0 || end - first <= open) return std::nullopt;
    const uint32_t count = end - first - open;
    const Span span{t.starts[first + open], t.span(end - 1).end};
    Diagnostic d = plain(count == 1 ? "unmatched angle bracket" : "unmatched angle brackets", span);
    d.suggestions.push_back({count == 1 ? "remove extra angle bracket" : "remove extra angle brackets",
                             {{{span, ""}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_code});
    return d;
  }

  // x.f::<T>
  Diagnostic field_generics() const {
    uint32_t from = at - 1, depth = 0;
    for (;; --from) {
      if (t.is(from, Token::gt)) ++depth;
      if (t.is(from, Token::lt) && --depth == 0) break;
      if (from == 0) break;
    }
    return plain("field expressions cannot have generic arguments", {t.starts[from], t.span(at - 1).end});
  }

  // f() [a, b] on two lines
  std::optional<Diagnostic> array_statement() const {
    const uint32_t open = fault.frame.token;
    if (!t.is(at, Token::comma) || open == 0 || t.same_line(t.span(open - 1).begin, t.span(at).begin))
      return std::nullopt;
    const uint32_t behind = t.span(open - 1).end;
    Diagnostic d = plain("expected `;`, found `[`", t.span(open));
    d.suggestions.push_back({"consider adding `;` here",
                             {{{{behind, behind}, ";"}}},
                             source::Applicability::maybe_incorrect,
                             source::SuggestionStyle::show_always});
    return d;
  }

  bool ends_operand(uint32_t p) const {
    return t.is(p, Token::ident) || t.is(p, Token::close_paren) || t.is(p, Token::close_bracket) ||
           lex::is_literal(t.kind(p)) || t.is(p, Token::kw_self_lower) || t.is(p, Token::question);
  }
  // A guess at where an operand ends: behind its brackets and path.
  uint32_t behind_operand(uint32_t p) const {
    while (p < t.eof()) {
      if (t.opens(p))
        p = t.match[p] + 1;
      else if (t.is(p, Token::ident) || lex::is_literal(t.kind(p)) || t.is(p, Token::dot) || t.is_glued(p, "::"))
        p += t.glued(p);
      else
        break;
    }
    return t.span(p - 1).end;
  }
  Diagnostic about(uint32_t from, uint32_t to, std::string message, std::string label) const {
    return plain(std::move(message), {t.span(from).begin, t.span(to).end}, std::move(label));
  }
};

}  // namespace

std::optional<Diagnostic> word_expression(const Trace& trace, const Fault& fault) {
  const Wording w{{trace, fault}};
  const FileTokens& t = trace.tokens;
  const State state = fault.frame.state;
  switch (fault.kind) {
    case ErrorKind::expected_expression:
      if (t.is(w.prev, Token::gt) || t.is(w.at, Token::gt))
        if (auto d = w.extra_closing(t.is(w.at, Token::gt) ? w.at : w.at - 1)) return d;
      if (auto d = w.operand()) return d;
      return plain("expected expression, found " + t.describe(w.at), t.span(w.at), "expected expression");
    case ErrorKind::expected_list_end:
      if (auto d = w.closure_body()) return d;
      switch (state) {
        case State::arguments_next: {
          const uint32_t open = fault.frame.token;
          if (auto d = w.call_with_fields(open)) return d;
          return w.behind(") ,");
        }
        case State::paren_next: return w.behind(") ,");
        case State::array_next: return w.behind(fault.frame.a == 1 ? ", ; ]" : ", ]");
        case State::index_end:
          if (auto d = w.array_statement()) return d;
          return w.behind("]");
        case State::repeat_end: return w.behind("]");
        case State::struct_next: {
          const bool shorthand =
              fault.last == NodeKind::field_value && (trace.node_flags[fault.place - 1] & kShorthand);
          if (!shorthand) return w.behind(", }");
          if (t.is(w.at, Token::eq) && t.glued(w.at) == 1) return plain("expected `:`, found `=`", t.span(w.at));
          return expected_one_of(t, w.at, ", : }");
        }
        case State::closure_params_next: {
          Expected expected(": |");
          if (!w.is_end(w.at)) expected.add(",");
          return expected_one_of(t, w.at, expected.add(pattern_continuation(trace, fault.place)));
        }
        default: return std::nullopt;
      }
    case ErrorKind::expected_comma:
      if (state == State::arm_body) return w.behind(", }");
      if (state == State::arm_pattern)
        return expected_one_of(t, w.at, Expected(", => .if | }").add(pattern_continuation(trace, fault.place)));
      return std::nullopt;
    case ErrorKind::expected_bar:
      switch (t.kind(t.previous(w.at))) {
        case Token::kw_async: return expected_one_of(t, w.at, "move use { | ||");
        case Token::kw_static: return expected_one_of(t, w.at, "async gen move use | ||");
        case Token::gt: return expected_one_of(t, w.at, "move static use | ||");
        default: return expected_one_of(t, w.at, "| ||");
      }
    case ErrorKind::open_range: {
      // Said of the operator.
      Diagnostic d = plain("inclusive range with no end", t.span(w.prev), {}, "E0586");
      if (t.is_glued(w.at, "=") && t.joint(w.at - 1))
        return plain("unexpected `=` after inclusive range", {t.span(w.prev).begin, t.span(w.at).end});
      d.suggestions.push_back({"use `..` instead",
                               {{{t.span(w.prev), ".."}}},
                               source::Applicability::machine_applicable,
                               source::SuggestionStyle::hide_code_inline});
      d.notes.push_back({source::Level::note, "inclusive ranges must be bounded at the end (`..=b` or `a..=b`)"});
      return d;
    }
    case ErrorKind::parens_around_arm: {
      Diagnostic d = plain("unexpected parentheses surrounding `match` arm pattern", t.span(w.at));
      d.spans.primary.insert(d.spans.primary.begin(), t.span(t.match[w.at]));
      return d;
    }
    case ErrorKind::chained_comparison: {
      Diagnostic d = plain("comparison operators cannot be chained", t.span(w.at));
      if (fault.place != 0 && NodeKind(trace.node_kinds[fault.place - 1]) == NodeKind::binary)
        d.spans.primary.insert(d.spans.primary.begin(), t.span(trace.node_tokens[fault.place - 1]));
      return d;
    }
    case ErrorKind::expected_paren:
      if (state == State::postfix || state == State::method_args) {
        if (auto d = w.extra_closing(t.is(w.at, Token::gt) ? w.at : w.at - 1)) return d;
        if (t.is(w.prev, Token::gt)) return w.field_generics();
      }
      return std::nullopt;
    case ErrorKind::unexpected_token:
      if (t.is_glued(w.prev, ".") || t.is_glued(w.prev, "<-")) {
        if (lex::is_keyword(t.kind(w.at)))
          return plain("expected identifier, found " + t.describe(w.at), t.span(w.at),
                       "expected identifier, found " + std::string(t.family(w.at)));
        return plain("unexpected token: " + t.describe(w.at), t.span(w.at), "unexpected token");
      }
      if (t.is_glued(w.at, "...") || t.is_glued(w.at, "<-"))
        return plain("unexpected token: " + t.describe(w.at), t.span(w.at));
      if (t.is_glued(w.at, "==") || t.is_glued(w.at, "!="))
        return w.comparison(w.at, std::string(t.glued_text(w.at)) + "=");
      if (t.is(w.at, Token::lifetime) && t.is(w.prev, Token::kw_break))
        return plain(
            "parentheses are required around this expression to avoid confusion with a labeled break expression",
            t.span(w.at));
      return std::nullopt;
    default: return std::nullopt;
  }
}

// .5
Diagnostic float_literal(const FileTokens& t, uint32_t dot) {
  const uint32_t begin = t.starts[dot];
  Diagnostic d = plain("float literals must have an integer part", {begin, t.span(dot + 1).end});
  d.suggestions.push_back({"must have an integer part",
                           {{{{begin, begin}, "0"}}},
                           source::Applicability::machine_applicable,
                           source::SuggestionStyle::show_always});
  return d;
}

Diagnostic missing_colon(const Trace& trace, const Fault& fault, uint32_t lifetime) {
  return Wording{{trace, fault}}.label(lifetime);
}

// Statements end as expressions do.
Diagnostic behind_operand(const Trace& trace, const Fault& fault, const Expected& site) {
  return Wording{{trace, fault}}.behind(site);
}

}  // namespace rustg::parse
