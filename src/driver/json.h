// Text as a JSON string.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace rustg::driver {

inline std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", c);
    else
      out += c;
  }
  return out + '"';
}

}  // namespace rustg::driver
