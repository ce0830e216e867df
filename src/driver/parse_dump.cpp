#include "driver/parse_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "lex/token.h"

namespace rustg::driver {
namespace {

using parse::NodeKind;

// Lines and columns of all tokens' begins and ends, in one walk over the text.
struct Places {
  std::vector<source::Position> begins, ends;

  explicit Places(const ParsedFile& file) {
    const parse::HostTree& tree = file.tree;
    std::string_view text = file.map.text(0);
    const uint32_t base = file.map.begin(0);
    uint32_t at = 0;
    source::Position here{1, 1};
    auto walk_to = [&](uint32_t offset) {
      for (; at < offset; ++at) {
        if (text[at] == '\n')
          here = {here.line + 1, 1};
        else if ((uint8_t(text[at]) & 0xc0) != 0x80)
          ++here.column;
      }
      return here;
    };
    for (size_t t = 0; t < tree.starts.size(); ++t) {
      begins.push_back(walk_to(tree.starts[t] - base));
      ends.push_back(walk_to(tree.starts[t] - base + tree.lengths[t]));
    }
  }
};

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (uint8_t(c) < 0x20 || c == 0x7f)
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", uint8_t(c));
        else
          out += c;
    }
  }
  out += '"';
}

class Dump {
 public:
  Dump(const ParsedFile& file, std::FILE* to) : file_(file), tree_(file.tree), places_(file), to_(to) {}

  void tokens() {
    for (size_t t = 0; t < file_.token_kinds.size(); ++t) {
      add_place(uint32_t(t), uint32_t(t));
      out_ += ' ';
      out_ += lex::name(lex::TokenKind(file_.token_kinds[t]));
      if (tree_.lengths[t] != 0) {
        out_ += ' ';
        append_quoted(out_, text(uint32_t(t)));
      }
      out_ += '\n';
      flush(kEnough);
    }
  }

  void tree() {
    walk([&](uint32_t node, uint32_t depth) {
      // Indentation of what is very deep would be most of the output.
      out_.append(2 * std::min(depth, kMostIndents), ' ');
      if (depth > kMostIndents) fmt::format_to(std::back_inserter(out_), "({}) ", depth);
      out_ += parse::name(tree_.kind(node));
      out_ += ' ';
      add_place(firsts_[node], lasts_[node]);
      if (has_text(node)) {
        out_ += ' ';
        append_quoted(out_, shown(node));
      }
      out_ += '\n';
    }, [](uint32_t, bool) {});
  }

  void json() {
    out_ += "{\"file\":";
    append_quoted(out_, file_.map.name(0));
    fmt::format_to(std::back_inserter(out_), ",\"edition\":\"{}\",\"root\":", 2015 + 3 * file_.map.edition(0));
    if (tree_.files[0] == parse::kNoNode) {
      out_ += "null}\n";
      return;
    }
    walk([&](uint32_t node, uint32_t) {
      uint32_t first = firsts_[node], last = lasts_[node];
      uint32_t end = tree_.starts[last] + tree_.lengths[last];
      const source::Position &from = places_.begins[first], &to = places_.ends[last];
      fmt::format_to(std::back_inserter(out_),
                     "{{\"kind\":\"{}\",\"span\":{{\"byte_start\":{},\"byte_end\":{},\"line_start\":{},\"line_end\":{},"
                     "\"column_start\":{},\"column_end\":{}}}",
                     parse::name(tree_.kind(node)), file_.map.original_offset(0, tree_.starts[first]),
                     file_.map.original_offset(0, end), from.line, to.line, from.column, to.column);
      if (has_text(node)) {
        out_ += ",\"text\":";
        append_quoted(out_, shown(node));
      }
      if (tree_.sizes[node] > 1) out_ += ",\"children\":[";
    }, [&](uint32_t node, bool more) {
      if (tree_.sizes[node] > 1) out_ += ']';
      out_ += more ? "}," : "}";
    });
    out_ += "}\n";
  }

  void flush(size_t at_least = 0) {
    if (out_.size() <= at_least) return;
    std::fwrite(out_.data(), 1, out_.size(), to_);
    out_.clear();
  }

 private:
  static constexpr size_t kEnough = 1 << 16;
  static constexpr uint32_t kMostIndents = 100;

  // enter(node, depth) before a node's children, leave(node, whether a sibling follows) behind them; an explicit stack, since trees may be deep.
  template <class Enter, class Leave>
  void walk(Enter enter, Leave leave) {
    if (tree_.files[0] == parse::kNoNode) return;
    find_extents();
    struct Open {
      uint32_t node, depth;
      bool entered, last;
    };
    std::vector<Open> stack{{tree_.files[0], 0, false, true}};
    while (!stack.empty()) {
      Open& open = stack.back();
      uint32_t node = open.node, depth = open.depth;
      if (open.entered) {
        leave(node, !open.last);
        stack.pop_back();
        continue;
      }
      open.entered = true;
      enter(node, depth);
      bool last = true;
      for (uint32_t next = node; next != tree_.first(node); next = tree_.first(next - 1), last = false)
        stack.push_back({next - 1, depth + 1, false, last});
      flush(kEnough);
    }
  }

  // Of each node the first and the last token that stand for it or for what is in it; brackets to their other one.
  void find_extents() {
    firsts_ = lasts_ = tree_.tokens;
    for (uint32_t node = 0; node < tree_.count(); ++node) {
      uint32_t token = tree_.tokens[node];
      if (is_bracket(lex::TokenKind(file_.token_kinds[token]))) widen(node, file_.match[token]);
      for (uint32_t next = node; next != tree_.first(node); next = tree_.first(next - 1)) {
        widen(node, firsts_[next - 1]);
        widen(node, lasts_[next - 1]);
      }
    }
    // The file is all of its tokens.
    firsts_[tree_.files[0]] = 0;
    lasts_[tree_.files[0]] = uint32_t(tree_.starts.size()) - 1;
  }
  void widen(uint32_t node, uint32_t token) {
    firsts_[node] = std::min(firsts_[node], token);
    lasts_[node] = std::max(lasts_[node], token);
  }
  static bool is_bracket(lex::TokenKind kind) {
    switch (kind) {
      case lex::TokenKind::open_paren:
      case lex::TokenKind::close_paren:
      case lex::TokenKind::open_brace:
      case lex::TokenKind::close_brace:
      case lex::TokenKind::open_bracket:
      case lex::TokenKind::close_bracket: return true;
      default: return false;
    }
  }

  std::string_view text(uint32_t token) const {
    return file_.map.text(tree_.starts[token], tree_.starts[token] + tree_.lengths[token]);
  }
  // Words, literals and doc comments say what they are; of operators, the whole.
  bool has_text(uint32_t node) const {
    if (tree_.kind(node) == NodeKind::binary || tree_.kind(node) == NodeKind::assign) return true;
    lex::TokenKind kind = lex::TokenKind(file_.token_kinds[tree_.tokens[node]]);
    return kind == lex::TokenKind::ident || kind == lex::TokenKind::lifetime || tree_.kind(node) == NodeKind::literal ||
           tree_.kind(node) == NodeKind::doc || tree_.kind(node) == NodeKind::unary ||
           (tree_.kind(node) == NodeKind::name && tree_.lengths[tree_.tokens[node]] != 0);
  }
  std::string shown(uint32_t node) const {
    if (tree_.kind(node) != NodeKind::binary && tree_.kind(node) != NodeKind::assign) return std::string(text(tree_.tokens[node]));
    static constexpr std::string_view operators[] = {"",  "*", "/",  "%",  "+", "-",  "<<", ">>", "&", "^",
                                                     "|", "==", "!=", "<", "<=", ">", ">=", "&&", "||"};
    std::string shown(operators[tree_.flags[node]]);
    return tree_.kind(node) == NodeKind::assign ? shown + "=" : shown;
  }

  void add_place(uint32_t first, uint32_t last) {
    const source::Position &from = places_.begins[first], &to = places_.ends[last];
    fmt::format_to(std::back_inserter(out_), "{}:{}-{}:{}", from.line, from.column, to.line, to.column);
  }

  const ParsedFile& file_;
  const parse::HostTree& tree_;
  Places places_;
  std::FILE* to_;
  std::string out_;
  std::vector<uint32_t> firsts_, lasts_;
};

}  // namespace

void dump(const ParsedFile& file, DumpKind kind, std::FILE* to) {
  Dump dump(file, to);
  switch (kind) {
    case DumpKind::tokens: dump.tokens(); break;
    case DumpKind::tree: dump.tree(); break;
    case DumpKind::json: dump.json(); break;
  }
  dump.flush();
}

}  // namespace rustg::driver
