#include "lex/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "lex/confusable.h"
#include "lex/diagnose_literal.h"
#include "lex/frontmatter.h"
#include "lex/keyword.h"
#include "lex/lexeme.h"
#include "lex/scan.h"

namespace rustg::lex {

namespace {

using source::Applicability;
using source::Diagnostic;
using source::Span;
using source::SuggestionStyle;

constexpr std::string_view kNumberedLifetime = "lifetimes cannot start with a number";

class Diagnosis {
 public:
  Diagnosis(const source::SourceMap& map, uint32_t file)
      : map_(map), text_{map.host().bytes, map.end(file), Edition(map.edition(file))}, begin_(map.begin(file)) {}

  std::vector<Diagnostic> run() {
    uint32_t pos = shebang_end(text_, begin_);
    Frontmatter f = find_frontmatter(text_, pos);
    if (f.end != f.open) {
      frontmatter(f, pos);
      pos = f.end;
    }
    while (pos < text_.end && !stopped()) pos = token(pos);
    // These rustc keeps until it knows that they are no character literals.
    std::stable_partition(reports_.begin(), reports_.end(),
                          [](const Diagnostic& d) { return d.message != kNumberedLifetime; });
    return std::move(reports_);
  }

 private:
  bool stopped() const { return !reports_.empty() && reports_.back().fatal; }
  std::string text(uint32_t begin, uint32_t end) const { return std::string(map_.text(begin, end)); }
  Diagnostic& report(Span span, std::string message, const char* code = "") {
    return reports_.emplace_back(Diagnostic::at(span, std::move(message), code));
  }
  void fatal(Span span, std::string message, const char* code = "") { report(span, std::move(message), code).fatal = true; }

  // Returns where the next one begins.
  uint32_t token(uint32_t pos) {
    Begin b = begin(text_, pos);
    uint32_t end = b.end;
    if (b.what == Begin::space) return end;
    if (b.what == Begin::unknown || (b.error && !detail::has_text(b.kind) && text_.bytes[pos] >= 0x80)) return unknown(pos);
    bool terminated = true;
    if (b.inside.kind != Inside::code) {
      Inside inside = b.inside;
      end = close(text_, b.end, text_.end, inside);
      terminated = inside.kind == Inside::code || b.inside.kind == Inside::line;
    }
    forget_lifetime(b);
    if (b.what == Begin::comment || is_doc(b.kind)) {
      if (!terminated) unterminated_comment(pos, end, b.what == Begin::token);
      else if (b.what == Begin::token) doc_comment(pos, b.kind, b.inside.kind == Inside::block ? end - 2 : end);
      return end;
    }
    if (b.kind == TokenKind::ident) {
      ident(pos, end, b);
      return end;
    }
    if (b.kind == TokenKind::lifetime) {
      lifetime(pos, end, b);
      return end;
    }
    if (!is_literal(b.kind)) return end;
    for (uint32_t n = b.guard; n != 0 && text_.bytes[end] == '#'; --n) ++end;
    uint32_t suffix = b.takes_suffix && terminated ? suffix_end(text_, end) : end;
    literal(pos, b, end, terminated, suffix);
    if (suffix == end + 1 && text_.bytes[end] == '_') report({end, suffix}, "underscore literal suffix is not allowed");
    return suffix;
  }

  // A quote further on is no longer taken for the end of what a lifetime seemed to begin.
  void forget_lifetime(const Begin& b) {
    if (b.what == Begin::comment || is_doc(b.kind) || b.kind == TokenKind::semi || b.kind == TokenKind::close_paren ||
        b.kind == TokenKind::close_brace || b.kind == TokenKind::close_bracket)
      last_lifetime_.reset();
  }

  uint32_t unknown(uint32_t pos) {
    uint32_t c = decode_utf8(text_.bytes + pos), length = utf8_length(text_.bytes[pos]), end = pos + length, repeats = 0;
    if (c == 0xa0 && std::exchange(met_nbsp_, true)) return end;
    for (; end < text_.end && decode_utf8(text_.bytes + end) == c; end += length) ++repeats;
    std::string escaped = escaped_character(c);
    Diagnostic& r = report({pos, end}, fmt::format("unknown start of token: {}", escaped));
    if (const uint32_t at = kConfusables.find(c); at != ConfusableTable::kCount) confusable(r, {pos, end}, at, repeats + 1);
    if (c == 0)
      r.help(
          "source files must contain UTF-8 encoded text, unexpected null bytes might occur when a different encoding "
          "is used");
    if (repeats > 0)
      r.note(repeats == 1 ? "character appears once more" : fmt::format("character appears {} more times", repeats));
    constexpr std::array invisible = {0x200bu, 0x200cu, 0x2060u, 0x2061u, 0x2062u, 0xadu, 0x34fu, 0x61cu};
    if (std::find(invisible.begin(), invisible.end(), c) != invisible.end())
      r.help(fmt::format("invisible characters like '{}' are not usually visible in text editors", escaped));
    return end;
  }

  // `count` characters that look like something else.
  void confusable(Diagnostic& r, Span span, uint32_t at, uint32_t count) {
    static constexpr std::pair<const char*, const char*> meanings[] = {
#define MEANT(name, text, title, kind) {text, title},
#include "lex/confusable.def"
    };
    static constexpr std::pair<const char*, Meant> titles[] = {
#define CONFUSABLE(code_point, title, meant) {title, Meant::meant},
#include "lex/confusable.def"
    };
    const auto [title, meant] = titles[at];
    const auto [meant_text, meant_title] = meanings[uint32_t(meant)];
    const std::string_view left = "\u201c", right = "\u201d";
    const std::string_view rest = map_.text(span.begin, text_.end);
    const size_t closing = rest.starts_with(left) ? rest.find(right, left.size()) : std::string_view::npos;
    if (closing != std::string_view::npos) {
      r.suggest(fmt::format("Unicode characters '{}' (Left Double Quotation Mark) and '{}' (Right Double Quotation Mark) look like '{}' ({}), but are not", left,
                            right, meant_text, meant_title),
                {{{span.begin, uint32_t(span.begin + closing + right.size())}, fmt::format("\"{}\"", rest.substr(left.size(), closing - left.size()))}});
      return;
    }
    std::string instead;
    for (uint32_t i = 0; i < count; ++i) instead += meant_text;
    r.suggest(fmt::format("Unicode character '{}' ({}) looks like '{}' ({}), but it is not", rest.substr(0, utf8_length(uint8_t(rest[0]))), title, meant_text,
                          meant_title),
              {{span, instead}});
  }

  void unknown_prefix(uint32_t pos, uint32_t end) {
    if (text_.edition < Edition::e2021) return;
    std::string prefix = text(pos, end);
    Diagnostic& r = report({pos, end}, fmt::format("prefix `{}` is unknown", prefix));
    r.label("unknown prefix");
    r.note("prefixed identifiers and literals are reserved since Rust 2021");
    const uint8_t* p = text_.bytes + end;
    if (prefix == "rb") {
      r.suggest("use `br` for a raw byte string", {{{pos, end}, "br"}});
    } else if (prefix == "rc") {
      r.suggest("use `cr` for a raw C-string", {{{pos, end}, "cr"}});
    } else if (p[0] == '\'' && last_lifetime_ && p[2] != '\'' && text(*last_lifetime_, end).find('\n') == std::string::npos) {
      r.suggest("if you meant to write a string literal, use double quotes",
                {{{*last_lifetime_, *last_lifetime_ + 1}, "\""}, {{end, end + 1}, "\""}});
    } else {
      r.suggest("consider inserting whitespace here", {{{end, end}, " "}});
    }
  }

  // Words that name a place in the module tree cannot be raw.
  bool can_be_raw(uint32_t pos, uint32_t end) const {
    std::string_view name = map_.text(pos, end);
    return name != "_" && name != "self" && name != "Self" && name != "super" && name != "crate";
  }

  void ident(uint32_t pos, uint32_t end, const Begin& b) {
    if (b.flags & kRaw) {
      if (!can_be_raw(pos + 2, end))
        report({pos, end}, fmt::format("`{}` cannot be a raw identifier", text(pos + 2, end)));
    } else if (b.error) {
      unknown_prefix(pos, end);
    }
  }

  void lifetime(uint32_t pos, uint32_t end, const Begin& b) {
    if (b.flags & kRaw) {
      last_lifetime_ = pos;
      if (text_.bytes[end] == '\'') literal_errors(map_, TokenKind::char_, {pos, end + 1}, {pos + 1, end}, reports_);
      if (!can_be_raw(pos + 3, end)) report({pos, end}, fmt::format("`{}` cannot be a raw lifetime", text(pos + 3, end)));
      return;
    }
    if (b.error && text_.bytes[end] == '#' && !is_digit(text_.bytes[pos + 1])) unknown_prefix(pos, end);
    last_lifetime_ = pos;
    if (is_digit(text_.bytes[pos + 1])) report({pos, end}, std::string(kNumberedLifetime));
  }

  void literal(uint32_t pos, const Begin& b, uint32_t end, bool terminated, uint32_t suffix) {
    switch (b.kind) {
      case TokenKind::integer:
      case TokenKind::float_: return number(pos, b.kind, end, suffix);
      case TokenKind::guarded_str: return guarded(pos, b, end, terminated, suffix);
      case TokenKind::raw_str: return raw_string(pos, b, 1, end, terminated);
      case TokenKind::raw_byte_str:
      case TokenKind::raw_c_str: return raw_string(pos, b, 2, end, terminated);
      default: break;
    }
    bool prefixed = b.kind != TokenKind::char_ && b.kind != TokenKind::str;
    if (!terminated) return unterminated(pos, prefixed ? pos + 1 : pos, b.kind, end);
    literal_errors(map_, b.kind, {pos, end}, {pos + 1 + prefixed, end - 1}, reports_);
  }

  void unterminated(uint32_t pos, uint32_t from, TokenKind kind, uint32_t end) {
    switch (kind) {
      case TokenKind::char_: {
        fatal({from, end}, "unterminated character literal", "E0762");
        if (last_lifetime_)
          reports_.back().suggest("if you meant to write a string literal, use double quotes",
                                  {{{*last_lifetime_, *last_lifetime_ + 1}, "\""}, {{pos, pos + 1}, "\""}});
        return;
      }
      case TokenKind::byte: return fatal({from, end}, "unterminated byte constant", "E0763");
      case TokenKind::str: return fatal({from, end}, "unterminated double quote string", "E0765");
      case TokenKind::byte_str: return fatal({from, end}, "unterminated double quote byte string", "E0766");
      default: return fatal({from, end}, "unterminated C string", "E0767");
    }
  }

  void raw_string(uint32_t pos, const Begin& b, uint32_t prefix, uint32_t end, bool terminated) {
    uint32_t hashes = 0;
    while (text_.bytes[pos + prefix + hashes] == '#') ++hashes;
    uint32_t quote = pos + prefix + hashes;
    if (text_.bytes[quote] != '"') {
      uint32_t c = quote < text_.end ? decode_utf8(text_.bytes + quote) : 0;
      return fatal({pos, end}, "found invalid character; only `#` is allowed in raw string delimitation: " + escaped_character(c));
    }
    if (!terminated) {
      fatal({pos, pos}, "unterminated raw string", "E0748");
      Diagnostic& r = reports_.back();
      r.label("unterminated raw string");
      if (hashes > 0) r.note(fmt::format("this raw string should be terminated with `\"{}`", std::string(hashes, '#')));
      // The longest run of hashes behind a quote may have been meant to end it.
      uint32_t most = 0, at = 0;
      for (uint32_t i = quote + 1; i < text_.end; ++i) {
        if (text_.bytes[i] != '"') continue;
        uint32_t n = 0;
        while (n < hashes && text_.bytes[i + 1 + n] == '#') ++n;
        if (n > most) most = n, at = i + 1;
      }
      if (most > 0)
        r.suggest("consider terminating the string here", {{{at, at + most}, std::string(hashes, '#')}},
                  Applicability::maybe_incorrect, SuggestionStyle::show_code);
      return;
    }
    if (hashes > 255)
      return fatal({pos, end}, fmt::format("too many `#` symbols: raw strings may be delimited by up to 255 `#` symbols, but found {}", hashes));
    literal_errors(map_, b.kind, {pos, end}, {quote + 1, end - 1 - hashes}, reports_);
  }

  void guarded(uint32_t pos, const Begin& b, uint32_t end, bool terminated, uint32_t suffix) {
    if (b.guard != 0 && !terminated) return fatal({pos + b.guard, end}, "unterminated double quote string", "E0765");
    Diagnostic& r = b.guard != 0 ? report({pos, suffix}, "invalid string literal")
                                 : report({pos, end}, "reserved multi-hash token is forbidden");
    r.note(b.guard != 0 ? "unprefixed guarded string literals are reserved for future use since Rust 2024"
                        : "sequences of two or more # are reserved for future use since Rust 2024");
    r.suggest("consider inserting whitespace here", {{{pos + 1, pos + 1}, " "}});
  }

  void number(uint32_t pos, TokenKind kind, uint32_t end, uint32_t suffix) {
    uint8_t letter = text_.bytes[pos] == '0' ? text_.bytes[pos + 1] : 0;
    uint32_t base = letter == 'b' ? 2 : letter == 'o' ? 8 : letter == 'x' ? 16 : 10;
    std::string digits = text(pos + (base == 10 ? 0 : 2), end);
    if (kind == TokenKind::integer) {
      if (base == 10) return;
      if (std::all_of(digits.begin(), digits.end(), [](char c) { return c == '_'; })) {
        report({pos, end}, "no valid digits found for number", "E0768");
      } else if (base < 10) {
        for (uint32_t i = 0; i < digits.size(); ++i) {
          if (digits[i] != '_' && uint32_t(digits[i] - '0') >= base)
            report({pos + 2 + i, pos + 3 + i}, fmt::format("invalid digit for a base {} literal", base));
        }
      }
      return;
    }
    size_t e = base == 16 ? std::string::npos : digits.find_first_of("eE");
    if (base == 16) {
      size_t dot = digits.find('.');
      if (dot != std::string::npos) e = digits.find_first_of("eE", dot);
    }
    if (e != std::string::npos && digits.find_first_of("0123456789", e) == std::string::npos)
      report({pos, suffix}, "expected at least one digit in exponent");
    if (base != 10)
      report({pos, end}, fmt::format("{} float literal is not supported", base == 16 ? "hexadecimal" : base == 8 ? "octal" : "binary"));
  }

  void doc_comment(uint32_t pos, TokenKind kind, uint32_t end) {
    bool block = kind == TokenKind::inner_block_doc || kind == TokenKind::outer_block_doc;
    for (uint32_t i = pos + 3; i < end; ++i) {
      if (text_.bytes[i] == '\r') report({i, i + 1}, fmt::format("bare CR not allowed in {}doc-comment", block ? "block " : ""));
    }
  }

  void unterminated_comment(uint32_t pos, uint32_t end, bool doc) {
    std::string message = doc ? "unterminated block doc-comment" : "unterminated block comment";
    fatal({pos, end}, message, "E0758");
    // The last comment that was closed may have been meant to be all there is.
    std::vector<uint32_t> open;
    Span last;  // from its /* to its */; empty: none
    const uint8_t* p = text_.bytes;
    for (uint32_t i = pos; i + 1 < end; ++i) {
      if (p[i] == '/' && p[i + 1] == '*') {
        open.push_back(i);
      } else if (p[i] == '*' && p[i + 1] == '/') {
        last = {};
        if (!open.empty()) {
          last = {open.back(), i};
          open.pop_back();
        }
      }
    }
    if (last.end == 0) return;
    reports_.back()
        .label({pos, pos + 2}, message)
        .label({last.begin, last.begin + 2},
               "...as last nested comment starts here, maybe you want to close this instead?")
        .label({last.end, last.end + 2}, "...and last nested comment terminates here.");
  }

  void frontmatter(const Frontmatter& f, uint32_t from) {
    uint32_t open_end = f.open + f.dashes;
    if (f.bad_preceding) {
      uint32_t line = f.open;
      while (line > from && text_.bytes[line - 1] != '\n') --line;
      report({line, open_end}, "invalid preceding whitespace for frontmatter opening")
          .note({line, f.open}, "frontmatter opening should not be preceded by whitespace");
    }
    uint32_t first_line_end = std::min(f.end, detail::line_end(text_, f.open));
    if (f.bad_infostring)
      report({open_end, first_line_end}, "invalid infostring for frontmatter")
          .note("frontmatter infostrings must be a single identifier immediately following the opening");
    if (f.bare_cr != 0) report({f.bare_cr, f.bare_cr + 1}, "bare CR not allowed in frontmatter");
    if (f.unclosed) {
      report({f.open, f.end}, "unclosed frontmatter")
          .note({f.open, open_end}, "frontmatter opening here was not closed");
      return;
    }
    if (f.bad_closing)
      report({f.last_line, f.end}, "invalid preceding whitespace for frontmatter close")
          .note({f.last_line, f.close}, "frontmatter close should not be preceded by whitespace");
    if (f.mismatch)
      report({f.open, f.end}, "frontmatter close does not match the opening")
          .label({f.open, open_end}, fmt::format("the opening here has {} dashes...", f.dashes))
          .label({f.last_line, f.last_line + f.close_dashes},
                 fmt::format("...while the close has {} dashes", f.close_dashes));
    if (f.dashes > 255)
      reports_.push_back(
          {.message = fmt::format(
               "too many `-` symbols: frontmatter openings may be delimited by up to 255 `-` symbols, but found {}",
               f.dashes)});
    if (f.extra) report({f.last_line, f.end}, "extra characters after frontmatter close are not allowed");
  }

  const source::SourceMap& map_;
  Text text_;
  uint32_t begin_;
  std::vector<Diagnostic> reports_;
  std::optional<uint32_t> last_lifetime_;  // the quote of the last one
  bool met_nbsp_ = false;
};

}  // namespace

std::vector<Diagnostic> diagnose(const source::SourceMap& map, uint32_t file) { return Diagnosis(map, file).run(); }

}  // namespace rustg::lex
