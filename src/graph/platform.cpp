#include "graph/platform.h"

#include <algorithm>
#include <vector>

namespace rustg::graph {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

// The inside of cfg(…): a word, word = "string", not(…), all(…, …), any(…, …).
struct Cfg {
  std::string_view text;
  size_t at = 0;

  void skip_spaces() {
    while (at != text.size() && text[at] == ' ') ++at;
  }
  bool take(char c) {
    skip_spaces();
    if (at == text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  // r#word is a word that is no operator.
  bool word(std::string_view& out, bool& raw) {
    skip_spaces();
    raw = text.substr(at).starts_with("r#");
    if (raw) at += 2;
    const size_t begin = at;
    if (at == text.size() || !is_letter(text[at])) return false;
    while (at != text.size() && is_word(text[at])) ++at;
    out = text.substr(begin, at - begin);
    return true;
  }
  bool string() {
    if (!take('"')) return false;
    const size_t end = text.find('"', at);
    if (end == text.npos) return false;
    at = end + 1;
    return true;
  }

  bool parse() {
    std::vector<bool> open;  // true: all or any, which may have more than one
    for (;;) {
      std::string_view name;
      bool raw;
      if (!word(name, raw)) return false;
      const bool list = !raw && (name == "all" || name == "any"), negation = !raw && name == "not";
      if (list || negation) {
        if (!take('(')) return false;
        if (!list || !take(')')) {
          open.push_back(list);
          continue;
        }
      } else if (take('=') && !string()) {
        return false;
      }
      // Behind an expression: close what can be closed.
      for (;;) {
        if (open.empty()) {
          skip_spaces();
          return at == text.size();
        }
        const bool more = open.back() && take(',');
        if (!take(')')) {
          if (more) break;
          return false;
        }
        open.pop_back();
      }
    }
  }
};

}  // namespace

bool is_platform(std::string_view text) {
  if (text.starts_with("cfg(") && text.ends_with(')')) return Cfg{text.substr(4, text.size() - 5)}.parse();
  return std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '-' || c == '.' || (c & 0x80); });
}

}  // namespace rustg::graph
