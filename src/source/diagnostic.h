// What a stage has to say about the source: errors, warnings, and what belongs to them. Stages make Diagnostics; render.h shows them, in rustc's look, short, or as JSON.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rustg::source {

// Bytes of the batch (SourceMap), [begin, end).
struct Span {
  uint32_t begin = 0, end = 0;
  bool operator==(const Span&) const = default;
};

enum class Level : uint8_t { error, warning, note, help };

struct Label {
  Span span;
  std::string text;  // may be empty: underlined only
};

// The places a message is about. The first primary one is where it is said to be (`--> file:line:column`); labels on primary spans are
// underlined with ^, the others with -. No primary: a message without a place.
struct MultiSpan {
  std::vector<Span> primary = {};
  std::vector<Label> labels = {};
};

// How sure a suggestion is; rustc's rustc_lint_defs::Applicability.
enum class Applicability : uint8_t { machine_applicable, maybe_incorrect, has_placeholders, unspecified };

// How a suggestion is shown; rustc_errors::SuggestionStyle.
enum class SuggestionStyle : uint8_t { show_code, hide_code_inline, hide_code_always, completely_hidden, show_always };

struct Replacement {
  Span span;  // empty: an insertion
  std::string text;
};

struct Suggestion {
  std::string message;
  std::vector<std::vector<Replacement>> alternatives;  // each a set of replacements that are done together
  Applicability applicability = Applicability::unspecified;
  SuggestionStyle style = SuggestionStyle::show_code;
};

// A note or help that hangs below.
struct Note {
  Level level = Level::note;
  std::string message;
  MultiSpan spans = {};
};

struct Diagnostic {
  Level level = Level::error;
  std::string message;
  std::string code = {};  // E0762, or empty
  MultiSpan spans = {};
  std::vector<Note> notes = {};  // in the order shown; suggestions come behind them
  std::vector<Suggestion> suggestions = {};
  bool fatal = false;  // rustc says nothing more about this file

  // What a stage says, in the words of rustc's own interface. Those without a span are about the first primary one.
  static Diagnostic at(Span span, std::string message, std::string code = {}) {
    return {.message = std::move(message), .code = std::move(code), .spans = {.primary = {span}}};
  }
  Diagnostic& label(std::string text) { return label(spans.primary[0], std::move(text)); }
  Diagnostic& label(Span span, std::string text) {
    spans.labels.push_back({span, std::move(text)});
    return *this;
  }
  Diagnostic& note(std::string text) {
    notes.push_back({Level::note, std::move(text)});
    return *this;
  }
  Diagnostic& note(Span span, std::string text) {
    notes.push_back({Level::note, std::move(text), {.primary = {span}}});
    return *this;
  }
  Diagnostic& help(std::string text) {
    notes.push_back({Level::help, std::move(text)});
    return *this;
  }
  // rustc's `verbose` ones are show_always, those without a style show_code.
  Diagnostic& suggest(std::string text, std::vector<Replacement> parts,
                      Applicability applicability = Applicability::maybe_incorrect,
                      SuggestionStyle style = SuggestionStyle::show_always) {
    suggestions.push_back({std::move(text), {std::move(parts)}, applicability, style});
    return *this;
  }
};

}  // namespace rustg::source
