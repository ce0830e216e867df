#include "source/columns.h"

#include <algorithm>

#include "source/display.h"

namespace rustg::source {

namespace {

bool begins_character(char c) { return (uint8_t(c) & 0xc0) != 0x80; }

Columns::Margin margin_of(std::string_view text) {
  Columns::Margin m{0, 0, true};
  bool white = true;
  for (size_t i = 0; i < text.size();) {
    char32_t c = next_character(text, i);
    if (!is_white_space(c)) {
      m.blank = false;
      break;
    }
    m.columns += c == '\t' ? 4 : 1;
    white &= c == '\t' || c >= 0x20;  // the others have pictures
    if (white) m.shown = m.columns;
  }
  return m;
}

}  // namespace

uint32_t Columns::line_at(uint32_t file, uint32_t offset) const { return map_.line_number(file, offset); }

const Columns::Long* Columns::find(uint32_t file, uint32_t number, std::string_view text) {
  if (text.size() <= 4 * kStep) return nullptr;
  auto [entry, added] = long_.try_emplace(uint64_t(file) << 32 | number);
  Long& found = entry->second;
  if (added) {
    Mark sum{0, 0};
    for (size_t i = 0; i < text.size();) {
      size_t from = i;
      char32_t c = next_character(text, i);
      for (size_t at = found.marks.size() * kStep; at <= from; at += kStep) found.marks.push_back(sum);
      ++sum.characters;
      sum.columns += display_width(c);
    }
    found.marks.push_back(sum);
    found.margin = margin_of(text);
  }
  return &found;
}

Place Columns::place(uint32_t file, uint32_t offset) {
  Place p{.line = line_at(file, offset), .offset = offset};
  uint32_t begin = map_.line_begin(file, p.line);
  std::string_view text = line(file, p.line);
  p.in_line = std::min(offset - begin, uint32_t(text.size()));
  uint32_t from = 0;
  if (const Long* l = find(file, p.line, text)) {
    // A mark stands for the first character at or behind its byte.
    from = p.in_line / kStep * kStep;
    p.character = l->marks[from / kStep].characters;
    p.column = l->marks[from / kStep].columns;
    while (from < p.in_line && !begins_character(text[from])) ++from;
  }
  for (size_t i = from; i < p.in_line; ++p.character) p.column += display_width(next_character(text, i));
  if (offset - begin > text.size()) ++p.character;
  return p;
}

std::pair<Place, Place> Columns::places(uint32_t file, Span span) {
  Place begin = place(file, span.begin);
  if (span.begin >= span.end) return {begin, begin};
  Place end = place(file, span.end);
  bool over = span.end - map_.line_begin(file, end.line) > end.in_line;
  if (over && begin.line == end.line) --end.character;
  if (over && begin.line != end.line) ++end.column;
  return {begin, end};
}

uint32_t Columns::width(uint32_t file, uint32_t number) {
  std::string_view text = line(file, number);
  const Long* l = find(file, number, text);
  return l ? l->marks.back().columns : display_width(text);
}

std::pair<uint32_t, uint32_t> Columns::skip(uint32_t file, uint32_t number, uint32_t columns) {
  std::string_view text = line(file, number);
  size_t i = 0;
  uint32_t skipped = 0;
  if (const Long* l = find(file, number, text)) {
    auto mark = std::lower_bound(l->marks.begin(), l->marks.end() - 1, columns,
                                 [](const Mark& m, uint32_t wanted) { return m.columns < wanted; });
    if (mark != l->marks.begin()) {
      --mark;
      skipped = mark->columns;
      i = size_t(mark - l->marks.begin()) * kStep;
      while (i < text.size() && !begins_character(text[i])) ++i;
    }
  }
  while (i < text.size() && skipped < columns) skipped += display_width(next_character(text, i));
  return {uint32_t(i), skipped};
}

Columns::Margin Columns::margin(uint32_t file, uint32_t number) {
  std::string_view text = line(file, number);
  const Long* l = find(file, number, text);
  return l ? l->margin : margin_of(text);
}

}  // namespace rustg::source
