#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <variant>

#include "source/display.h"
#include "source/render.h"
#include "source/render_parts.h"

namespace rustg::source {

using detail::Change;
using detail::Excerpt;
using detail::Frame;
using detail::Mark;

namespace detail {

std::string Frame::number(uint32_t line) const {
  return anonymous ? std::string("LL") : fmt::format("{:>{}}", line, gutter);
}

}  // namespace detail

namespace {

// At most so many ways to do it are shown.
constexpr size_t kMostAlternatives = 4;

// Hangs below an excerpt: `= note: …`. Without a level there is only the text.
struct Message {
  std::optional<Level> level;
  std::string text;
};

// A headline and what belongs to it.
struct Group {
  Level level;
  std::string text, code = {};
  std::vector<std::variant<Message, Excerpt, Change>> parts = {};
};

// A word to say that something looks alike but is not.
enum Confusion : uint8_t { none = 0, capitals = 1, numerals = 2 };

uint8_t confusion(std::string_view old, std::string_view text) {
  if (old.size() != text.size() || old == text) return none;
  bool capital = false, digit = false;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 32) : c; };
  for (size_t i = 0, k = 0; i < old.size() && k < text.size();) {
    char32_t a = next_character(old, i), b = next_character(text, k);
    if (a == b) continue;
    if (a < 0x80 && b < 0x80 && lower(char(a)) == lower(char(b))) {
      constexpr std::string_view alike = "cfikosuvwxyz";
      if (alike.find(char(a)) == alike.npos && alike.find(char(b)) == alike.npos) return none;
      capital = true;
    } else {
      constexpr std::string_view pairs[] = {"0O", "1l", "5S", "8B", "9g"};
      bool found = std::any_of(std::begin(pairs), std::end(pairs), [&](std::string_view p) {
        return (a == char32_t(p[0]) && b == char32_t(p[1])) || (a == char32_t(p[1]) && b == char32_t(p[0]));
      });
      if (!found) return none;
      digit = true;
    }
  }
  return uint8_t((capital ? capitals : none) | (digit ? numerals : none));
}

std::string_view remark(uint8_t confusion) {
  switch (confusion) {
    case capitals: return " (notice the capitalization)";
    case numerals: return " (notice the digit/letter confusion)";
    case capitals | numerals: return " (notice the capitalization and digit/letter confusion)";
    default: return "";
  }
}

class Composer {
 public:
  explicit Composer(Columns& columns) : columns_(columns) {}

  std::vector<Group> compose(const Diagnostic& d) {
    MultiSpan spans = d.spans;
    bool suggested = d.suggestions.size() == 1 && put_in_label(d.suggestions[0], spans);
    groups_.push_back({d.level, d.message, d.code});
    if (!spans.primary.empty()) add_excerpts(spans);
    for (const Note& note : d.notes) {
      if (note.spans.primary.empty() && note.spans.labels.empty()) {
        groups_.back().parts.emplace_back(Message{note.level, note.message});
        continue;
      }
      groups_.push_back({note.level, note.message});
      add_excerpts(note.spans);
    }
    if (!suggested)
      for (const Suggestion& s : d.suggestions) add_suggestion(s);
    if (unshown_ != 0)
      groups_.back().parts.emplace_back(
          Message{Level::note, fmt::format("{} more label{} not shown", unshown_, unshown_ == 1 ? " is" : "s are")});
    return std::move(groups_);
  }

 private:
  const SourceMap& map() const { return columns_.map(); }

  // A short one that stands alone is a label.
  bool put_in_label(const Suggestion& s, MultiSpan& spans) const {
    if (s.style != SuggestionStyle::show_code && s.style != SuggestionStyle::hide_code_inline) return false;
    if (s.alternatives.size() != 1 || s.alternatives[0].size() != 1) return false;
    const Replacement& r = s.alternatives[0][0];
    size_t words = 0;
    bool in_word = false;
    for (size_t i = 0; i < s.message.size();) {
      bool white = is_white_space(next_character(s.message, i));
      words += !white && !in_word;
      in_word = !white;
    }
    if (words >= 10 || r.text.find('\n') != std::string::npos || !is_placed(r.span)) return false;
    std::string_view text = trim(r.text);
    std::string label = "help: " + s.message;
    if (!text.empty() && s.style == SuggestionStyle::show_code)
      label += fmt::format("{}: `{}`", remark(confusion(map().text(r.span.begin, r.span.end), text)), text);
    spans.labels.push_back({r.span, std::move(label)});
    return true;
  }

  bool is_placed(Span span) const {
    uint32_t file = map().file_at(span.begin);
    return file < map().files() && span.begin <= span.end && span.end <= map().end(file);
  }

  void add_excerpts(const MultiSpan& spans) {
    struct File {
      uint32_t file;
      std::vector<Mark> marks;
    };
    std::vector<File> files;
    std::vector<PlacedLabel> labels = placed_labels(map(), spans);
    if (labels.size() > kMostLabels) {
      // Primary ones are the last to go.
      std::stable_sort(labels.begin(), labels.end(),
                       [](const auto& a, const auto& b) { return a.primary > b.primary; });
      unshown_ += labels.size() - kMostLabels;
      labels.resize(kMostLabels);
    }
    const Span* first = spans.primary.empty() ? nullptr : &spans.primary[0];
    for (PlacedLabel& l : labels) {
      uint32_t file = map().file_at(l.span.begin);
      auto at = std::find_if(files.begin(), files.end(), [&](const File& f) { return f.file == file; });
      if (at == files.end()) at = files.insert(files.end(), {file, {}});
      at->marks.push_back({l.span, l.primary, l.labelled, shown(l.text)});
    }
    if (first != nullptr) {
      uint32_t file = map().file_at(first->begin);
      auto at = std::find_if(files.begin(), files.end(), [&](const File& f) { return f.file == file; });
      if (at != files.end()) std::iter_swap(files.begin(), at);
    }
    for (File& f : files) {
      keep_near(f.file, f.marks);
      groups_.back().parts.emplace_back(Excerpt(columns_, f.file, std::move(f.marks)));
    }
  }

  // Marks that are too far from the first primary one of their line to be drawn with it go, and what is too long is cut.
  void keep_near(uint32_t file, std::vector<Mark>& marks) {
    auto is_long = [&](const Mark& m) {
      return columns_.line(file, columns_.line_at(file, m.span.begin)).size() > kMostColumns ||
             columns_.line(file, columns_.line_at(file, m.span.end)).size() > kMostColumns;
    };
    if (std::none_of(marks.begin(), marks.end(), is_long)) return;
    auto anchor = std::find_if(marks.begin(), marks.end(), [](const Mark& m) { return m.primary; });
    if (anchor == marks.end()) anchor = marks.begin();
    const uint32_t near = columns_.place(file, anchor->span.begin).column;
    auto distance = [&](uint32_t offset) {
      uint32_t c = columns_.place(file, offset).column;
      return c > near ? c - near : near - c;
    };
    auto mend = [&](Mark& m) {
      if (distance(m.span.begin) > kMostColumns / 2) return false;
      if (distance(m.span.end) <= kMostColumns / 2) return true;
      uint32_t line = columns_.line_at(file, m.span.begin);
      uint32_t bytes = columns_.skip(file, line, near + kMostColumns / 2).first;
      m.span.end = std::max(m.span.begin, map().line_begin(file, line) + bytes);
      return true;
    };
    size_t before = marks.size();
    std::erase_if(marks, [&](Mark& m) { return !mend(m); });
    unshown_ += before - marks.size();
  }

  void add_suggestion(const Suggestion& s) {
    if (s.style == SuggestionStyle::completely_hidden) return;
    if (s.style == SuggestionStyle::hide_code_always) {
      groups_.back().parts.emplace_back(Message{Level::help, s.message});
      return;
    }
    std::vector<std::vector<Replacement>> ways;
    for (std::vector<Replacement> parts : s.alternatives) {
      std::stable_sort(parts.begin(), parts.end(),
                       [](const Replacement& a, const Replacement& b) { return a.span.begin < b.span.begin; });
      if (parts.empty() || !std::all_of(parts.begin(), parts.end(), [&](const auto& r) { return is_placed(r.span); }))
        continue;
      if (map().file_at(parts.front().span.begin) != map().file_at(parts.back().span.begin)) continue;
      bool apart = true;
      for (size_t i = 1; i < parts.size(); ++i) apart &= parts[i - 1].span.end <= parts[i].span.begin;
      if (!apart) continue;
      // What is there already need not be suggested.
      std::erase_if(parts, [&](const Replacement& r) { return map().text(r.span.begin, r.span.end) == r.text; });
      if (!parts.empty() && fits(parts)) ways.push_back(std::move(parts));
    }
    if (ways.empty()) return;
    Group group{Level::help, s.message};
    size_t more = ways.size() > kMostAlternatives ? ways.size() - kMostAlternatives : 0;
    ways.resize(ways.size() - more);
    for (std::vector<Replacement>& parts : ways) {
      uint8_t confused = none;
      for (const Replacement& r : parts) confused |= confusion(map().text(r.span.begin, r.span.end), r.text);
      group.text += remark(confused);
      if (auto change = Change::make(columns_, std::move(parts))) group.parts.emplace_back(std::move(*change));
    }
    if (more != 0)
      group.parts.emplace_back(Message{{}, fmt::format("and {} other candidate{}", more, more == 1 ? "" : "s")});
    groups_.push_back(std::move(group));
  }

  // Whole lines are shown of a change; those that are too long are not.
  bool fits(const std::vector<Replacement>& parts) const {
    uint32_t file = map().file_at(parts.front().span.begin);
    return std::all_of(parts.begin(), parts.end(), [&](const Replacement& r) {
      return columns_.line(file, columns_.line_at(file, r.span.begin)).size() <= kMostColumns &&
             columns_.line(file, columns_.line_at(file, r.span.end)).size() <= kMostColumns;
    });
  }

  Columns& columns_;
  std::vector<Group> groups_;
  size_t unshown_ = 0;
};

void draw_text(Canvas& canvas, size_t row, std::string_view text, size_t indent, Style style) {
  for (size_t from = 0;; ++row) {
    size_t end = std::min(text.find('\n', from), text.size());
    if (from != 0) canvas.append(row, std::string(indent, ' '), Style::plain);
    canvas.append(row, text.substr(from, end - from), style);
    if (end == text.size()) return;
    from = end + 1;
  }
}

void draw_headline(Canvas& canvas, const Group& group, bool main) {
  std::string label(name_of(group.level));
  if (!group.code.empty()) label += "[" + group.code + "]";
  canvas.append(0, label, style_of(group.level));
  Style style = main ? Style::bold : Style::plain;
  canvas.append(0, ": ", style);
  draw_text(canvas, 0, main ? shown(group.text) : group.text, label.size() + 2, style);
}

void draw_message(Canvas& canvas, const Frame& frame, const Message& message) {
  size_t row = canvas.rows(), indent = frame.gutter + 3;
  canvas.append(row, std::string(frame.gutter, ' '), Style::plain);
  canvas.put(row, frame.bar(), "= ", Style::line_number);
  if (message.level) {
    std::string_view name = name_of(*message.level);
    canvas.append(row, name, Style::bold);
    canvas.append(row, ": ", Style::plain);
    indent += name.size() + 2;
  }
  draw_text(canvas, row, message.text, indent, Style::plain);
}

void draw_group(Canvas& canvas, const Frame& frame, const Group& group, bool first, bool last,
                std::optional<uint32_t> main_file) {
  draw_headline(canvas, group, first);
  auto bar = [&] { canvas.put(canvas.rows(), frame.bar(), '|', Style::line_number); };
  auto is_message = [&](size_t i) { return i < group.parts.size() && std::holds_alternative<Message>(group.parts[i]); };
  if (is_message(0) || (group.parts.empty() && first && !last)) bar();
  uint32_t depth = 0;
  for (const auto& part : group.parts)
    if (const Excerpt* e = std::get_if<Excerpt>(&part)) depth = std::max(depth, e->depth());
  bool arrow = true;
  for (size_t i = 0; i < group.parts.size(); ++i) {
    if (const Message* m = std::get_if<Message>(&group.parts[i])) {
      draw_message(canvas, frame, *m);
    } else if (const Excerpt* e = std::get_if<Excerpt>(&group.parts[i])) {
      e->draw(canvas, frame, std::exchange(arrow, false), depth);
      if (first && (is_message(i + 1) || (i + 1 == group.parts.size() && !last))) bar();
    } else {
      const Change& change = std::get<Change>(group.parts[i]);
      const Change* above = i > 0 ? std::get_if<Change>(&group.parts[i - 1]) : nullptr;
      change.draw(canvas, frame, main_file != change.file(), above != nullptr && above->file() == change.file());
    }
  }
}

uint32_t digits(uint32_t n) { return n < 10 ? 1 : 1 + digits(n / 10); }

}  // namespace

std::vector<PlacedLabel> placed_labels(const SourceMap& map, const MultiSpan& spans) {
  std::vector<PlacedLabel> placed;
  auto add = [&](Span span, bool primary, bool labelled, const std::string& text) {
    uint32_t file = map.file_at(span.begin);
    if (file >= map.files() || span.begin > map.end(file)) return;
    span.end = std::clamp(span.end, span.begin, map.end(file));
    placed.push_back({span, primary, labelled, text});
  };
  std::set<std::pair<uint32_t, uint32_t>> primary, labelled;
  for (Span s : spans.primary) primary.insert({s.begin, s.end});
  for (const Label& l : spans.labels) {
    add(l.span, primary.contains({l.span.begin, l.span.end}), true, l.text);
    labelled.insert({l.span.begin, l.span.end});
  }
  for (Span s : spans.primary)
    if (labelled.insert({s.begin, s.end}).second) add(s, true, false, {});
  return placed;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::error: return "error";
    case Level::warning: return "warning";
    case Level::note: return "note";
    case Level::help: return "help";
  }
  return "";
}

std::string Renderer::human(const Diagnostic& d, bool terse) {
  std::vector<Group> groups = Composer(columns_).compose(d);
  std::string out;
  Frame frame{.gutter = 0, .width = options_.width, .anonymous = options_.anonymous};
  if (terse) {
    Canvas canvas;
    const Excerpt* excerpt = groups[0].parts.empty() ? nullptr : std::get_if<Excerpt>(&groups[0].parts[0]);
    std::string label(name_of(d.level));
    if (!d.code.empty()) label += "[" + d.code + "]";
    if (excerpt) {
      auto [line, column] = excerpt->origin();
      canvas.append(0, fmt::format("{}:{}:{}: ", columns_.map().name(excerpt->file()), line, column), Style::plain);
    }
    canvas.append(0, label, style_of(d.level));
    canvas.append(0, ": ", Style::plain);
    draw_text(canvas, 0, shown(d.message), label.size() + 2, Style::plain);
    if (excerpt) canvas.append(0, excerpt->primary_texts(), Style::plain);
    canvas.write(out, d.level, options_.colour);
    return out + '\n';
  }
  uint32_t last_line = 0;
  std::optional<uint32_t> main_file;
  for (const Group& g : groups) {
    for (const auto& part : g.parts) {
      if (const Excerpt* e = std::get_if<Excerpt>(&part)) {
        last_line = std::max(last_line, e->last_line());
        if (!main_file) main_file = e->file();
      } else if (const Change* c = std::get_if<Change>(&part)) {
        last_line = std::max(last_line, c->last_line());
      }
    }
  }
  frame.gutter = options_.anonymous ? 2 : digits(last_line);
  for (size_t i = 0; i < groups.size(); ++i) {
    Canvas canvas;
    draw_group(canvas, frame, groups[i], i == 0, i + 1 == groups.size(), main_file);
    canvas.write(out, groups[i].level, options_.colour);
    out += '\n';
  }
  return out + '\n';
}

std::string Renderer::render(const Diagnostic& d) {
  return options_.format == ErrorFormat::json ? json(d) : human(d, options_.format == ErrorFormat::terse);
}

}  // namespace rustg::source
