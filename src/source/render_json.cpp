#include <fmt/format.h>

#include <optional>

#include "source/explain.h"
#include "source/render.h"

namespace rustg::source {

namespace {

void quote(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (uint8_t(c) < 0x20)
          out += fmt::format("\\u{:04x}", uint8_t(c));
        else
          out += c;
    }
  }
  out += '"';
}

void quote_or_null(std::string& out, const std::string* text) {
  if (text)
    quote(out, *text);
  else
    out += "null";
}

std::string_view name_of(Applicability a) {
  switch (a) {
    case Applicability::machine_applicable: return "MachineApplicable";
    case Applicability::maybe_incorrect: return "MaybeIncorrect";
    case Applicability::has_placeholders: return "HasPlaceholders";
    case Applicability::unspecified: return "Unspecified";
  }
  return "";
}

class Writer {
 public:
  Writer(std::string& out, Columns& columns) : out_(out), columns_(columns) {}

  void head(std::string_view message) {
    out_ += "\"message\":";
    quote(out_, message);
  }
  void code(std::string_view code) {
    if (code.empty()) {
      out_ += ",\"code\":null";
      return;
    }
    out_ += ",\"code\":{\"code\":";
    quote(out_, code);
    out_ += ",\"explanation\":";
    if (auto text = explain(code))
      quote(out_, *text);
    else
      out_ += "null";
    out_ += '}';
  }
  void spans(const MultiSpan& spans) {
    out_ += ",\"spans\":[";
    bool first = true;
    for (const PlacedLabel& l : placed_labels(columns_.map(), spans)) {
      if (!std::exchange(first, false)) out_ += ',';
      span(l.span, l.primary, l.labelled ? &l.text : nullptr, nullptr, {});
    }
    out_ += ']';
  }
  void child(std::string_view message, std::string_view level) {
    out_ += '{';
    head(message);
    code({});
    this->level(level);
  }
  void level(std::string_view level) {
    out_ += ",\"level\":";
    quote(out_, level);
  }
  void end_child() { out_ += ",\"children\":[],\"rendered\":null}"; }
  void suggestion(const Suggestion& s) {
    child(s.message, "help");
    out_ += ",\"spans\":[";
    bool first = true;
    for (const auto& parts : s.alternatives) {
      for (const Replacement& r : parts) {
        uint32_t file = columns_.map().file_at(r.span.begin);
        if (file >= columns_.map().files() || r.span.begin > r.span.end || r.span.end > columns_.map().end(file))
          continue;
        if (!std::exchange(first, false)) out_ += ',';
        span(r.span, true, nullptr, &r.text, s.applicability);
      }
    }
    out_ += ']';
    end_child();
  }

 private:
  // A line for each that the span touches. rustc gives the whole line, however long; so do we.
  void lines(uint32_t file, const Place& begin, const Place& end) {
    out_ += ",\"text\":[";
    for (uint32_t n = begin.line; n <= end.line; ++n) {
      std::string_view text = columns_.line(file, n);
      uint32_t all = 0;
      if (n != end.line)
        all = columns_.place(file, columns_.map().line_begin(file, n) + uint32_t(text.size())).character;
      out_ += n == begin.line ? "{\"text\":" : ",{\"text\":";
      quote(out_, text);
      fmt::format_to(std::back_inserter(out_), ",\"highlight_start\":{},\"highlight_end\":{}}}",
                     (n == begin.line ? begin.character : 0) + 1, (n == end.line ? end.character : all) + 1);
    }
    out_ += ']';
  }

  void span(Span s, bool primary, const std::string* label, const std::string* replacement,
            std::optional<Applicability> applicability) {
    const SourceMap& map = columns_.map();
    uint32_t file = map.file_at(s.begin);
    Place begin = columns_.place(file, s.begin);
    // A line that is taken away whole takes its newline with it.
    if (begin.character == 0 && replacement && replacement->empty() && s.end < map.end(file) &&
        map.text(s.end, s.end + 1) == "\n")
      ++s.end;
    Place end = columns_.place(file, s.end);
    out_ += "{\"file_name\":";
    quote(out_, map.name(file));
    fmt::format_to(
        std::back_inserter(out_),
        ",\"byte_start\":{},\"byte_end\":{},\"line_start\":{},\"line_end\":{},\"column_start\":{},\"column_end\":{},"
        "\"is_primary\":{}",
        map.original_offset(file, s.begin), map.original_offset(file, s.end), begin.line, end.line, begin.character + 1,
        end.character + 1, primary);
    lines(file, begin, end);
    out_ += ",\"label\":";
    quote_or_null(out_, label);
    out_ += ",\"suggested_replacement\":";
    quote_or_null(out_, replacement);
    out_ += ",\"suggestion_applicability\":";
    if (applicability)
      quote(out_, name_of(*applicability));
    else
      out_ += "null";
    out_ += ",\"expansion\":null}";
  }

  std::string& out_;
  Columns& columns_;
};

}  // namespace

std::string Renderer::json(const Diagnostic& d) {
  std::string out = "{\"$message_type\":\"diagnostic\",";
  Writer w(out, columns_);
  w.head(d.message);
  w.code(d.code);
  w.level(name_of(d.level));
  w.spans(d.spans);
  out += ",\"children\":[";
  bool first = true;
  for (const Note& note : d.notes) {
    if (!std::exchange(first, false)) out += ',';
    w.child(note.message, name_of(note.level));
    w.spans(note.spans);
    w.end_child();
  }
  for (const Suggestion& s : d.suggestions) {
    if (!std::exchange(first, false)) out += ',';
    w.suggestion(s);
  }
  out += "],\"rendered\":";
  quote(out, human(d, false));
  return out + "}\n";
}

std::string json_message(std::string_view message, std::string_view level, std::string_view rendered) {
  std::string out = "{\"$message_type\":\"diagnostic\",\"message\":";
  quote(out, message);
  out += ",\"code\":null,\"level\":";
  quote(out, level);
  out += ",\"spans\":[],\"children\":[],\"rendered\":";
  quote(out, rendered);
  return out + "}\n";
}

}  // namespace rustg::source
