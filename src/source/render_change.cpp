#include <fmt/format.h>

#include <algorithm>

#include "source/display.h"
#include "source/render_margin.h"
#include "source/render_parts.h"

namespace rustg::source::detail {

namespace {

bool blank(std::string_view text) { return trim(text).empty(); }

// As Rust's str::lines: what is between newlines, and nothing behind the last one.
std::vector<std::string_view> lines_in(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Characters, of which a tab counts for four.
uint32_t length(std::string_view text) {
  return uint32_t(characters(text) + 3 * size_t(std::count(text.begin(), text.end(), '\t')));
}

struct Inner {
  size_t prefix, suffix;  // bytes
};
// What of a text is more than the old one, if that one is its beginning and its end.
std::optional<Inner> added_to(std::string_view old, std::string_view text) {
  if (text.starts_with(old)) return Inner{old.size(), 0};
  if (text.ends_with(old)) return Inner{0, old.size()};
  size_t common = 0;
  while (common < old.size() && common < text.size() && old[common] == text[common]) ++common;
  while (common > 0 && common < old.size() && (uint8_t(old[common]) & 0xc0) == 0x80) --common;
  if (text.substr(common).ends_with(old.substr(common))) return Inner{common, old.size() - common};
  return std::nullopt;
}

}  // namespace

std::optional<Change> Change::make(Columns& columns, std::vector<Replacement> parts) {
  const SourceMap& map = columns.map();
  uint32_t file = map.file_at(parts[0].span.begin);
  Change change(columns, file);
  change.first_ = columns.line_at(file, parts.front().span.begin);
  uint32_t end = 0;
  for (const Replacement& p : parts) end = std::max(end, p.span.end);
  change.last_ = columns.line_at(file, end);
  // An attribute on a line of its own is shown with the line that it is for, both as far to the right as that is.
  if (parts.size() == 1) {
    Replacement& p = parts[0];
    std::string_view text = trim(p.text);
    std::string_view before = map.text(map.line_begin(file, change.first_), p.span.begin);
    if (p.span.begin == p.span.end && text.starts_with("#[") && text.ends_with("]") && p.text.ends_with('\n') &&
        blank(before)) {
      change.fold_ = false;
      if (!before.empty() && !p.text.ends_with(before)) {
        p.text.insert(0, before);
        p.span.begin = p.span.end = p.span.begin - uint32_t(before.size());
      }
    }
  }
  change.splice(parts);
  if (std::all_of(change.added_.begin(), change.added_.end(), [](const auto& h) { return h.empty(); }))
    return std::nullopt;
  change.choose();
  return change;
}

std::pair<uint32_t, uint32_t> Change::lines_of(Span span) const {
  const SourceMap& map = columns_.map();
  auto end_of = [&](uint32_t n) { return n < map.line_count(file_) ? map.line_begin(file_, n + 1) : map.end(file_); };
  uint32_t first = columns_.line_at(file_, span.begin), last = columns_.line_at(file_, span.end);
  if (span.begin >= end_of(last_)) return {last_, last_};
  return {std::max(first, first_), std::min(last, last_)};
}

// The lines with the replacements in them, and where in them they are.
void Change::splice(const std::vector<Replacement>& parts) {
  const SourceMap& map = columns_.map();
  Span bounds{parts.front().span.begin, parts.front().span.end};
  for (const Replacement& p : parts) bounds.end = std::max(bounds.end, p.span.end);
  if (!fold_)
    bounds = {map.line_begin(file_, first_),
              last_ < map.line_count(file_) ? map.line_begin(file_, last_ + 1) : map.end(file_)};
  for (const Replacement& p : parts) {
    Trimmed& t = parts_.emplace_back(Trimmed{p.span, p.span, p.text});
    if (t.text.empty()) continue;
    if (auto inner = added_to(map.text(p.span.begin, p.span.end), p.text)) {
      t.span = {p.span.begin + uint32_t(inner->prefix), p.span.end - uint32_t(inner->suffix)};
      t.text = p.text.substr(inner->prefix, p.text.size() - inner->prefix - inner->suffix);
    }
  }
  auto [lowest, highest] = columns_.places(file_, bounds);
  std::string& out = complete_;
  Place behind{.line = lowest.line, .offset = map.line_begin(file_, lowest.line)};  // what was taken over so far
  std::vector<Highlight> current;
  auto next_line = [&] { added_.push_back(std::exchange(current, {})); };
  auto rest_of_line = [&] {
    out += columns_.line(file_, behind.line).substr(behind.in_line);
    out += '\n';
  };
  int64_t shift = 0;  // of characters, by what was replaced in the line before
  for (const Trimmed& t : parts_) {
    auto [lo, hi] = columns_.places(file_, t.span);
    if (behind.line == lo.line) {
      if (lo.in_line > behind.in_line)
        out += columns_.line(file_, lo.line).substr(behind.in_line, lo.in_line - behind.in_line);
    } else {
      shift = 0;
      next_line();
      rest_of_line();
      for (uint32_t n = behind.line + 1; n < lo.line; ++n) {
        out += columns_.line(file_, n);
        out += '\n';
        next_line();
      }
      out += columns_.line(file_, lo.line).substr(0, lo.in_line);
    }
    std::string_view text = t.text;
    size_t newline = text.find('\n');
    int64_t added = length(text.substr(0, newline)), at = int64_t(lo.character) + shift;
    current.push_back({uint32_t(at), uint32_t(at + added)});
    out += text;
    shift += added - (int64_t(hi.character) - int64_t(lo.character));
    behind = hi;
    while (newline != std::string_view::npos) {
      text.remove_prefix(newline + 1);
      newline = text.find('\n');
      shift = 0;
      next_line();
      current.push_back({0, length(text.substr(0, newline))});
    }
  }
  next_line();
  if (fold_) {
    if (!out.ends_with('\n')) rest_of_line();
  } else {
    std::string_view rest = map.text(behind.offset, bounds.end);
    out += rest;
    for (ptrdiff_t n = std::count(rest.begin(), rest.end(), '\n'); n > 0; --n) next_line();
  }
  while (out.ends_with('\n')) out.pop_back();

  replaced_.resize(less(highest.line, lowest.line) + 1);
  for (const Trimmed& t : parts_) {
    auto [lo, hi] = columns_.places(file_, t.span);
    for (uint32_t n = lo.line; n <= hi.line; ++n)
      replaced_[n - lowest.line].push_back(
          {n == lo.line ? lo.character : 0,
           n == hi.line ? hi.character : uint32_t(characters(columns_.line(file_, n)))});
  }
}

// How it is shown: as old and new line if something is lost, else as the new one with what was added underlined or marked.
void Change::choose() {
  const SourceMap& map = columns_.map();
  bool lossy = std::any_of(parts_.begin(), parts_.end(), [&](const Trimmed& t) {
    std::string_view old = trim(map.text(t.span.begin, t.span.end));
    return !old.empty() && (blank(t.text) || !added_to(old, trim(t.text)));
  });
  bool several = lines_in(complete_).size() > 1;
  bool all = trim(parts_[0].text) == trim(complete_);
  if (lossy && !several)
    shown_ = Shown::diff;
  else if (parts_.size() == 1 && parts_[0].text.ends_with('\n') && all)
    shown_ = Shown::add;
  else if ((parts_.size() != 1 || !all) && !several)
    shown_ = Shown::underline;
}

uint32_t Change::last_line() const {
  uint32_t begin = columns_.line_at(file_, parts_[0].original.begin);
  uint32_t more = uint32_t(std::count(complete_.begin(), complete_.end(), '\n'));
  if (!fold_) return first_ + more;
  if (shown_ == Shown::underline) return begin;
  return shown_ == Shown::diff ? lines_of(parts_[0].span).second : begin + more;
}

void Change::style(Canvas& canvas, const Frame& frame, size_t row, const std::vector<Highlight>& highlights,
                   Style style, std::string_view text) const {
  for (auto [begin, end] : highlights) {
    if (begin == end) continue;
    auto column = [&](uint32_t n) {
      uint32_t sum = n;
      for (size_t i = 0; i < text.size() && n > 0; --n)
        if (next_character(text, i) == '\t') sum += 3;
      return frame.gutter + 3 + sum;
    };
    canvas.set_style(row, column(begin), column(end), style);
  }
}

void Change::draw_line(Canvas& canvas, const Frame& frame, size_t& row, const std::vector<Highlight>& highlights,
                       bool with_replaced, uint32_t line, std::string_view text) const {
  const size_t bar = frame.bar(), code = frame.gutter + 3;
  const std::string number = frame.number(line);
  if (shown_ == Shown::diff) {
    Span whole = parts_[0].span;
    for (const Trimmed& t : parts_) whole = {std::min(whole.begin, t.span.begin), std::max(whole.end, t.span.end)};
    const std::pair<uint32_t, uint32_t> lines = lines_of(whole);
    const uint32_t first = lines.first, last = lines.second;
    auto replaced = [&](uint32_t n) {
      return with_replaced && n < replaced_.size() ? replaced_[n] : std::vector<Highlight>();
    };
    auto remove = [&](uint32_t shown_as, uint32_t n) {
      canvas.put(row - 1, 0, frame.number(shown_as), Style::line_number);
      canvas.put(row - 1, bar, "- ", Style::removal);
      canvas.put(row - 1, code, shown(columns_.line(file_, n)), Style::plain);
      style(canvas, frame, row - 1, replaced(n - first), Style::removal, columns_.line(file_, n));
    };
    for (uint32_t n = first; n < last; ++n, ++row) remove(line + n - first, n);
    // A line that stays as it was need not be taken out and put in again.
    if (columns_.line(file_, last) == text) {
      row -= 2;
    } else {
      remove(line + last - first, last);
      if (blank(text)) {
        --row;
      } else {
        canvas.put(row, 0, number, Style::line_number);
        canvas.put(row, bar, "+ ", Style::addition);
        canvas.append(row, shown(text), Style::plain);
      }
    }
  } else {
    canvas.put(row, 0, number, Style::line_number);
    bool nothing = highlights.empty() || (highlights.size() == 1 && highlights[0].begin == 0 && highlights[0].end == 0);
    bool whole = highlights.size() == 1 && highlights[0].begin == 0 && highlights[0].end == text.size();
    if (lines_in(complete_).size() > 1) {
      if (whole)
        canvas.put(row, bar, "+ ", Style::addition);
      else if (nothing)
        canvas.put(row, bar, '|', Style::line_number);
      else
        canvas.put(row, bar, "~ ", Style::addition);
      canvas.put(row, code, shown(text), Style::plain);
    } else {
      if (shown_ == Shown::add)
        canvas.put(row, bar, "+ ", Style::addition);
      else
        canvas.put(row, bar, "| ", Style::line_number);
      canvas.append(row, shown(text), Style::plain);
    }
  }
  style(canvas, frame, row, highlights, Style::addition, text);
  ++row;
}

// + below what was added, ~ below what was put in the place of something.
void Change::underline(Canvas& canvas, const Frame& frame, size_t row) const {
  std::vector<std::pair<uint32_t, int64_t>> shifts;  // behind a column, by how much
  for (const Trimmed& t : parts_) {
    auto [lo, hi] = columns_.places(file_, t.span);
    bool white = blank(t.text);
    std::string_view text = white ? std::string_view(t.text) : trim(t.text);
    int64_t from = lo.column;
    if (!white) from += int64_t(t.text.size() - trim_start(t.text).size());
    for (auto [column, shift] : shifts)
      if (lo.column >= column) from += shift;
    bool addition = !t.text.empty() && blank(columns_.map().text(t.span.begin, t.span.end));
    for (int64_t c = from; c < from + int64_t(display_width(text)); ++c)
      if (c >= 0) canvas.put(row, frame.gutter + 3 + size_t(c), addition ? '+' : '~', Style::addition);
    shifts.push_back({hi.column, int64_t(display_width(t.text)) - (int64_t(hi.column) - int64_t(lo.column))});
  }
}

void Change::draw(Canvas& canvas, const Frame& frame, bool origin, bool continued) const {
  const size_t bar = frame.bar();
  size_t row = canvas.rows() + (continued ? 0 : 1);
  if (origin && !continued) {
    Place at = columns_.places(file_, parts_[0].span).first;
    canvas.append(row - 1, std::string(frame.gutter, ' '), Style::plain);
    canvas.append(row - 1, "--> ", Style::line_number);
    canvas.append(row - 1, fmt::format("{}:{}:{}", columns_.map().name(file_), at.line, at.character + 1),
                  Style::plain);
    canvas.put(row, bar, '|', Style::line_number);
    ++row;
  } else {
    canvas.put(row - 1, bar, '|', Style::line_number);
  }
  if (shown_ == Shown::diff) ++row;

  uint32_t start = fold_ ? columns_.line_at(file_, parts_[0].original.begin) : first_;
  std::vector<std::string_view> lines = lines_in(complete_);
  if (lines.empty()) {
    // All of it goes.
    uint32_t end = fold_ ? columns_.places(file_, parts_[0].original).second.line : last_;
    for (uint32_t n = start; n <= end; ++n) {
      canvas.put(row - 1 + n - start, 0, frame.number(n), Style::line_number);
      canvas.put(row - 1 + n - start, bar, "- ", Style::removal);
      canvas.put(row - 1 + n - start, frame.gutter + 3, shown(columns_.line(file_, n)), Style::removal);
    }
    row += end - start;
  }
  // Lines without a change are held back until it is known whether another change follows.
  std::vector<uint32_t> unchanged;
  auto draw_plain = [&](uint32_t n) { draw_line(canvas, frame, row, {}, false, start + n, lines[n]); };
  auto dots = [&] { canvas.put(row, less(frame.gutter, kDots.size()), kDots, Style::line_number); };
  size_t taken = 0;
  for (; taken < lines.size() && taken < added_.size(); ++taken) {
    uint32_t n = uint32_t(taken);
    if (added_[n].empty() && fold_) {
      unchanged.push_back(n);
      continue;
    }
    if (unchanged.size() <= 3) {
      for (uint32_t u : unchanged) draw_plain(u);
    } else {
      draw_plain(unchanged.front());
      dots();
      ++row;
      draw_plain(unchanged.back());
    }
    unchanged.clear();
    draw_line(canvas, frame, row, added_[n], true, start + n, lines[n]);
  }
  if (shown_ != Shown::plain) {
    if (shown_ == Shown::underline) underline(canvas, frame, row);
    ++row;
  }
  if (taken + 1 < lines.size())  // one more is not worth it
    dots();
  else
    canvas.put(shown_ == Shown::plain ? row : row - 1, bar, '|', Style::line_number);
}

}  // namespace rustg::source::detail
