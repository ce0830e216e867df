// Parse errors in rustc's words and places: what is reported to people about the errors that the device found.
#pragma once
#include <vector>

#include "parse/trace.h"
#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::parse {

// Keeps its memory from file to file; one a thread.
class Diagnoser {
 public:
  // What the parser has to say about a file, in the order of its text; what the lexer has to say (lex/diagnose.h) comes before it.
  std::vector<source::Diagnostic> diagnose(const source::SourceMap& map, uint32_t file);

 private:
  Tracer tracer_;
};

}  // namespace rustg::parse
