// Text as a terminal shows it: how wide characters are, and what stands in the place of those that cannot be shown. As rustc has it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace rustg::source {

// The character at text[at], of valid UTF-8; moves `at` behind it.
inline char32_t next_character(std::string_view text, size_t& at) {
  uint8_t c = uint8_t(text[at++]);
  if (c < 0x80) return c;
  uint32_t more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
  char32_t value = c & (0x3f >> more);
  while (more-- != 0 && at < text.size()) value = value << 6 | (uint8_t(text[at++]) & 0x3f);
  return value;
}
void append_utf8(std::string& to, char32_t c);

// Columns: 0 to 4. Tabs take four wherever they stand.
uint32_t display_width(char32_t c);
uint32_t display_width(std::string_view text);
size_t characters(std::string_view text);

// Tabs are four spaces, control characters have pictures, and what changes the direction of text is not obeyed.
std::string shown(std::string_view text);

// Unicode's White_Space.
bool is_white_space(char32_t c);
std::string_view trim_start(std::string_view text);
std::string_view trim(std::string_view text);

}  // namespace rustg::source
