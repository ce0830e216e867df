// What the pictures of render_human() are made of: an excerpt of a file with labels, and a change that is suggested.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "source/canvas.h"
#include "source/columns.h"
#include "source/diagnostic.h"

namespace rustg::source::detail {

// What is the same in all of one diagnostic's pictures.
struct Frame {
  uint32_t gutter = 0;     // digits of the greatest line number
  uint32_t width = 140;    // columns of the terminal
  bool anonymous = false;  // LL for line numbers
  std::string number(uint32_t line) const;
  // The | to the left of everything.
  size_t bar() const { return gutter + 1; }
};

inline size_t less(size_t a, size_t b) { return a > b ? a - b : 0; }

// A span of one file and its label, as it will be shown.
struct Mark {
  Span span;
  bool primary = false;
  bool labelled = false;
  std::string text = {};
};

// What a mark is in one line.
struct LineMark {
  enum Part : uint8_t { single, start, end, inside };  // the others: of one that has several lines
  Part part = single;
  bool primary = false, labelled = false;
  uint32_t depth = 0;            // the column, from 1, of the line at the left that joins start and end
  uint32_t begin = 0, stop = 0;  // columns
  uint32_t begin_character = 0, stop_character = 0;
  std::string_view text = {};

  bool has_text() const { return !text.empty(); }
  bool takes_space() const { return part == start || part == end; }
  Style underline() const { return primary ? Style::primary : Style::secondary; }
  uint32_t length() const { return stop > begin ? stop - begin : begin - stop; }
};

// Lines of one file and what is said of them.
class Excerpt {
 public:
  Excerpt(Columns& columns, uint32_t file, std::vector<Mark> marks);

  uint32_t file() const { return file_; }
  uint32_t depth() const { return depth_; }
  uint32_t last_line() const { return last_line_; }
  // Where it is said to be: line, column from 1.
  std::pair<uint32_t, uint32_t> origin() const;
  // The texts of its primary marks, each behind `: ` or `, `.
  std::string primary_texts() const;
  // arrow: the first of its kind; others are introduced by `:::`. depth: of the deepest excerpt beside it.
  void draw(Canvas& canvas, const Frame& frame, bool arrow, uint32_t depth) const;

 private:
  using Lines = std::map<uint32_t, std::vector<LineMark>>;

  Columns& columns_;
  uint32_t file_;
  std::vector<Mark> marks_;
  Lines lines_;
  uint32_t depth_ = 0, last_line_ = 0;
};

// A file with replacements made.
class Change {
 public:
  // The replacements are sorted and of one file. Nothing: there is nothing to see.
  static std::optional<Change> make(Columns& columns, std::vector<Replacement> parts);

  uint32_t file() const { return file_; }
  // The greatest line number shown.
  uint32_t last_line() const;
  // origin: the name of the file is shown. continued: stands below another one of the same file.
  void draw(Canvas& canvas, const Frame& frame, bool origin, bool continued) const;

 private:
  enum class Shown : uint8_t { underline, diff, plain, add };
  struct Highlight {
    uint32_t begin, end;  // characters
  };
  struct Trimmed {
    Span original, span;
    std::string text;
  };
  Change(Columns& columns, uint32_t file) : columns_(columns), file_(file) {}
  void splice(const std::vector<Replacement>& parts);
  void choose();
  // Lines that a span touches, of those that the change is about: first and last.
  std::pair<uint32_t, uint32_t> lines_of(Span span) const;
  void draw_line(Canvas& canvas, const Frame& frame, size_t& row, const std::vector<Highlight>& highlights,
                 bool with_replaced, uint32_t line, std::string_view text) const;
  void style(Canvas& canvas, const Frame& frame, size_t row, const std::vector<Highlight>& highlights, Style style,
             std::string_view text) const;
  void underline(Canvas& canvas, const Frame& frame, size_t row) const;

  Columns& columns_;
  uint32_t file_;
  uint32_t first_ = 0, last_ = 0;  // lines
  bool fold_ = true;               // lines without a change are left out
  std::string complete_;           // the lines as they will be
  std::vector<Trimmed> parts_;
  std::vector<std::vector<Highlight>> added_;     // of each line of complete_
  std::vector<std::vector<Highlight>> replaced_;  // of each line that is replaced
  Shown shown_ = Shown::plain;
};

}  // namespace rustg::source::detail
