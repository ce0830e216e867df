#include <fmt/format.h>

#include <algorithm>

#include "source/display.h"
#include "source/render_margin.h"
#include "source/render_parts.h"

namespace rustg::source::detail {

namespace {

// Lines of comments, white space or one bracket need not be shown in the middle of a long span.
bool is_worth_showing(std::string_view line) {
  line = trim(line);
  if (line.starts_with("//") && !line.starts_with("///") && !line.starts_with("//!")) return false;
  return !(line.empty() || (line.size() == 1 && std::string_view("{}()[]").find(line[0]) != std::string_view::npos));
}

bool overlap(uint32_t a, uint32_t a_end, uint32_t b, uint32_t b_end) {
  return (b <= a && a < b_end) || (a <= b && b < a_end);
}

struct Multiline {
  Place begin, end;
  const Mark* mark;
  bool primary;
  bool same_as_another = false;
  uint32_t depth = 1;
  bool same(const Multiline& o) const { return begin == o.begin && end == o.end; }
};

// Spans that share lines get lines at the left of their own.
void assign_depths(std::vector<Multiline>& all, uint32_t& deepest) {
  std::stable_sort(all.begin(), all.end(), [](const Multiline& a, const Multiline& b) {
    return std::pair(a.begin.line, ~a.end.line) < std::pair(b.begin.line, ~b.end.line);
  });
  std::vector<size_t> primary;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].mark->primary) primary.push_back(i);
    for (size_t k = 0; k < all.size(); ++k) {
      bool same = all[i].same(all[k]);
      if (!same && overlap(all[i].begin.line, all[i].end.line + 1, all[k].begin.line, all[k].end.line + 1)) {
        ++all[k].depth;
      } else if (same && i != k) {
        all[k].same_as_another = true;
      } else {
        all[k].primary |= std::any_of(primary.begin(), primary.end(), [&](size_t p) { return all[p].same(all[k]); });
        break;
      }
    }
  }
  for (const Multiline& m : all) deepest = std::max(deepest, m.depth);
  for (Multiline& m : all) m.depth = deepest - m.depth + 1;
}

}  // namespace

Excerpt::Excerpt(Columns& columns, uint32_t file, std::vector<Mark> marks)
    : columns_(columns), file_(file), marks_(std::move(marks)) {
  std::stable_sort(marks_.begin(), marks_.end(), [&](const Mark& a, const Mark& b) {
    return columns.line_at(file, a.span.begin) < columns.line_at(file, b.span.begin);
  });
  std::vector<Multiline> several;
  uint32_t furthest = 0;
  for (const Mark& mark : marks_) {
    auto [begin, end] = columns.places(file, mark.span);
    furthest = std::max(furthest, mark.span.end);
    if (begin.line != end.line) {
      several.push_back({begin, end, &mark, mark.primary});
      continue;
    }
    // An empty span is shown as one column.
    if (begin.column == end.column) ++end.column;
    lines_[begin.line].push_back({LineMark::single, mark.primary, mark.labelled, 0, begin.column, end.column,
                                  begin.character, end.character, mark.text});
  }
  assign_depths(several, depth_);
  for (const Multiline& m : several) {
    LineMark end{m.same_as_another ? LineMark::single : LineMark::end,
                 m.primary,
                 m.mark->labelled,
                 m.depth,
                 uint32_t(less(m.end.column, 1)),
                 m.end.column,
                 uint32_t(less(m.end.character, 1)),
                 m.end.character,
                 m.mark->text};
    if (!m.same_as_another) {
      lines_[m.begin.line].push_back({LineMark::start,
                                      m.primary,
                                      false,
                                      m.depth,
                                      m.begin.column,
                                      m.begin.column + 1,
                                      m.begin.character,
                                      m.begin.character + 1,
                                      {}});
      // Up to four lines are shown of its beginning, and the one before its end.
      uint32_t middle = std::min(m.begin.line + 4, m.end.line), until = m.begin.line;
      for (uint32_t n = middle; n-- > m.begin.line;) {
        if (is_worth_showing(columns.line(file, n))) {
          until = n + 1;
          break;
        }
      }
      LineMark inside{LineMark::inside, m.primary, false, m.depth, 0, 0, 0, 0, {}};
      for (uint32_t n = m.begin.line + 1; n < until; ++n) lines_[n].push_back(inside);
      uint32_t before = m.end.line - 1;
      if (middle < before && is_worth_showing(columns.line(file, before))) lines_[before].push_back(inside);
    }
    lines_[m.end.line].push_back(end);
  }
  // Behind the last newline of a file rustc counts one more line.
  const SourceMap& map = columns.map();
  last_line_ = columns.line_at(file, furthest);
  if (furthest == map.end(file) && map.text(file).ends_with('\n')) ++last_line_;
}

std::pair<uint32_t, uint32_t> Excerpt::origin() const {
  auto line = std::find_if(lines_.begin(), lines_.end(), [](const auto& l) {
    return std::any_of(l.second.begin(), l.second.end(), [](const LineMark& m) { return m.primary; });
  });
  if (line == lines_.end()) line = lines_.begin();
  auto first = std::min_element(line->second.begin(), line->second.end(), [](const LineMark& a, const LineMark& b) {
    return std::pair(!a.primary, a.begin_character) < std::pair(!b.primary, b.begin_character);
  });
  return {line->first, first->begin_character + 1};
}

std::string Excerpt::primary_texts() const {
  std::string texts;
  for (const Mark& m : marks_)
    if (m.primary && !trim(m.text).empty()) texts += (texts.empty() ? ": " : ", ") + m.text;
  return texts;
}

namespace {

// Draws one excerpt: its lines of code, and below each what is said of it.
class Drawing {
 public:
  Drawing(Canvas& canvas, const Frame& frame, Columns& columns, uint32_t file, Margin margin, size_t code)
      : canvas_(canvas),
        frame_(frame),
        columns_(columns),
        file_(file),
        margin_(margin),
        left_(frame.gutter + 3),
        code_(code) {}

  // A line of code; returns how many of its columns are cut off at the left.
  uint32_t code_line(size_t row, uint32_t number) {
    std::string_view text = columns_.line(file_, number);
    uint32_t width = columns_.width(file_, number);
    uint32_t left = uint32_t(std::min<size_t>(margin_.left, width)), right = margin_.right_of(width);
    auto [from, skipped] = columns_.skip(file_, number, left);
    uint32_t room = uint32_t(less(right, left)), taken = 0;
    left = std::max(left, skipped);
    size_t to = from;
    while (to < text.size()) {
      size_t next = to;
      taken += display_width(next_character(text, next));
      if (taken > room) break;
      to = next;
    }
    std::string code = shown(text.substr(from, to - from));
    size_t dropped = 0, columns_dropped = 0;
    if (margin_.left > 0) {
      while (dropped < code.size() && columns_dropped < kDots.size())
        columns_dropped += display_width(next_character(code, dropped));
      canvas_.put(row, code_, kDots, Style::line_number);
    }
    std::string_view rest = std::string_view(code).substr(dropped);
    size_t end = canvas_.put(row, code_ + columns_dropped, rest, Style::plain);
    if (width > right) {
      size_t replaced = 0, columns = 0;
      for (size_t i = code.size(); i > 0 && columns < kDots.size(); ++replaced) {
        do --i;
        while (i > 0 && (uint8_t(code[i]) & 0xc0) == 0x80);
        size_t at = i;
        columns += display_width(next_character(code, at));
      }
      canvas_.put(row, less(end, replaced), kDots, Style::line_number);
    }
    canvas_.put(row, 0, frame_.number(number), Style::line_number);
    canvas_.put(row, left_ - 2, '|', Style::line_number);
    return left;
  }

  void joining_line(size_t row, uint32_t depth, Style style) { canvas_.put(row, left_ + depth - 1, '|', style); }

  // A line and its marks; returns those that begin or end here.
  std::vector<std::pair<uint32_t, Style>> line(uint32_t number, const std::vector<LineMark>& marks);

 private:
  struct Placed {
    size_t row;  // below the underline
    const LineMark* mark;
  };
  bool whole_lines(const std::vector<LineMark>& marks, uint32_t number) const;
  std::vector<Placed> place(const std::vector<LineMark>& marks, size_t& height, std::vector<bool>& overlapped);
  void connect(const std::vector<Placed>& placed, size_t row, size_t height);
  void underline(const std::vector<Placed>& placed, size_t row);
  size_t column(uint32_t c) const { return less(code_ + c, cut_); }

  Canvas& canvas_;
  const Frame& frame_;
  Columns& columns_;
  uint32_t file_;
  Margin margin_;
  size_t left_, code_;
  uint32_t cut_ = 0;  // columns, of the current line
};

// Spans of several lines that begin here with nothing in front of them, and no other marks.
bool Drawing::whole_lines(const std::vector<LineMark>& marks, uint32_t number) const {
  Columns::Margin margin = columns_.margin(file_, number);
  return std::all_of(marks.begin(), marks.end(), [&](const LineMark& m) {
    return m.part == LineMark::inside ||
           (m.part == LineMark::start && (m.begin <= margin.shown || (margin.blank && margin.shown == margin.columns)));
  });
}

// In which row the text of each mark goes. The last one may stand behind its underline; others hang below theirs, the first one lowest.
std::vector<Drawing::Placed> Drawing::place(const std::vector<LineMark>& marks, size_t& height,
                                            std::vector<bool>& overlapped) {
  std::vector<const LineMark*> sorted;
  for (const LineMark& m : marks) sorted.push_back(&m);
  std::stable_sort(sorted.begin(), sorted.end(), [](const LineMark* a, const LineMark* b) {
    return std::pair(a->begin, a->begin_character) > std::pair(b->begin, b->begin_character);
  });
  auto overlaps = [](const LineMark& a, const LineMark& b, size_t padding) {
    return overlap(a.begin, a.stop + uint32_t(padding), b.begin, b.stop);
  };
  overlapped.assign(sorted.size(), false);
  std::vector<Placed> placed;
  size_t row = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const LineMark& mark = *sorted[i];
    for (size_t k = 0; k < sorted.size(); ++k) {
      const LineMark& next = *sorted[k];
      bool both = overlaps(next, mark, 0);
      if (both && k > 1) overlapped[i] = overlapped[k] = true;
      if (!both || !mark.has_text() || k <= i || row != 0) continue;
      bool same = next.begin == mark.begin && next.begin_character == mark.begin_character && next.stop == mark.stop &&
                  next.stop_character == mark.stop_character;
      if (same && !next.has_text()) continue;  // drawn as one
      ++row;
      break;
    }
    placed.push_back({row, &mark});
    for (size_t k = i + 1; k < sorted.size(); ++k) {
      const LineMark& next = *sorted[k];
      size_t length = next.labelled ? next.text.size() + 2 : 0;
      bool touch = overlaps(next, mark, length);
      if ((touch && mark.has_text() && next.has_text()) || (mark.takes_space() && next.has_text()) ||
          (mark.has_text() && next.takes_space()) || (mark.takes_space() && next.takes_space()) ||
          (touch && std::pair(next.stop, next.stop_character) <= std::pair(mark.stop, mark.stop_character) &&
           next.has_text() && row == 0)) {
        ++row;
        break;
      }
    }
    height = std::max(height, row);
  }
  if (height != 0) ++height;
  return placed;
}

// The lines between marks and their texts, and those that lead to the left.
void Drawing::connect(const std::vector<Placed>& placed, size_t row, size_t height) {
  for (const auto& [at, m] : placed) {
    if (m->takes_space())
      for (size_t c = left_ + m->depth; c < column(m->begin); ++c) canvas_.put(row + at + 1, c, '_', m->underline());
  }
  for (const auto& [at, m] : placed) {
    size_t bottom = row + at + 1;
    if (at > 0 && (m->has_text() || m->takes_space()))
      for (size_t r = row + 1; r <= bottom; ++r) canvas_.put(r, column(m->begin), '|', m->underline());
    if (m->part == LineMark::start) {
      canvas_.put(bottom, left_ + m->depth - 1, ' ', m->underline());
      for (size_t r = bottom + 1; r < row + height + 2; ++r) joining_line(r, m->depth, m->underline());
    } else if (m->part == LineMark::end) {
      for (size_t r = row; r <= bottom; ++r) joining_line(r, m->depth, m->underline());
    }
  }
  for (const auto& [at, m] : placed) {
    size_t r = row + (at == 0 ? 1 : at + 2);
    size_t c = at != 0 ? less(m->begin, cut_) : less(m->stop + (m->stop == 0 ? 2 : 1), cut_);
    canvas_.put(r, code_ + c, m->text, m->underline());
  }
}

// Short ones over long ones, primary ones over others.
void Drawing::underline(const std::vector<Placed>& placed, size_t row) {
  for (const auto& [at, m] : placed) {
    char c = m->primary ? '^' : '-';
    for (uint32_t i = m->begin; i < m->stop; ++i) canvas_.put(row + 1, column(i), c, m->underline());
    if (m->takes_space() || (at != 0 && m->has_text())) canvas_.put(row + 1, column(m->begin), c, m->underline());
  }
}

std::vector<std::pair<uint32_t, Style>> Drawing::line(uint32_t number, const std::vector<LineMark>& marks) {
  size_t row = canvas_.rows();
  cut_ = code_line(row, number);
  std::vector<std::pair<uint32_t, Style>> joined;
  if (whole_lines(marks, number)) {
    for (const LineMark& m : marks) {
      if (m.part != LineMark::start) continue;
      canvas_.put(row, left_ + m.depth - 1, '/', m.underline());
      joined.push_back({m.depth, m.underline()});
    }
    return joined;
  }
  size_t height = 0;
  std::vector<bool> overlapped;
  std::vector<Placed> placed = place(marks, height, overlapped);
  if (std::all_of(marks.begin(), marks.end(), [](const LineMark& m) { return m.part == LineMark::inside; })) return {};
  if (std::all_of(marks.begin(), marks.end(), [](const LineMark& m) { return m.part == LineMark::start; })) {
    // Nothing has a text: turned round, the lines do not cross.
    size_t most = 0;
    for (const Placed& p : placed) most = std::max(most, p.row);
    for (Placed& p : placed) p.row = most - p.row;
    height = less(height, 1);
  }
  for (size_t r = 0; r <= height; ++r) canvas_.put(row + r + 1, left_ - 2, '|', Style::line_number);
  connect(placed, row, height);
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return a.mark->length() != b.mark->length() ? a.mark->length() > b.mark->length()
                                                : a.mark->primary < b.mark->primary;
  });
  underline(placed, row);
  for (size_t i = 0; i < placed.size(); ++i) {
    const LineMark& m = *placed[i].mark;
    size_t width = less(m.stop, m.begin);
    if (overlapped[i] || m.part != LineMark::single || width <= margin_.width * 2 || width <= 10 + kDots.size())
      continue;
    // The middle of a very long span is left out.
    size_t pad = std::max<size_t>(margin_.width / 3, 5);
    size_t from = code_ + less(m.begin + pad, cut_), to = code_ + less(m.stop - pad, cut_);
    canvas_.elide(row, from, to);
    canvas_.elide(row + 1, from, to);
  }
  for (const Placed& p : placed)
    if (p.mark->takes_space()) joined.push_back({p.mark->depth, p.mark->underline()});
  return joined;
}

}  // namespace

void Excerpt::draw(Canvas& canvas, const Frame& frame, bool arrow, uint32_t depth) const {
  const SourceMap& map = columns_.map();
  const size_t left = frame.gutter + 3, code = left + (depth == 0 ? 0 : depth + 1);
  auto [line, character] = origin();
  if (!arrow) {
    canvas.put(canvas.rows(), frame.bar(), '|', Style::line_number);
    line = lines_.begin()->first;
    character = lines_.begin()->second.front().begin_character + 1;
  }
  size_t row = canvas.rows();
  canvas.append(row, std::string(frame.gutter, ' '), Style::plain);
  canvas.append(row, arrow ? "--> " : "::: ", Style::line_number);
  canvas.append(row, fmt::format("{}:{}:{}", map.name(file_), line, character), Style::plain);
  canvas.put(row + 1, frame.bar(), '|', Style::line_number);

  Extent extent;
  for (const auto& [number, marks] : lines_) {
    Columns::Margin margin = columns_.margin(file_, number);
    if (!margin.blank) extent.white = std::min(extent.white, margin.columns);
    extent.longest_line = std::max(extent.longest_line, columns_.width(file_, number));
    for (const LineMark& m : marks) {
      extent.left = std::min({extent.left, m.begin, m.stop});
      extent.right = std::max({extent.right, m.begin, m.stop});
      extent.labels = std::max(extent.labels, m.stop + (m.labelled ? display_width(m.text) + 1 : 0));
    }
  }
  Drawing drawing(canvas, frame, columns_, file_, Margin(extent, uint32_t(less(frame.width, code))), code);
  std::map<uint32_t, Style> open;  // by depth: spans that go on
  for (auto l = lines_.begin(); l != lines_.end(); ++l) {
    size_t before = canvas.rows();
    std::map<uint32_t, Style> opened;
    for (auto [d, style] : drawing.line(l->first, l->second)) {
      if (open.erase(d) == 0) opened[d] = style;
    }
    for (auto [d, style] : open)
      for (size_t r = before; r < canvas.rows(); ++r) drawing.joining_line(r, d, style);
    auto next = std::next(l);
    if (next != lines_.end() && next->first - l->first > 1) {
      size_t between = canvas.rows();
      if (next->first - l->first > 2)
        canvas.put(between, 0, kDots, Style::line_number);
      else
        drawing.code_line(between, l->first + 1);
      for (auto [d, style] : open) drawing.joining_line(between, d, style);
      for (const LineMark& m : l->second)
        if (m.part == LineMark::start) drawing.joining_line(between, m.depth, m.underline());
    }
    open.insert(opened.begin(), opened.end());
  }
}

}  // namespace rustg::source::detail
