// Diagnostics as text: for people, as rustc shows them; one line each; or as JSON objects in rustc's schema. See docs/diagnostics.md.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "source/columns.h"
#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::source {

enum class ErrorFormat : uint8_t { human, terse, json };

struct RenderOptions {
  ErrorFormat format = ErrorFormat::human;
  bool colour = false;     // ANSI's escape sequences; in JSON: in `rendered`
  uint32_t width = 140;    // columns of the terminal; lines are cut to fit
  bool anonymous = false;  // LL for line numbers at the left, as in rustc's own tests
};

// No excerpt shows more labels than this, and no line's marks may lie further apart than so many columns: what is drawn grows with both.
constexpr size_t kMostLabels = 100;
constexpr uint32_t kMostColumns = 1 << 16;

// Renders the diagnostics of one batch. What it finds out about long lines is kept, so one renderer for many diagnostics is faster than many.
class Renderer {
 public:
  explicit Renderer(const SourceMap& map, RenderOptions options = {}) : columns_(map), options_(options) {}

  // Ends with a newline; in human form with an empty line.
  std::string render(const Diagnostic& diagnostic);

 private:
  std::string human(const Diagnostic& diagnostic, bool terse);
  std::string json(const Diagnostic& diagnostic);

  Columns columns_;
  RenderOptions options_;
};

// What is said at the end: how many errors and warnings there were, and which of the errors' codes have an explanation. `program` is how
// --explain is called. Empty if there was nothing.
std::string closing(const RenderOptions& options, size_t errors, size_t warnings, const std::set<std::string>& codes,
                    std::string_view program = "rustg");

// Renders one after the other, leaves out what was said before, and counts.
class Reporter {
 public:
  explicit Reporter(const SourceMap& map, RenderOptions options = {}) : renderer_(map, options), options_(options) {}

  // Empty if the same was reported before.
  std::string report(const Diagnostic& diagnostic);
  // The same of one that has been rendered, as another thread may have done.
  std::string report(const Diagnostic& diagnostic, std::string rendered);
  // closing() of what was reported.
  std::string finish(std::string_view program = "rustg") const;
  size_t errors() const { return errors_; }
  size_t warnings() const { return warnings_; }

 private:
  Renderer renderer_;
  RenderOptions options_;
  std::unordered_set<size_t> seen_;  // hashes of what was said
  std::set<std::string> codes_;      // of the errors
  size_t errors_ = 0, warnings_ = 0;
};

// Labels of a multi-span as they are shown: those given, then the primary spans without one. Spans that are in no file are left out, those that
// reach over the end of their file are cut.
struct PlacedLabel {
  Span span;
  bool primary;
  bool labelled;
  std::string text;
};
std::vector<PlacedLabel> placed_labels(const SourceMap& map, const MultiSpan& spans);

std::string_view name_of(Level level);

}  // namespace rustg::source
