#include "parse/expected.h"

#include <optional>

#include "parse/misspelled.h"
#include "parse/tail.h"

namespace rustg::parse {

using source::Diagnostic;

Expected& Expected::add(std::string_view words) {
  constexpr std::pair<std::string_view, std::string_view> kNamed[] = {{"operator", "an operator"},
                                                                      {"identifier", "identifier"},
                                                                      {"lifetime", "lifetime"},
                                                                      {"type", "type"},
                                                                      {"path", "path"},
                                                                      {"literal", "literal"},
                                                                      {"const", "a const expression"}};
  for (size_t at = 0; at < words.size();) {
    size_t end = std::min(words.find(' ', at), words.size());
    std::string_view word = words.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    std::string name;
    for (auto [short_name, long_name] : kNamed)
      if (word == short_name) name = long_name;
    if (name.empty()) {
      if (word.size() > 2 && word[0] == '.' && word[1] != '.') word.remove_prefix(1);
      name = "`" + std::string(word) + "`";
    }
    names_.insert(name);
  }
  return *this;
}

std::string Expected::list() const {
  std::string text;
  size_t n = 0;
  for (const std::string& name : names_) {
    if (n != 0) text += n + 1 != names_.size() ? ", " : names_.size() == 2 ? " or " : ", or ";
    text += name;
    ++n;
  }
  return text;
}

namespace {

// A line that lacks its semicolon, or has something else for it.
std::optional<Diagnostic> missing_semicolon(const FileTokens& tokens, uint32_t token, const Expected& expected) {
  const source::Span span = tokens.span(token), behind = tokens.behind_previous(token);
  const Token k = tokens.kind(token), next = tokens.kind(token + tokens.glued(token));
  if (token == 0 || tokens.same_line(behind.end, span.begin)) return std::nullopt;
  const bool comma = k == Token::comma || tokens.is_glued(token, ":");
  if (comma && tokens.is(token - 1, Token::close_paren)) return std::nullopt;
  Diagnostic d;
  d.message = "expected `;`, found " + tokens.describe(token);
  if (comma && (next == Token::close_brace || begins_expression(tokens, token + 1))) {
    d.spans.primary = {span};
    d.suggestions.push_back({"change this to `;`",
                             {{{span, ";"}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::hide_code_inline});
    return d;
  }
  const bool begins = k == Token::close_brace || begins_expression(tokens, token) || begins_item(tokens, token);
  if (!begins || k == Token::semi || expected.has("`,`")) return std::nullopt;
  d.spans.primary = {behind};
  d.spans.labels = {{span, "unexpected token"}};
  d.suggestions.push_back({"add `;` here",
                           {{{behind, ";"}}},
                           source::Applicability::machine_applicable,
                           source::SuggestionStyle::hide_code_inline});
  return d;
}

}  // namespace

Diagnostic expected_one_of(const FileTokens& tokens, uint32_t token, const Expected& expected) {
  if (expected.has("`;`"))
    if (auto d = missing_semicolon(tokens, token, expected)) return std::move(*d);
  const source::Span span = tokens.span(token), before = tokens.span(tokens.previous(token));
  Diagnostic d;
  d.spans.primary = {span};
  if (tokens.is_glued(token, "==") && token != 0 && tokens.is(token - 1, Token::ident) && expected.has("`=`")) {
    d.message = "unexpected `==`";
    d.suggestions.push_back({"try using `=` instead", {{{span, "="}}}, source::Applicability::machine_applicable});
    return d;
  }
  const std::string found = tokens.describe(token);
  std::string label;
  source::Span label_at = tokens.behind_previous(token);
  if (expected.empty()) {
    d.message = "unexpected token: " + found;
    label = "unexpected token after this";
    label_at = before;
  } else if (expected.size() == 1) {
    d.message = "expected " + expected.list() + ", found " + found;
    label = "expected " + expected.list();
  } else {
    d.message = "expected one of " + expected.list() + ", found " + found;
    label = "expected one of " +
            (expected.size() > 6 ? std::to_string(expected.size()) + " possible tokens" : expected.list());
  }
  if (tokens.is(token, Token::eof)) label_at = before;
  // In one line with what stands before, the token alone is pointed at.
  if (tokens.same_line(label_at.end, span.begin) && !tokens.is(token, Token::eof)) {
    d.spans.labels = {{span, label}};
  } else if (tokens.is(token, Token::eof)) {
    d.spans.labels = {{span, label}};
  } else {
    d.spans.labels = {{label_at, label}, {span, "unexpected token"}};
  }
  guess_keyword(tokens, token, expected, d);
  return d;
}

}  // namespace rustg::parse
