// All that is wrong with one file, in rustc's order: what its lexer says, then, if that was not fatal, its parser.
#pragma once
#include <vector>

#include "parse/diagnose.h"

namespace rustg::driver {

// Keeps its memory from file to file; one a thread.
class Diagnoser {
 public:
  std::vector<source::Diagnostic> diagnose(const source::SourceMap& map, uint32_t file);

 private:
  parse::Diagnoser parser_;
};

}  // namespace rustg::driver
