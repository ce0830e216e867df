// Any diagnostic about any text is shown, in all forms, without a fault, whatever its spans and texts are.
#include "source/render.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace rustg::source;

// Takes numbers from the input, zeros behind its end.
struct Input {
  std::string_view bytes;
  uint32_t number(uint32_t below) {
    uint32_t n = 0;
    for (int i = 0; i < 2 && !bytes.empty(); ++i, bytes.remove_prefix(1)) n = n << 8 | uint8_t(bytes[0]);
    return n % below;
  }
  // Mostly of the file, in order and on characters; sometimes not.
  Span span(const SourceMap& map) {
    uint32_t size = map.end(0) - map.begin(0) + 1;
    Span s{map.begin(0) + number(size), map.begin(0) + number(size)};
    uint32_t how = number(16);
    if (how == 0) return {s.begin * 77777, s.end * 55555};
    if (how != 1 && s.end < s.begin) std::swap(s.begin, s.end);
    auto align = [&](uint32_t& at) {
      while (at < map.end(0) && (uint8_t(map.text(at, at + 1)[0]) & 0xc0) == 0x80) ++at;
    };
    align(s.begin), align(s.end);
    return s;
  }
  std::string text() {
    constexpr const char* kTexts[] = {"",  "a label", "two\nlines", "\t\x1b tab", "漢字",
                                      " ", "#[a]\n",  "x\n",        "f(",         "\n\n"};
    return kTexts[number(std::size(kTexts))];
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input{{reinterpret_cast<const char*>(data), size}};
  uint32_t length = input.number(400);
  std::string text(input.bytes.substr(0, length));
  input.bytes.remove_prefix(text.size());
  SourceMap map;
  if (!map.add("a.rs", text, 0)) return 0;  // not UTF-8
  Diagnostic d{.level = Level(input.number(4)), .message = input.text(), .code = input.number(2) ? "E0765" : ""};
  for (uint32_t n = input.number(3); n != 0; --n) d.spans.primary.push_back(input.span(map));
  for (uint32_t n = input.number(8); n != 0; --n) d.label(input.span(map), input.text());
  for (uint32_t n = input.number(3); n != 0; --n)
    input.number(2) ? d.note(input.span(map), input.text()) : d.help(input.text());
  for (uint32_t n = input.number(3); n != 0; --n) {
    Suggestion s{input.text(), {}, Applicability::unspecified, SuggestionStyle(input.number(5))};
    for (uint32_t ways = input.number(6); ways != 0; --ways) {
      std::vector<Replacement>& parts = s.alternatives.emplace_back();
      for (uint32_t k = input.number(4); k != 0; --k) parts.push_back({input.span(map), input.text()});
    }
    d.suggestions.push_back(std::move(s));
  }
  uint32_t width = 1 + input.number(200);
  for (ErrorFormat format : {ErrorFormat::human, ErrorFormat::terse, ErrorFormat::json}) {
    Renderer renderer(
        map, {.format = format, .colour = input.number(2) != 0, .width = width, .anonymous = input.number(2) != 0});
    if (!renderer.render(d).ends_with('\n')) std::abort();
  }
  return 0;
}
