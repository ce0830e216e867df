#include "source/canvas.h"

#include <cstddef>

#include "source/display.h"

namespace rustg::source {

namespace {

std::string_view escape(Style style, Level level) {
  if (style == Style::primary) style = style_of(level);
  switch (style) {
    case Style::plain: return "";
    case Style::bold: return "\x1b[1m";
    case Style::line_number:
    case Style::secondary: return "\x1b[1m\x1b[94m";
    case Style::addition: return "\x1b[92m";
    case Style::removal: return "\x1b[91m";
    case Style::error: return "\x1b[1m\x1b[91m";
    case Style::warning: return "\x1b[1m\x1b[33m";
    case Style::note: return "\x1b[1m\x1b[92m";
    case Style::help: return "\x1b[1m\x1b[96m";
    case Style::primary: break;
  }
  return "";
}

}  // namespace

std::vector<Canvas::Cell>& Canvas::row(size_t row) {
  if (row >= rows_.size()) rows_.resize(row + 1);
  return rows_[row];
}

size_t Canvas::put(size_t at, size_t column, std::string_view text, Style style) {
  if (text.empty()) return column;
  std::vector<Cell>& cells = row(at);
  for (size_t i = 0; i < text.size(); ++column) {
    char32_t c = next_character(text, i);
    if (column >= cells.size()) cells.resize(column + 1);
    cells[column] = {c, style};
  }
  return column;
}

void Canvas::put(size_t row, size_t column, char c, Style style) { put(row, column, std::string_view(&c, 1), style); }

void Canvas::append(size_t at, std::string_view text, Style style) { put(at, row(at).size(), text, style); }

void Canvas::set_style(size_t at, size_t begin, size_t end, Style style) {
  std::vector<Cell>& cells = row(at);
  for (size_t column = begin; column < end && column < cells.size(); ++column) cells[column].style = style;
}

void Canvas::elide(size_t at, size_t begin, size_t end) {
  std::vector<Cell>& cells = row(at);
  if (begin + 3 > end || end > cells.size()) return;
  for (size_t i = 0; i < 3; ++i) cells[begin + i] = {'.', Style::line_number};
  cells.erase(cells.begin() + std::ptrdiff_t(begin) + 3, cells.begin() + std::ptrdiff_t(end));
}

void Canvas::write(std::string& out, Level level, bool colour) const {
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (i != 0) out += '\n';
    std::string_view current;
    for (const Cell& cell : rows_[i]) {
      std::string_view wanted = colour ? escape(cell.style, level) : std::string_view();
      if (wanted != current) {
        if (!current.empty()) out += "\x1b[0m";
        out += current = wanted;
      }
      append_utf8(out, cell.character);
    }
    if (!current.empty()) out += "\x1b[0m";
  }
}

}  // namespace rustg::source
