#include <fmt/format.h>

#include "source/explain.h"
#include "source/render.h"

namespace rustg::source {

// In render_json.cpp.
std::string json_message(std::string_view message, std::string_view level, std::string_view rendered);

std::string Reporter::report(const Diagnostic& d) { return report(d, renderer_.render(d)); }

std::string Reporter::report(const Diagnostic& d, std::string text) {
  if (!seen_.insert(std::hash<std::string>()(text)).second) return {};
  if (d.level == Level::error) ++errors_;
  if (d.level == Level::warning) ++warnings_;
  if (d.level == Level::error && !d.code.empty()) codes_.insert(d.code);
  return text;
}

std::string Reporter::finish(std::string_view program) const {
  return closing(options_, errors_, warnings_, codes_, program);
}

std::string closing(const RenderOptions& options, size_t errors, size_t warnings, const std::set<std::string>& codes,
                    std::string_view program) {
  if (errors == 0 && warnings == 0) return {};
  Diagnostic d;
  std::string emitted = warnings == 0 ? "" : fmt::format("{} warning{} emitted", warnings, warnings == 1 ? "" : "s");
  if (errors == 0) {
    d.level = Level::warning;
    d.message = emitted;
  } else {
    d.message = fmt::format("aborting due to {} previous error{}", errors, errors == 1 ? "" : "s");
    if (!emitted.empty()) d.message += "; " + emitted;
  }
  SourceMap none;
  std::string out = Renderer(none, options).render(d);
  std::vector<std::string_view> explained;
  for (const std::string& code : codes)
    if (explain(code)) explained.push_back(code);
  // The brief form does without.
  if (errors == 0 || explained.empty() || options.format == ErrorFormat::terse) return out;
  // A line that is no diagnostic: bold, and without a level.
  auto note = [&](const std::string& text) {
    std::string rendered = options.colour ? "\x1b[1m" + text + "\x1b[0m\n" : text + "\n";
    out += options.format == ErrorFormat::json ? json_message(text, "failure-note", rendered) : rendered;
  };
  bool one = explained.size() == 1;
  if (!one) {
    constexpr size_t kMostCodes = 9;
    bool more = explained.size() > kMostCodes;
    if (more) explained.resize(kMostCodes);
    note(fmt::format("Some errors have detailed explanations: {}{}", fmt::join(explained, ", "), more ? "..." : "."));
  }
  note(fmt::format("For more information about {} error, try `{} --explain {}`.", one ? "this" : "an", program,
                   explained[0]));
  return out;
}

}  // namespace rustg::source
