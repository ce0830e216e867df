#include "parse/diagnose_brackets.h"

#include <algorithm>
#include <string>

#include "parse/trace.h"

namespace rustg::parse {

namespace {

using Token = lex::TokenKind;
using source::Diagnostic;
using source::Label;
using source::Span;

Token closing(Token open) { return Token(uint8_t(open) + 1); }

// How many openings an unclosed file names one by one.
constexpr size_t kMostUnclosed = 5;

class Brackets {
 public:
  Brackets(const source::SourceMap& map, uint32_t file, std::span<const uint8_t> kinds,
           std::span<const uint32_t> starts)
      : map_(map), file_(file), kinds_(kinds), starts_(starts) {}

  std::vector<Diagnostic> run() {
    uint32_t last = uint32_t(kinds_.size() - 1);
    for (uint32_t i = 0; i != last; ++i) {
      Token k = Token(kinds_[i]);
      if (opens(k)) {
        open_.push_back(i);
      } else if (closes(k)) {
        if (!close(i)) return std::move(reports_);
      }
    }
    if (!open_.empty()) unclosed(last);
    return std::move(reports_);
  }

 private:
  struct Pair {
    uint32_t open, close;  // offsets in the source
  };
  // A closing bracket that does not fit the innermost open one.
  struct Mismatch {
    Token close;
    Span found, unclosed;
  };

  Token kind(uint32_t token) const { return Token(kinds_[token]); }
  Span span(uint32_t token) const { return {starts_[token], starts_[token] + (kind(token) == Token::eof ? 0u : 1u)}; }

  // White space in front of the first other character of the line, or of `offset`.
  size_t margin(uint32_t offset) const {
    uint32_t line = map_.line_begin(file_, map_.position(file_, offset).line);
    std::string_view before = map_.text(line, offset);
    return std::min(before.find_first_not_of(" \t\v\f\r"), before.size());
  }

  // False: the bracket closes nothing, and nothing behind it is looked at.
  bool close(uint32_t token) {
    Token k = kind(token);
    bool reported = false;
    while (!open_.empty()) {
      uint32_t open = open_.back();
      if (closing(kind(open)) == k) {
        pair(open, token);
        open_.pop_back();
        return true;
      }
      if (!reported) mismatched(token);
      reported = true;
      open_.pop_back();
      // One that closes nothing further out stands for the one that was meant.
      if (std::none_of(open_.begin(), open_.end(), [&](uint32_t o) { return closing(kind(o)) == k; })) return true;
    }
    unexpected(token);
    return false;
  }

  void pair(uint32_t open, uint32_t close) {
    if (kind(open) != Token::open_brace) return;
    Pair p{starts_[open], starts_[close]};
    if (open + 1 == close && map_.position(file_, p.open).line == map_.position(file_, p.close).line)
      empty_.push_back(p);
    pairs_.push_back(p);
  }

  void mismatched(uint32_t token) {
    uint32_t open = open_.back();
    Diagnostic d;
    d.message = std::string("mismatched closing delimiter: `") + std::string(lex::text(kind(token))) + "`";
    d.spans.primary = {span(open), span(token)};
    d.spans.labels.push_back({span(token), "mismatched closing delimiter"});
    const uint32_t* candidate = nullptr;
    for (const uint32_t& o : open_)
      if (closing(kind(o)) == kind(token) && margin(starts_[o]) == margin(starts_[token])) candidate = &o;
    if (candidate) d.spans.labels.push_back({span(*candidate), "closing delimiter possibly meant for this"});
    d.spans.labels.push_back({span(open), "unclosed delimiter"});
    reports_.push_back(std::move(d));
    mismatches_.push_back({kind(token), span(token), span(open)});
  }

  void unexpected(uint32_t token) {
    Diagnostic d;
    d.message = std::string("unexpected closing delimiter: `") + std::string(lex::text(kind(token))) + "`";
    d.spans.primary = {span(token)};
    // Those that were reported as mismatched may be what is missing its opening; then this is one report.
    std::vector<Diagnostic> kept;
    bool missing = false;
    for (size_t i = 0; i != mismatches_.size(); ++i) {
      const Mismatch& m = mismatches_[i];
      if (m.close == Token::close_brace) {
        kept.push_back(std::move(reports_[i]));
        continue;
      }
      missing = true;
      d.spans.labels.push_back({m.unclosed, "the nearest open delimiter"});
      d.spans.labels.push_back(
          {{m.found.begin, m.found.begin},
           std::string("missing open `") + (m.close == Token::close_paren ? "(" : "[") + "` for this delimiter"});
    }
    reports_ = std::move(kept);
    if (!missing) suspicious(d, kind(token) == Token::close_brace);
    d.spans.labels.push_back({span(token), "unexpected closing delimiter"});
    reports_.push_back(std::move(d));
  }

  void unclosed(uint32_t eof) {
    Diagnostic d;
    d.message = "this file contains an unclosed delimiter";
    d.spans.primary = {span(eof)};
    for (size_t i = 0; i != std::min(open_.size(), kMostUnclosed); ++i)
      d.spans.labels.push_back({span(open_[i]), "unclosed delimiter"});
    if (open_.size() >= kMostUnclosed + 2)
      d.spans.labels.push_back({span(open_[kMostUnclosed]), "another " + std::to_string(open_.size() - kMostUnclosed) +
                                                                " unclosed delimiters begin from here"});
    suspicious(d, kind(open_.back()) == Token::open_brace);
    reports_.push_back(std::move(d));
  }

  // Braces that match but are indented differently may be where one is missing.
  void suspicious(Diagnostic& d, bool brace) {
    struct Block {
      Pair pair;
      bool aligned;
    };
    std::vector<Block> blocks;
    for (const Pair& p : pairs_) blocks.push_back({p, margin(p.open) == margin(p.close)});
    std::stable_sort(blocks.begin(), blocks.end(),
                     [](const Block& a, const Block& b) { return a.pair.open < b.pair.open; });
    // What lies inside of an aligned pair is not to blame. Pairs nest: the aligned one that reaches furthest covers.
    uint32_t covered = 0;
    const Pair* worst = nullptr;
    for (const Block& b : blocks) {
      if (b.aligned)
        covered = std::max(covered, b.pair.close);
      else if (b.pair.close > covered)
        worst = &b.pair;
    }
    if (worst) {
      d.spans.labels.push_back({{worst->open, worst->open}, "this delimiter might not be properly closed..."});
      d.spans.labels.push_back(
          {{worst->close, worst->close}, "...as it matches this but it has different indentation"});
      if (!brace) return;
      for (const Pair& e : empty_) {
        if (e.open < worst->open || e.close >= worst->close) continue;
        d.spans.labels.push_back({{e.open, e.close + 1}, "block is empty, you might have not meant to close it"});
        return;
      }
    } else if (!pairs_.empty() && open_.empty()) {
      const Pair& p = pairs_.back();
      for (const Pair& e : empty_)
        if (e.open == p.open) return;
      d.spans.labels.push_back({{p.open, p.open + 1}, "this opening brace..."});
      d.spans.labels.push_back({{p.close, p.close + 1}, "...matches this closing brace"});
    }
  }

  const source::SourceMap& map_;
  uint32_t file_;
  std::span<const uint8_t> kinds_;
  std::span<const uint32_t> starts_;
  std::vector<uint32_t> open_;  // tokens
  std::vector<Pair> pairs_;     // of braces, by their closing
  std::vector<Pair> empty_;     // {} on one line
  std::vector<Mismatch> mismatches_;
  std::vector<Diagnostic> reports_;  // one for every mismatch, until the end
};

}  // namespace

std::vector<Diagnostic> diagnose_brackets(const source::SourceMap& map, uint32_t file, std::span<const uint8_t> kinds,
                                          std::span<const uint32_t> starts) {
  return Brackets(map, file, kinds, starts).run();
}

}  // namespace rustg::parse
