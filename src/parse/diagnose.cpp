#include "parse/diagnose.h"

#include <fmt/format.h>

#include "parse/diagnose_brackets.h"
#include "parse/diagnose_conflict.h"
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

Diagnostic plain(std::string message, source::Span span, std::string label, const char* code) {
  Diagnostic d;
  d.message = std::move(message);
  d.code = code;
  d.spans.primary = {span};
  if (!label.empty()) d.spans.labels = {{span, std::move(label)}};
  return d;
}

Diagnostic identifier_expected(const FileTokens& tokens, uint32_t token) {
  std::string_view family = tokens.family(token);
  switch (tokens.kind(token)) {
    case Token::eq:
    case Token::colon:
    case Token::comma:
    case Token::semi:
    case Token::open_brace:
    case Token::open_paren:
    case Token::close_brace:
    case Token::close_paren:
      if (token > 0 && lex::is_doc(tokens.kind(token - 1))) return lonely_doc(tokens, token - 1);
      break;
    default: break;
  }
  Diagnostic d = plain("expected identifier, found " + tokens.describe(token), tokens.span(token),
                       "expected identifier" + (family.empty() ? std::string() : ", found " + std::string(family)));
  const Token next = tokens.kind(token + 1);
  const bool follows = next == Token::eq || next == Token::colon || next == Token::comma || next == Token::semi ||
                       next == Token::open_brace || next == Token::open_paren || next == Token::close_brace ||
                       next == Token::close_paren;
  const Token k = tokens.kind(token);
  const bool path = k == Token::kw_self_lower || k == Token::kw_self_upper || k == Token::kw_super ||
                    k == Token::kw_crate || k == Token::kw_underscore;
  if (lex::is_keyword(k) && !path && follows)
    d.suggestions.push_back({"escape `" + std::string(tokens.text(token)) + "` to use it as an identifier",
                             {{{{tokens.span(token).begin, tokens.span(token).begin}, "r#"}}},
                             source::Applicability::maybe_incorrect,
                             source::SuggestionStyle::show_always});
  if (k == Token::comma && next == Token::ident)
    d.suggestions.push_back({"remove this comma",
                             {{{tokens.span(token), ""}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::hide_code_inline});
  return d;
}

Diagnostic lonely_doc(const FileTokens& tokens, uint32_t token) {
  Diagnostic d = plain("found a documentation comment that doesn't document anything", tokens.span(token), {}, "E0585");
  d.notes.push_back(
      {source::Level::help, "doc comments must come before what they document, if a comment was intended use `//`"});
  return d;
}

namespace {

// r"…"##
Diagnostic extra_hashes(const FileTokens& t, uint32_t at) {
  uint32_t end = at;
  while (t.is(end + 1, Token::pound) && t.same_line(t.span(end).end, t.span(end + 1).begin)) ++end;
  const uint32_t count = end - at + 1;
  const size_t hashes = t.text(at - 1).find('"') - t.text(at - 1).find('r') - 1;
  const source::Span span{t.span(at).begin, t.span(end).end};
  Diagnostic d = plain("too many `#` when terminating raw string", span);
  d.spans.labels = {
      {t.span(at - 1), fmt::format("this raw string started with {} `#`{}", hashes, hashes == 1 ? "" : "s")}};
  d.suggestions.push_back({fmt::format("remove the extra `#`{}", count == 1 ? "" : "s"),
                           {{{span, ""}}},
                           source::Applicability::machine_applicable,
                           source::SuggestionStyle::show_code});
  return d;
}

// Whether rustc goes on only behind the list of items or of fields that an error is in.
bool ends_list(ErrorKind kind, const Diagnostic& d) {
  // It takes these for what they were meant to be.
  for (std::string_view mended : {"expected `,`, or `}`", "expected `;`", "path separator must be", "keyword `"})
    if (d.message.starts_with(mended)) return false;
  switch (kind) {
    case ErrorKind::expected_item_after_attributes:
    case ErrorKind::expected_expression:
    case ErrorKind::expected_type:
    case ErrorKind::expected_pattern:
    case ErrorKind::expected_identifier:
    case ErrorKind::expected_keyword_fn:
    case ErrorKind::expected_block:
    case ErrorKind::expected_comma:
    case ErrorKind::expected_list_end:
    case ErrorKind::expected_bracket:
    case ErrorKind::expected_paren:
    case ErrorKind::expected_colon:
    case ErrorKind::expected_eq:
    case ErrorKind::expected_gt:
    case ErrorKind::expected_lt:
    case ErrorKind::expected_path_sep:
    case ErrorKind::expected_bound:
    case ErrorKind::expected_predicate:
    case ErrorKind::unexpected_token: return true;
    default: return false;
  }
}

// Where an error ends a list of items or of fields, rustc says which one it was parsing.
void name_the_list(const Trace& trace, const Fault& fault, Diagnostic& d) {
  const FileTokens& t = trace.tokens;
  for (size_t n = fault.stack.size() + 1; n-- != 0;) {
    const Frame& frame = n == fault.stack.size() ? fault.frame : fault.stack[n];
    if (frame.state == State::block_body) return;
    if (frame.state == State::items) {
      if (Place(frame.a) == Place::module || t.match.empty() || !t.is(frame.token, Token::open_brace)) return;
      d.spans.labels.push_back({t.span(frame.token), "while parsing this item list starting here"});
      d.spans.labels.push_back({t.span(t.match[frame.token]), "the item list ends here"});
      return;
    }
    if (frame.state == State::record_next) {
      uint32_t name = frame.token - 1;
      bool is_union = false;
      if (n == 0 || fault.stack[n - 1].state != State::variant_fields) {
        while (name > 1 && !t.is(name - 1, Token::kw_struct) && !t.is_word(name - 1, lex::sym::union_)) --name;
        is_union = !t.is(name - 1, Token::kw_struct);
      }
      d.spans.labels.push_back({t.span(name), is_union ? "while parsing this union" : "while parsing this struct"});
      return;
    }
  }
}

Diagnostic word(const Trace& trace, const Fault& fault) {
  if (const FileTokens& t = trace.tokens;
      fault.token != 0 && t.is(fault.token, Token::pound) &&
      (t.is(fault.token - 1, Token::raw_str) || t.is(fault.token - 1, Token::raw_byte_str)) &&
      t.same_line(t.span(fault.token - 1).end, t.span(fault.token).begin))
    return extra_hashes(t, fault.token);
  for (auto family : {word_generic, word_item, word_data, word_pattern, word_statement, word_expression})
    if (auto d = family(trace, fault)) return std::move(*d);
  if (fault.kind == ErrorKind::expected_identifier) return identifier_expected(trace.tokens, fault.token);
  Diagnostic d = plain(fmt::format(fmt::runtime(message(fault.kind)), trace.tokens.describe(fault.token)),
                       trace.tokens.span(fault.token));
  d.code = code(fault.kind);
  return d;
}

}  // namespace

std::vector<Diagnostic> Diagnoser::diagnose(const source::SourceMap& map, uint32_t file) {
  const Trace trace = tracer_.run(map, file);
  std::vector<Diagnostic> all;
  if (!trace.brackets_match) return diagnose_brackets(map, file, trace.tokens.kinds, trace.tokens.starts);
  if (auto d = diagnose_conflict(trace)) return {*d};
  for (size_t n = 0; n != trace.faults.size(); ++n) {
    const Fault& fault = trace.faults[n];
    // It was no macro call after all.
    if (fault.kind == ErrorKind::macro_visibility && n + 1 != trace.faults.size() &&
        trace.faults[n + 1].frame.state == State::item_end)
      continue;
    all.push_back(word(trace, fault));
    if (ends_list(fault.kind, all.back())) name_the_list(trace, fault, all.back());
  }
  return all;
}

}  // namespace rustg::parse
