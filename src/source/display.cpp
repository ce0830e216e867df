#include "source/display.h"

#include <algorithm>
#include <iterator>

namespace rustg::source {

namespace {

struct Width {
  uint32_t first, last, width;
};
constexpr Width kWidths[] = {
#include "source/width_table.inc"
};

bool turns_text(char32_t c) { return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069); }

}  // namespace

void append_utf8(std::string& to, char32_t c) {
  if (c < 0x80) {
    to += char(c);
  } else if (c < 0x800) {
    to += {char(0xc0 | c >> 6), char(0x80 | (c & 0x3f))};
  } else if (c < 0x10000) {
    to += {char(0xe0 | c >> 12), char(0x80 | (c >> 6 & 0x3f)), char(0x80 | (c & 0x3f))};
  } else {
    to += {char(0xf0 | c >> 18), char(0x80 | (c >> 12 & 0x3f)), char(0x80 | (c >> 6 & 0x3f)), char(0x80 | (c & 0x3f))};
  }
}

uint32_t display_width(char32_t c) {
  if (c < 0x7f) return c == '\t' ? 4 : 1;
  const Width* w = std::upper_bound(std::begin(kWidths), std::end(kWidths), c,
                                    [](char32_t value, const Width& width) { return value < width.first; });
  return w != std::begin(kWidths) && c <= (w - 1)->last ? (w - 1)->width : 1;
}

uint32_t display_width(std::string_view text) {
  uint32_t sum = 0;
  for (size_t i = 0; i < text.size();) sum += display_width(next_character(text, i));
  return sum;
}

size_t characters(std::string_view text) {
  return size_t(std::count_if(text.begin(), text.end(), [](char c) { return (uint8_t(c) & 0xc0) != 0x80; }));
}

std::string shown(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    size_t from = i;
    char32_t c = next_character(text, i);
    if (c == '\t')
      out += "    ";
    else if (c < 0x20 && c != '\n')
      append_utf8(out, 0x2400 + c);
    else if (c == 0x7f)
      append_utf8(out, 0x2421);
    else if (turns_text(c))
      append_utf8(out, 0xfffd);
    else if (c != 0x200d)  // a joiner of emoji, which would make one column of several
      out += text.substr(from, i - from);
  }
  return out;
}

bool is_white_space(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

std::string_view trim_start(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    size_t from = i;
    if (!is_white_space(next_character(text, i))) return text.substr(from);
  }
  return {};
}

std::string_view trim(std::string_view text) {
  text = trim_start(text);
  while (!text.empty()) {
    size_t at = text.size() - 1;
    while (at > 0 && (uint8_t(text[at]) & 0xc0) == 0x80) --at;
    size_t end = at;
    if (!is_white_space(next_character(text, end))) break;
    text = text.substr(0, at);
  }
  return text;
}

}  // namespace rustg::source
