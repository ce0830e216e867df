#include "base/demangle.h"

#include <algorithm>
#include <cstdint>

namespace rustg {

namespace detail {

void append_utf8(std::string& out, uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
            static_cast<char>(0x80 | (c & 0x3f))};
  } else {
    out += {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3f)),
            static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
  }
}

}  // namespace detail

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool is_hash(std::string_view part) {
  return part.size() == 17 && part[0] == 'h' &&
         std::all_of(part.begin() + 1, part.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

// What stands between two `$`; false if it is unknown.
bool append_escape(std::string& out, std::string_view escape) {
  struct Escape {
    std::string_view code;
    char character;
  };
  static constexpr Escape kEscapes[] = {{"SP", '@'}, {"BP", '*'}, {"RF", '&'}, {"LT", '<'},
                                        {"GT", '>'}, {"LP", '('}, {"RP", ')'}, {"C", ','}};
  for (const Escape& known : kEscapes) {
    if (known.code != escape) continue;
    out += known.character;
    return true;
  }
  if (escape.size() < 2 || escape.size() > 7 || escape[0] != 'u') return false;
  uint32_t c = 0;
  for (const char digit : escape.substr(1)) {
    if (!is_lower_hex(digit)) return false;
    c = c * 16 + static_cast<uint32_t>(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
  }
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return false;
  detail::append_utf8(out, c);
  return true;
}

void append_legacy_part(std::string& out, std::string_view part) {
  if (part.starts_with("_$")) part.remove_prefix(1);
  while (!part.empty()) {
    if (part.starts_with("..")) {
      out += "::";
      part.remove_prefix(2);
    } else if (part[0] == '$') {
      const size_t end = part.find('$', 1);
      if (end == std::string_view::npos || !append_escape(out, part.substr(1, end - 1))) break;
      part.remove_prefix(end + 1);
    } else {
      const size_t end = std::min(part.find_first_of("$.", 1), part.size());
      out += part.substr(0, end);
      part.remove_prefix(end);
    }
  }
  out += part;
}

// `mangled` begins behind `_ZN`. `rest` is set to what follows the closing E.
std::optional<std::string> demangle_legacy(std::string_view mangled, std::string_view& rest) {
  std::string out;
  bool first = true;
  while (!mangled.empty() && mangled[0] != 'E') {
    size_t length = 0, digits = 0;
    for (; digits < mangled.size() && is_digit(mangled[digits]); ++digits) {
      length = length * 10 + static_cast<size_t>(mangled[digits] - '0');
      if (length > mangled.size()) return std::nullopt;
    }
    if (digits == 0 || length > mangled.size() - digits) return std::nullopt;
    const std::string_view part = mangled.substr(digits, length);
    mangled.remove_prefix(digits + length);
    if (mangled.starts_with('E') && is_hash(part)) break;
    if (!first) out += "::";
    first = false;
    append_legacy_part(out, part);
  }
  if (mangled.empty() || first) return std::nullopt;
  rest = mangled.substr(1);
  return out;
}

// `.llvm.` and what follows was added by LLVM to names of symbols that it made global.
std::string_view without_llvm_suffix(std::string_view symbol) {
  const size_t at = symbol.find(".llvm.");
  if (at == std::string_view::npos) return symbol;
  const std::string_view tail = symbol.substr(at + 6);
  const bool is_hash =
      std::all_of(tail.begin(), tail.end(), [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F') || c == '@'; });
  return is_hash ? symbol.substr(0, at) : symbol;
}

bool is_printable_suffix(std::string_view suffix) {
  return suffix.empty() ||
         (suffix[0] == '.' && std::all_of(suffix.begin(), suffix.end(), [](char c) { return c > ' ' && c < 0x7f; }));
}

}  // namespace

std::string demangle(std::string_view symbol) {
  const std::string_view name = without_llvm_suffix(symbol);
  // One underscore more or less: platforms differ.
  for (const std::string_view prefix : {"_ZN", "__ZN", "ZN"}) {
    if (!name.starts_with(prefix)) continue;
    std::string_view rest;
    auto out = demangle_legacy(name.substr(prefix.size()), rest);
    if (!out || !is_printable_suffix(rest)) break;
    return *out += rest;
  }
  for (const std::string_view prefix : {"_R", "__R", "R"}) {
    if (!name.starts_with(prefix)) continue;
    // Identifiers of this scheme have neither dots nor dollars, so what they begin is a suffix of other tools.
    const std::string_view mangled = name.substr(prefix.size());
    const size_t end = std::min(mangled.find_first_of(".$"), mangled.size());
    if (const auto out = detail::demangle_v0(mangled.substr(0, end))) return *out + std::string(mangled.substr(end));
    break;
  }
  return std::string(symbol);
}

}  // namespace rustg
