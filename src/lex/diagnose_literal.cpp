#include "lex/diagnose_literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lex/literal.h"
#include "lex/nfc.h"
#include "source/display.h"

namespace rustg::lex {

std::string escaped_character(uint32_t c) {
  if (c >= 0x20 && c <= 0x7e) return std::string(1, char(c));
  if (c == '\t') return "\\t";
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  return fmt::format("\\u{{{:x}}}", c);
}

namespace {

#define RUSTG_TABLE(type, name, size) constexpr type name[size]
#include "lex/mark_tables.inc"
#undef RUSTG_TABLE

using source::Applicability;
using source::Diagnostic;
using source::Span;
using source::SuggestionStyle;

// As char::escape_default.
std::string escape_default(uint32_t c) {
  return c == '\\' || c == '\'' || c == '"' ? fmt::format("\\{}", char(c)) : escaped_character(c);
}

std::string escape_default(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) out += escape_default(source::next_character(text, i));
  return out;
}

bool is_combining_mark(uint32_t c) {
  const auto last = std::lower_bound(std::begin(kMarkLast), std::end(kMarkLast), c);
  return last != std::end(kMarkLast) && kMarkFirst[last - std::begin(kMarkLast)] <= c;
}
// Takes no room on a line; control characters are not shown.
bool has_no_width(uint32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0) || source::display_width(c) == 0; }

// As char's Debug.
std::string quoted(uint32_t c) {
  if (has_no_width(c) || c == '\'' || c == '\\') return fmt::format("'{}'", c == 0 ? "\\0" : escape_default(c));
  std::string out = "'";
  source::append_utf8(out, c);
  return out + "'";
}

class Literal {
 public:
  Literal(const source::SourceMap& map, TokenKind kind, Span literal, Span content, std::vector<Diagnostic>& reports)
      : map_(map),
        p_(map.host().bytes),
        kind_(kind),
        literal_(literal),
        content_(content),
        reports_(reports),
        rules_(content_of(kind)) {}

  void check() {
    if (rules_.one) return check_one();
    for (uint32_t i = content_.begin; i < content_.end;) {
      uint32_t c = decode_utf8(p_ + i), length = utf8_length(p_[i]);
      Span here{i, i + length};
      if (c == '\\' && rules_.escapes) {
        if (i + 1 < content_.end && p_[i + 1] == '\n') {
          i = skip_lines(i);
        } else {
          uint32_t end = i + 1;
          escape(i, end);
          i = end;
        }
        continue;
      }
      if (c == '\r')
        bare_cr(here);
      else if (c >= 0x80 && !rules_.unicode)
        non_ascii(here, c);
      else if (c == 0 && !rules_.nul)
        nul(here);
      i += length;
    }
  }

 private:
  Diagnostic& report(Span span, std::string message) {
    return reports_.emplace_back(Diagnostic::at(span, std::move(message)));
  }
  bool is_byte() const { return kind_ == TokenKind::byte || kind_ == TokenKind::byte_str; }
  Span last_character(Span span) const {
    uint32_t at = span.end - 1;
    while (at > span.begin && (p_[at] & 0xc0) == 0x80) --at;
    return {at, span.end};
  }

  // The first thing that is wrong with a character or byte literal.
  void check_one() {
    uint32_t i = content_.begin;
    if (i == content_.end) {
      report(content_, "empty character literal").label("empty character literal");
      return;
    }
    uint32_t c = decode_utf8(p_ + i), end = i + utf8_length(p_[i]);
    size_t before = reports_.size();
    if (c == '\\') {
      end = i + 1;
      escape(i, end);
      if (reports_.size() != before) return;
    } else if (c == '\n' || c == '\t' || c == '\'') {
      Diagnostic& r = report({i, end}, fmt::format("{} constant must be escaped: `{}`",
                                                   is_byte() ? "byte" : "character", escaped_character(c)));
      r.suggest("escape the character", {{{i, end}, escape_default(c)}}, Applicability::machine_applicable);
      return;
    } else if (c == '\r') {
      return bare_cr({i, end});
    } else if (c >= 0x80 && !rules_.unicode) {
      return non_ascii({i, end}, c);
    }
    if (end < content_.end) more_than_one();
  }

  uint32_t last(Span span) const { return decode_utf8(p_ + last_character(span).begin); }

  void more_than_one() {
    Diagnostic& r = report(literal_, "character literal may only contain one codepoint");
    const std::string_view text = map_.text(content_.begin, content_.end);
    size_t behind_first = 0;
    source::next_character(text, behind_first);
    const std::string_view rest = text.substr(behind_first);
    uint32_t marks = 0, others = 0;
    for (size_t i = 0; i < rest.size();) ++(is_combining_mark(source::next_character(rest, i)) ? marks : others);
    if (others == 0) {
      r.note(content_, fmt::format("this `{}` is followed by the combining {} `{}`", text.substr(0, behind_first), marks == 1 ? "mark" : "marks",
                                   escape_default(rest)));
      std::string normal;
      for (Nfc n(p_ + content_.begin, p_ + content_.end); !n.done(); n.next()) source::append_utf8(normal, n.get());
      if (source::characters(normal) == 1) {
        r.suggest(fmt::format("consider using the normalized form `{}` of this character", escape_default(normal)), {{content_, normal}},
                  Applicability::machine_applicable);
        return;
      }
    } else {
      std::string printable;
      for (size_t i = 0; i < text.size();) {
        const char32_t c = source::next_character(text, i);
        if (!has_no_width(c) && !source::is_white_space(c)) source::append_utf8(printable, c);
      }
      if (source::characters(printable) == 1) {
        r.note(content_, fmt::format("there are non-printing characters, the full sequence is `{}`", escape_default(text)));
        r.suggest("consider removing the non-printing characters", {{content_, printable}});
        return;
      }
    }
    use_double_quotes(r);
  }

  void use_double_quotes(Diagnostic& r) {
    const char* prefix = kind_ == TokenKind::byte ? "b" : "";
    std::string text = fmt::format("if you meant to write a {}string literal, use double quotes", kind_ == TokenKind::byte ? "byte " : "");
    std::string escaped;
    bool in_escape = false;
    for (char c : map_.text(content_.begin, content_.end)) {
      if (c == '\\')
        in_escape = !in_escape;
      else {
        if (c == '"' && !in_escape) escaped += '\\';
        in_escape = false;
      }
      escaped += c;
    }
    if (escaped.size() != content_.end - content_.begin)
      r.suggest(text, {{literal_, fmt::format("{}\"{}\"", prefix, escaped)}}, Applicability::machine_applicable);
    else
      r.suggest(text,
                {{{literal_.begin, content_.begin}, fmt::format("{}\"", prefix)}, {{content_.end, literal_.end}, "\""}},
                Applicability::machine_applicable);
  }

  void bare_cr(Span span) {
    if (!rules_.escapes) {
      report(span, "bare CR not allowed in raw string");
      return;
    }
    Diagnostic& r = report(span, rules_.one ? "character constant must be escaped: `\\r`"
                                            : "bare CR not allowed in string, use `\\r` instead");
    r.suggest("escape the character", {{span, "\\r"}}, Applicability::machine_applicable);
  }

  void nul(Span span) { report(span, "null characters in C string literals are not supported"); }

  void non_ascii(Span span, uint32_t c) {
    const char* what = kind_ == TokenKind::byte ? "byte literal" : kind_ == TokenKind::byte_str ? "byte string literal" : "raw byte string literal";
    Span at = last_character(span);
    Diagnostic& r = report(at, fmt::format("non-ASCII character in {}", what));
    r.label(has_no_width(c) ? fmt::format("must be ASCII but is {}", quoted(c)) : "must be ASCII");
    std::string character(map_.text(at.begin, at.end));
    if (kind_ == TokenKind::raw_byte_str) return;
    if (c <= 0xff) {
      r.suggest(fmt::format("if you meant to use the unicode code point for {}, use a \\xHH escape", quoted(c)),
                {{at, fmt::format("\\x{:X}", c)}}, Applicability::maybe_incorrect, SuggestionStyle::show_code);
    } else if (kind_ == TokenKind::byte) {
      r.label("this multibyte character does not fit into a single byte");
    } else {
      std::string bytes;
      for (char b : character) bytes += fmt::format("\\x{:X}", uint8_t(b));
      r.suggest(fmt::format("if you meant to use the UTF-8 encoding of {}, use \\xHH escapes", quoted(c)),
                {{at, bytes}}, Applicability::maybe_incorrect, SuggestionStyle::show_code);
    }
  }

  // Behind a backslash at the end of a line.
  uint32_t skip_lines(uint32_t backslash) {
    uint32_t i = backslash + 2, lines = 0;
    for (; i < content_.end && (p_[i] == ' ' || p_[i] == '\t' || p_[i] == '\n' || p_[i] == '\r'); ++i) lines += p_[i] == '\n';
    if (lines != 0) {
      Diagnostic& r = report({backslash, i}, "multiple lines skipped by escaped newline");
      r.label("skipping everything up to and including this point");
      r.level = source::Level::warning;
    }
    if (i < content_.end) {
      const uint32_t c = decode_utf8(p_ + i), end = i + utf8_length(p_[i]);
      if (source::is_white_space(c)) {
        const std::string text = fmt::format("whitespace symbol '{}' is not skipped", escaped_character(c));
        Diagnostic& r = report({backslash, end}, text);
        r.label({i, end}, text);
        r.level = source::Level::warning;
      }
    }
    return i;
  }

  // Moves `end` to behind what the escape at `begin` consists of, as far as it was looked at.
  void escape(uint32_t begin, uint32_t& end) {
    auto whole = [&] { return Span{begin, end}; };
    auto next = [&]() -> int64_t {
      if (end >= content_.end) return -1;
      int64_t c = decode_utf8(p_ + end);
      end += utf8_length(p_[end]);
      return c;
    };
    int64_t c = next();
    switch (c) {
      case -1: report(whole(), "invalid trailing slash in literal").label("invalid trailing slash in literal"); return;
      case 'n': case 'r': case 't': case '\\': case '\'': case '"': return;
      case '0':
        if (!rules_.nul) nul(whole());
        return;
      case 'x': return hex(begin, end, next, whole);
      case 'u': return unicode(end, next, whole);
      default: return invalid(whole());
    }
  }

  template <class Next, class Whole>
  void hex(uint32_t begin, uint32_t end, Next next, Whole whole) {
    uint32_t value = 0;
    for (int digit = 0; digit < 2; ++digit) {
      int64_t c = next();
      if (c < 0) {
        report(whole(), "numeric character escape is too short");
        return;
      }
      if (c > 127 || !is_hex(uint32_t(c))) return bad_digit(whole(), "numeric character");
      value = value * 16 + uint32_t(is_digit(uint32_t(c)) ? c - '0' : (c | 32) - 'a' + 10);
    }
    if (value == 0 && !rules_.nul) return nul(whole());
    if (value <= 0x7f || rules_.bytes) return;
    Diagnostic& r = report(whole(), "out of range hex escape");
    r.label("must be a character in the range [\\x00-\\x7f]");
    if (content_.end - content_.begin <= 4) {
      r.help(fmt::format("if you want to write a byte literal, use `b'{}'`", map_.text(begin, end + 2)));
      r.help(fmt::format("if you want to write a Unicode character, use `'\\u{{{:X}}}'`", value));
    }
  }

  template <class Next, class Whole>
  void unicode(uint32_t& end, Next next, Whole whole) {
    if (next() != '{') return no_brace(whole(), end);
    int64_t c = next();
    if (c < 0) return unclosed(whole());
    if (c == '_') {
      Span span = whole();
      report(last_character(span), "invalid start of unicode escape: `_`").label("invalid start of unicode escape");
      return;
    }
    if (c == '}') {
      report(whole(), "empty unicode escape").label("this escape must have at least 1 hex digit");
      return;
    }
    uint64_t value = 0;
    uint32_t digits = 0;
    for (;; c = next()) {
      if (c < 0) return unclosed(whole());
      if (c == '_') continue;
      if (c == '}') break;
      if (c > 127 || !is_hex(uint32_t(c))) return bad_digit(whole(), "unicode");
      if (++digits <= 6) value = value * 16 + uint64_t(is_digit(uint32_t(c)) ? c - '0' : (c | 32) - 'a' + 10);
    }
    if (digits > 6) {
      report(whole(), "overlong unicode escape").label("must have at most 6 hex digits");
    } else if (is_byte()) {
      Diagnostic& r = report(whole(), "unicode escape in byte string");
      r.label("unicode escape in byte string");
      r.help("unicode escape sequences cannot be used as a byte or in a byte string");
    } else if (value > 0x10ffff || value >> 11 == 0x1b) {
      Diagnostic& r = report(whole(), "invalid unicode character escape");
      r.label("invalid escape");
      r.help(value > 0x10ffff ? "unicode escape must be at most 10FFFF" : "unicode escape must not be a surrogate");
    } else if (value == 0 && !rules_.nul) {
      nul(whole());
    }
  }

  void unclosed(Span span) {
    Diagnostic& r = report(span, "unterminated unicode escape");
    r.label("missing a closing `}`");
    r.suggest("terminate the unicode escape", {{{span.end, span.end}, "}"}});
  }

  void no_brace(Span span, uint32_t end) {
    Diagnostic& r = report(span, "incorrect unicode escape sequence");
    // The digits that seem to be meant begin with what stands in the brace's place.
    uint32_t from = last_character({span.begin, end}).begin, to = from;
    while (to < content_.end && to - from < 6 && is_hex(p_[to])) ++to;
    if (to > from) {
      r.suggest("format of unicode escape sequences uses braces",
                {{{span.begin, to}, fmt::format("\\u{{{}}}", map_.text(from, to))}});
    } else {
      r.label("incorrect unicode escape sequence");
      r.help("format of unicode escape sequences is `\\u{...}`");
    }
  }

  void bad_digit(Span span, const char* what) {
    Diagnostic& r = report(last_character(span),
                           fmt::format("invalid character in {} escape: `{}`", what, escaped_character(last(span))));
    r.label(fmt::format("invalid character in {} escape", what));
  }

  void invalid(Span span) {
    uint32_t c = last(span);
    const char* label = is_byte() ? "unknown byte escape" : "unknown character escape";
    Diagnostic& r = report(last_character(span), fmt::format("{}: `{}`", label, escaped_character(c)));
    r.label(label);
    if (c == '{' || (c == '}' && kind_ == TokenKind::str)) {
      r.help("if used in a formatting string, curly braces are escaped with `{{` and `}}`");
    } else if (c == '\r') {
      r.help("this is an isolated carriage return; consider checking your editor and version control settings");
    } else {
      if (kind_ == TokenKind::str || kind_ == TokenKind::char_)
        r.suggest(
            "if you meant to write a literal backslash (perhaps escaping in a regular expression), consider a raw "
            "string literal",
            {{literal_, fmt::format("r\"{}\"", map_.text(content_.begin, content_.end))}},
            Applicability::maybe_incorrect, SuggestionStyle::show_code);
      r.help("for more information, visit <https://doc.rust-lang.org/reference/tokens.html#literals>");
    }
  }

  const source::SourceMap& map_;
  const uint8_t* p_;
  TokenKind kind_;
  Span literal_, content_;
  std::vector<Diagnostic>& reports_;
  Content rules_;
};

}  // namespace

void literal_errors(const source::SourceMap& map, TokenKind kind, Span literal, Span content,
                    std::vector<Diagnostic>& reports) {
  Literal(map, kind, literal, content, reports).check();
}

}  // namespace rustg::lex
