// Where bytes are on a screen: line, character and column, also in lines of many megabytes, whose columns are counted once.
#pragma once
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::source {

// The line from 1, the others from 0. in_line: bytes from the line's beginning, at most to its end.
struct Place {
  uint32_t line = 0, character = 0, column = 0, in_line = 0;
  uint32_t offset = 0;
  bool operator==(const Place&) const = default;
};

class Columns {
 public:
  explicit Columns(const SourceMap& map) : map_(map) {}

  const SourceMap& map() const { return map_; }
  std::string_view line(uint32_t file, uint32_t number) const { return map_.line(file, number); }
  uint32_t line_at(uint32_t file, uint32_t offset) const;
  Place place(uint32_t file, uint32_t offset);
  // Both ends of a span. One that ends behind a newline reaches over it.
  std::pair<Place, Place> places(uint32_t file, Span span);

  // All columns of a line.
  uint32_t width(uint32_t file, uint32_t number);
  // Bytes of the fewest characters, from the beginning of a line, that take at least so many columns, and how many they take.
  std::pair<uint32_t, uint32_t> skip(uint32_t file, uint32_t number, uint32_t columns);

  struct Margin {
    uint32_t columns;  // of white space in front of the text
    uint32_t shown;    // of them, those shown as white space
    bool blank;        // there is nothing else
  };
  Margin margin(uint32_t file, uint32_t number);

 private:
  struct Mark {
    uint32_t characters, columns;
  };
  // One for every kStep bytes of a long line, the last one for its end.
  static constexpr uint32_t kStep = 1024;
  struct Long {
    std::vector<Mark> marks;
    Margin margin;
  };
  // Null: the line is short.
  const Long* find(uint32_t file, uint32_t number, std::string_view text);

  const SourceMap& map_;
  std::unordered_map<uint64_t, Long> long_;  // by file and line
};

}  // namespace rustg::source
