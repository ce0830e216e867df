// What the lexer has to report about a file, in rustc's words and order. lex() only tells which files have something (TokensRef::errors); those
// few are gone through again here, on the host, by the same functions of scan.h.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "source/source_map.h"

namespace rustg::lex {

// A place: offsets into the bytes of all files.
struct Span {
  uint32_t begin, end;
};

// The place of a report about a file as a whole.
constexpr Span kNoSpan{0, 0};

struct Label {
  Span span;
  std::string text;
};

enum class Applicability : uint8_t { machine_applicable, maybe_incorrect };

struct Suggestion {
  std::string text;
  std::vector<Label> parts;  // what to put in the place of each span
  Applicability applicability = Applicability::maybe_incorrect;
};

struct Report {
  std::string message;
  Span span;
  const char* code = "";       // E0762, or nothing
  std::string label = {};      // at `span`
  std::vector<Label> labels = {};
  std::vector<std::string> notes = {}, helps = {};
  std::vector<Label> span_notes = {};
  std::vector<Suggestion> suggestions = {};
  bool fatal = false;   // rustc stops here, and so does the list
  bool warning = false;
};

std::vector<Report> diagnose(const source::SourceMap& map, uint32_t file);

}  // namespace rustg::lex
