// Holds the renderer to rustc's with whatever rustc reports, also of stages that are not ours: what rustc's JSON says of spans, labels and
// suggestions is made a Diagnostic again, and rendered. Prints how many are as rustc rendered them.
//
//   rustc --error-format=json … 2>&1 | render_again [--show N] [--least PERCENT]
//
// JSON does not tell a suggestion's style, nor which replacements are done together: a few guesses are made, and one has to fit. Those that
// come from macros, or are about files that are not there, are left out.
#include <fmt/core.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "source/render.h"

using namespace rustg;
using source::Level;
using source::SuggestionStyle;
namespace json = simdjson::dom;

namespace {

std::optional<Level> level_of(std::string_view name) {
  for (Level level : {Level::error, Level::warning, Level::note, Level::help})
    if (name_of(level) == name) return level;
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(source::SourceMap& map) : map_(map) {}

  bool read(json::element e, source::Diagnostic& d) {
    auto level = level_of(std::string_view(e["level"]));
    if (!level || !read_spans(e["spans"], d.spans, nullptr)) return false;
    d.level = *level;
    d.message = std::string_view(e["message"]);
    if (!e["code"].is_null() && !e["code"]["explanation"].is_null()) d.code = std::string_view(e["code"]["code"]);
    for (json::element child : json::array(e["children"])) {
      source::Note note;
      source::Suggestion suggestion;
      auto child_level = level_of(std::string_view(child["level"]));
      if (!child_level) return false;
      note.level = *child_level;
      note.message = std::string_view(child["message"]);
      std::vector<source::Replacement> parts;
      if (!read_spans(child["spans"], note.spans, &parts)) return false;
      if (parts.empty()) {
        if (!d.suggestions.empty()) return false;
        d.notes.push_back(std::move(note));
      } else {
        d.suggestions.push_back({note.message, {std::move(parts)}});
      }
    }
    return true;
  }

 private:
  bool read_spans(json::element spans, source::MultiSpan& to, std::vector<source::Replacement>* parts) {
    for (json::element s : json::array(spans)) {
      if (!s["expansion"].is_null()) return false;
      auto file = file_of(std::string(std::string_view(s["file_name"])));
      if (!file) return false;
      uint64_t begin = s["byte_start"], end = s["byte_end"];
      if (map_.begin(*file) + end > map_.end(*file)) return false;
      source::Span span{uint32_t(map_.begin(*file) + begin), uint32_t(map_.begin(*file) + end)};
      if (!s["suggested_replacement"].is_null()) {
        if (parts == nullptr) return false;
        parts->push_back({span, std::string(std::string_view(s["suggested_replacement"]))});
        continue;
      }
      if (bool(s["is_primary"]) && std::find(to.primary.begin(), to.primary.end(), span) == to.primary.end())
        to.primary.push_back(span);
      if (!s["label"].is_null()) to.labels.push_back({span, std::string(std::string_view(s["label"]))});
    }
    return true;
  }

  std::optional<uint32_t> file_of(const std::string& name) {
    for (uint32_t f = 0; f < map_.files(); ++f)
      if (map_.name(f) == name) return f;
    std::ifstream in(name, std::ios::binary);
    if (!in) return std::nullopt;
    std::stringstream text;
    text << in.rdbuf();
    // Offsets would not be those of the file.
    if (text.str().find('\r') != std::string::npos || text.str().starts_with("\xef\xbb\xbf")) return std::nullopt;
    auto file = map_.add(name, text.str(), 3);
    return file ? std::optional(*file) : std::nullopt;
  }

  source::SourceMap& map_;
};

// Of one suggestion all its styles; of several, shown or not; its replacements done together or each a way of its own.
std::vector<source::Diagnostic> guesses(const source::Diagnostic& d) {
  std::vector<source::Diagnostic> all{d};
  for (size_t i = 0; i < d.suggestions.size(); ++i) {
    std::vector<source::Diagnostic> more;
    for (const source::Diagnostic& known : all) {
      for (SuggestionStyle style :
           {SuggestionStyle::show_always, SuggestionStyle::show_code, SuggestionStyle::hide_code_inline,
            SuggestionStyle::hide_code_always, SuggestionStyle::completely_hidden}) {
        for (bool apart : {false, true}) {
          auto& parts = known.suggestions[i].alternatives[0];
          if (apart && parts.size() == 1) continue;
          source::Diagnostic& guess = more.emplace_back(known);
          guess.suggestions[i].style = style;
          if (!apart) continue;
          guess.suggestions[i].alternatives.clear();
          for (const auto& part : parts) guess.suggestions[i].alternatives.push_back({part});
        }
      }
    }
    all = std::move(more);
    if (all.size() > 1000) break;
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  long show = 0;
  double least = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string_view(argv[i]) == "--show") show = std::atol(argv[i + 1]);
    if (std::string_view(argv[i]) == "--least") least = std::atof(argv[i + 1]);
  }
  json::parser parser;
  size_t equal = 0, all = 0, left_out = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.starts_with("{\"$message_type\":\"diagnostic\"")) continue;
    json::element e = parser.parse(line);
    source::SourceMap map;
    source::Diagnostic d;
    // What originates in macros has places in them.
    bool macros = line.find("in this macro") != std::string::npos || line.find("originates in") != std::string::npos;
    if (macros || !Reader(map).read(e, d)) {
      ++left_out;
      continue;
    }
    ++all;
    std::string_view wanted = e["rendered"];
    std::string got;
    bool found = false;
    for (const source::Diagnostic& guess : guesses(d)) {
      std::string text = source::Renderer(map).render(guess);
      if (got.empty()) got = text;
      if ((found = text == wanted)) break;
    }
    equal += found;
    if (!found && show-- > 0) fmt::print("--- rustc\n{}--- ours\n{}", wanted, got);
  }
  double share = all == 0 ? 0 : 100.0 * double(equal) / double(all);
  fmt::print("{} of {} diagnostics are rendered as rustc does ({:.2f} %); {} were left out\n", equal, all, share,
             left_out);
  return share < least ? 1 : 0;
}
