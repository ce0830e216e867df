#include "parse/misspelled.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <string>

#include "parse/tail.h"
#include "source/display.h"

namespace rustg::parse {

namespace {

using source::Applicability;
using source::Diagnostic;
using source::Span;
using source::SuggestionStyle;

// Insertions, deletions, substitutions and swaps of neighbours from one word to another, if there are no more than `most`.
std::optional<size_t> edit_distance(std::string_view a, std::string_view b, size_t most) {
  constexpr size_t kFar = std::numeric_limits<size_t>::max() / 2;
  std::vector<size_t> before(b.size() + 1, kFar), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()] <= most ? std::optional(last[b.size()]) : std::nullopt;
}

std::string lower_case(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  return out;
}

struct Keyword {
  std::string_view text;
  Token kind;
  int edition;
};
constexpr Keyword kKeywords[] = {
#define KEYWORD(name, text, edition) {text, Token::name, edition},
#include "lex/token.def"
};
bool is_known(const Keyword& k, lex::Edition edition) { return (k.edition - 2015) / 3 <= int(edition); }
// A word that is more than reserved.
bool is_used(Token k, lex::Edition edition) {
  const bool conditional = k == Token::kw_async || k == Token::kw_await || k == Token::kw_dyn;
  return (k >= Token::kw_as && k <= Token::kw_while) || (conditional && edition >= lex::Edition::e2018);
}

// The one of `candidates` that `word` seems to be, and whether it only lacks its case.
std::optional<std::pair<std::string_view, bool>> similar(std::string_view word,
                                                         const std::vector<std::string_view>& candidates) {
  const std::string lower = lower_case(word);
  for (std::string_view c : candidates)
    if (c == lower) return std::pair{c, true};
  for (std::string_view c : candidates)
    if (lower_case(c) == lower) return std::pair{c, false};
  size_t most = std::max<size_t>(source::characters(word), 3) / 3;
  std::optional<std::string_view> best;
  for (std::string_view c : candidates) {
    const auto distance = edit_distance(word, c, most);
    if (!distance) continue;
    if (*distance == 0) return std::pair{c, false};
    most = *distance - 1;
    best = c;
  }
  if (!best) return {};
  return std::pair{*best, false};
}

bool is_word(const FileTokens& t, uint32_t token) {
  return t.is(token, Token::ident) || lex::is_keyword(t.kind(token));
}

void suggest_keyword(const FileTokens& t, uint32_t token, std::pair<std::string_view, bool> keyword, Diagnostic& d) {
  d.suggest(keyword.second ? fmt::format("write keyword `{}` in lowercase", keyword.first)
                           : fmt::format("there is a keyword `{}` with a similar name", keyword.first),
            {{t.span(token), std::string(keyword.first)}}, Applicability::machine_applicable);
}

void guess_misspelled(const FileTokens& t, uint32_t token, const Expected& expected, Diagnostic& d) {
  if (!is_word(t, token)) return;
  // Of what was expected rustc looks at the last ten.
  std::vector<std::string_view> wanted, all;
  for (std::string_view name : expected.last(10)) {
    for (const Keyword& k : kKeywords)
      if (name.size() == k.text.size() + 2 && name.substr(1, k.text.size()) == k.text) wanted.push_back(k.text);
  }
  if (!wanted.empty() && !is_used(t.kind(token), t.edition)) {
    if (const auto keyword = similar(t.text(token), wanted)) return suggest_keyword(t, token, *keyword, d);
  }
  if (token == 0 || !is_word(t, token - 1) || is_used(t.kind(token - 1), t.edition)) return;
  for (const Keyword& k : kKeywords)
    if (is_used(k.kind, t.edition)) all.push_back(k.text);
  if (const auto keyword = similar(t.text(token - 1), all)) suggest_keyword(t, token - 1, *keyword, d);
}

}  // namespace

void guess_keyword(const FileTokens& t, uint32_t token, const Expected& expected, Diagnostic& d) {
  if (token != 0 && is_word(t, token - 1)) {
    const std::string_view word = t.text(token - 1);
    const Span span = t.span(token - 1);
    for (std::string_view function : {"def", "fun", "func", "function"})
      if (word == function)
        d.suggest(fmt::format("write `fn` instead of `{}` to declare a function", word), {{span, "fn"}},
                  Applicability::machine_applicable, SuggestionStyle::hide_code_inline);
    if (is_word(t, token)) {
      const std::string both = std::string(word) + std::string(t.text(token));
      for (const Keyword& k : kKeywords)
        if (k.text == both && is_known(k, t.edition))
          d.suggest(fmt::format("consider removing the space to spell keyword `{}`", both),
                    {{{span.begin, t.span(token).end}, both}}, Applicability::machine_applicable);
    }
    if (word == "public" && (begins_item(t, token) || t.is(token, Token::open_paren)))
      d.suggest("write `pub` instead of `public` to make the item public", {{span, "pub"}},
                Applicability::machine_applicable, SuggestionStyle::hide_code_inline);
  }
  if (d.suggestions.empty()) guess_misspelled(t, token, expected, d);
}

}  // namespace rustg::parse
