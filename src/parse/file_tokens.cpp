// Tokens as rustc's parser sees and names them: glued, with their family.
#include <algorithm>

#include "parse/trace.h"

namespace rustg::parse {

uint32_t FileTokens::glued(uint32_t t) const {
  if (!joint(t)) return 1;
  const Token next = kind(t + 1);
  const Token third = joint(t + 1) ? kind(t + 2) : Token::eof;
  switch (kind(t)) {
    case Token::eq: return next == Token::eq || next == Token::gt ? 2 : 1;
    case Token::lt:
      if (next == Token::lt) return third == Token::eq ? 3 : 2;
      return next == Token::eq || next == Token::minus ? 2 : 1;
    case Token::gt:
      if (next == Token::gt) return third == Token::eq ? 3 : 2;
      return next == Token::eq ? 2 : 1;
    case Token::and_: return next == Token::and_ || next == Token::eq ? 2 : 1;
    case Token::or_: return next == Token::or_ || next == Token::eq ? 2 : 1;
    case Token::minus: return next == Token::gt || next == Token::eq ? 2 : 1;
    case Token::colon: return next == Token::colon ? 2 : 1;
    case Token::dot:
      if (next != Token::dot) return 1;
      return third == Token::dot || third == Token::eq ? 3 : 2;
    case Token::bang:
    case Token::plus:
    case Token::star:
    case Token::slash:
    case Token::caret:
    case Token::percent: return next == Token::eq ? 2 : 1;
    default: return 1;
  }
}

source::Span FileTokens::span(uint32_t t) const {
  t = std::min(t, eof());
  if (t == eof() && t > 0) t = previous(t);  // as in rustc, whose eof stands where the last token does
  uint32_t last = t + glued(t) - 1;
  return {starts[t], starts[last] + lengths[last]};
}

uint32_t FileTokens::previous(uint32_t t) const {
  for (uint32_t n : {3u, 2u})
    if (t >= n && glued(t - n) == n) return t - n;
  return t == 0 ? 0 : t - 1;
}

source::Span FileTokens::behind_previous(uint32_t t) const {
  uint32_t end = t == 0 ? map->begin(file) : starts[t - 1] + lengths[t - 1];
  return {end, end};
}

bool FileTokens::same_line(uint32_t from, uint32_t to) const {
  return from > to || map->text(from, to).find('\n') == std::string_view::npos;
}

std::string_view FileTokens::family(uint32_t t) const {
  const Token k = kind(t);
  if (lex::is_doc(k)) return "doc comment";
  if (k == Token::kw_underscore) return "reserved identifier";
  if (!lex::is_keyword(k)) return {};
  if (k == Token::kw_try || k == Token::kw_gen) return "reserved keyword";
  return k >= Token::kw_abstract && k <= Token::kw_yield ? "reserved keyword" : "keyword";
}

std::string FileTokens::describe(uint32_t t) const {
  std::string_view what = family(t);
  std::string text = is(t, Token::eof) ? "`<eof>`" : "`" + std::string(glued_text(t)) + "`";
  return what.empty() ? text : std::string(what) + " " + text;
}

}  // namespace rustg::parse
