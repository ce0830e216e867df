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
  bool string(std::string_view& out) {
    if (!take('"')) return false;
    const size_t end = text.find('"', at);
    if (end == text.npos) return false;
    out = text.substr(at, end - at);
    at = end + 1;
    return true;
  }

  // An operator whose operands are being read, and its value so far.
  enum class Operator : uint8_t { all, any, negation };
  struct Open {
    Operator op;
    bool value;
  };

  // False: it cannot be read. Else `value` is what it is worth on the platform; with none, any value.
  bool parse(const Platform* platform, bool& value) {
    std::vector<Open> open;
    for (;;) {
      std::string_view name;
      bool raw;
      if (!word(name, raw)) return false;
      const bool all = !raw && name == "all", any = !raw && name == "any", negation = !raw && name == "not";
      if (all || any || negation) {
        if (!take('(')) return false;
        value = all;
        if (negation || !take(')')) {
          open.push_back({all ? Operator::all : any ? Operator::any : Operator::negation, all});
          continue;
        }
      } else {
        std::string_view text;
        const bool pair = take('=');
        if (pair && !string(text)) return false;
        value = platform != nullptr && is_set(*platform, name, raw, pair, text);
      }
      // Behind an expression: close what can be closed.
      for (;;) {
        if (open.empty()) {
          skip_spaces();
          return at == text.size();
        }
        Open& last = open.back();
        if (last.op == Operator::all)
          last.value = last.value && value;
        else if (last.op == Operator::any)
          last.value = last.value || value;
        else
          last.value = !value;
        const bool more = last.op != Operator::negation && take(',');
        if (!take(')')) {
          if (more) break;
          return false;
        }
        value = last.value;
        open.pop_back();
      }
    }
  }

  static bool is_set(const Platform& platform, std::string_view name, bool raw, bool pair, std::string_view text) {
    if (!raw && !pair && (name == "true" || name == "false")) return name == "true";
    std::string wanted(name);
    if (pair) wanted.append("=\"").append(text).append("\"");
    return std::binary_search(platform.cfgs.begin(), platform.cfgs.end(), wanted);
  }
};

bool is_cfg(std::string_view text) { return text.starts_with("cfg(") && text.ends_with(')'); }

}  // namespace

Platform make_platform(std::string name, std::string_view cfgs) {
  Platform platform{std::move(name), {}};
  while (!cfgs.empty()) {
    std::string_view line = cfgs.substr(0, cfgs.find('\n'));
    cfgs.remove_prefix(std::min(cfgs.size(), line.size() + 1));
    if (!line.empty()) platform.cfgs.emplace_back(line);
  }
  std::sort(platform.cfgs.begin(), platform.cfgs.end());
  return platform;
}

bool is_platform(std::string_view text) {
  bool value;
  if (is_cfg(text)) return Cfg{text.substr(4, text.size() - 5)}.parse(nullptr, value);
  return std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '-' || c == '.' || (c & 0x80); });
}

bool holds(std::string_view text, const Platform& platform) {
  if (!is_cfg(text)) return text == platform.name;
  bool value = false;
  return Cfg{text.substr(4, text.size() - 5)}.parse(&platform, value) && value;
}

}  // namespace rustg::graph
