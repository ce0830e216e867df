// Rows of characters with a style each, which the renderer draws its pictures into before they become text.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "source/diagnostic.h"

namespace rustg::source {

enum class Style : uint8_t {
  plain,
  bold,
  line_number,  // and everything else of the frame
  primary,      // in the colour of the canvas' level
  secondary,
  addition,
  removal,
  error,
  warning,
  note,
  help,
};
inline Style style_of(Level level) {
  return level == Level::error     ? Style::error
         : level == Level::warning ? Style::warning
         : level == Level::note    ? Style::note
                                   : Style::help;
}

class Canvas {
 public:
  size_t rows() const { return rows_.size(); }
  // Put text at a column; rows and columns before it come into being as spaces. Returns the column behind it.
  size_t put(size_t row, size_t column, std::string_view text, Style style);
  void put(size_t row, size_t column, char c, Style style);
  void append(size_t row, std::string_view text, Style style);
  void set_style(size_t row, size_t begin, size_t end, Style style);
  // Take columns out, and put three dots in their place. Nothing happens if they are not all there.
  void elide(size_t row, size_t begin, size_t end);
  // All rows, with newlines between them.
  void write(std::string& out, Level level, bool colour) const;

 private:
  struct Cell {
    char32_t character = ' ';
    Style style = Style::plain;
  };
  std::vector<Cell>& row(size_t row);

  std::vector<std::vector<Cell>> rows_;
};

}  // namespace rustg::source
