#include "draw/page.h"

#include <fmt/format.h>

#include "draw/markup.h"

namespace rustg::draw {

std::string make_page(const PageParts& parts) {
  const std::string title = xml_escaped(parts.title);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{0}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{1}{2}</style>\n"
      "<div id=\"stage\" tabindex=\"0\">{3}</div>\n"
      "<header><h1>{0}</h1><p>{4}</p></header>\n"
      "<div id=\"find\"><input id=\"query\" type=\"search\" placeholder=\"{5}\" aria-label=\"Search\" "
      "autocomplete=\"off\" "
      "spellcheck=\"false\"><ul id=\"hits\"></ul></div>\n"
      "<aside id=\"details\" hidden></aside>\n<footer id=\"legend\">{6}</footer>\n"
      "<div id=\"zoom\"><button data-to=\"in\" title=\"Larger (+)\">+</button><button data-to=\"out\" title=\"Smaller "
      "(-)\">−</button><button data-to=\"all\" title=\"All of it (0)\">⤢</button></div>\n{7}"
      "<script>{8}</script>\n<script>{9}</script>\n</html>\n",
      title, kPageStyle, parts.style, parts.stage, xml_escaped(parts.subtitle), xml_escaped(parts.find), parts.legend,
      parts.data, kViewScript, parts.script);
}

std::string json_in_page(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '<' || static_cast<unsigned char>(c) < 0x20)  // nothing ends the element before its end
      out += fmt::format("\\u{:04x}", c);
    else
      out += c;
  }
  return out + '"';
}

}  // namespace rustg::draw
