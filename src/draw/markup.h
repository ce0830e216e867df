// Text in XML, HTML and JSON inside of a page.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace rustg::draw {

inline std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n')  // XML has no other control characters
      out += c;
  }
  return out;
}

// A coordinate: a tenth is finer than one sees.
inline std::string number(double value) {
  std::string out = fmt::format("{:.1f}", value);
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

// 197,964
inline std::string grouped(uint64_t value) {
  std::string out = fmt::format("{}", value);
  for (size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

}  // namespace rustg::draw
