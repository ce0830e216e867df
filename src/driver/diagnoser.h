// All that is wrong with one file, in rustc's order: what its lexer says, then, if that was not fatal, its parser.
#pragma once
#include <memory>
#include <vector>

#include "parse/diagnose.h"

namespace rustg::driver {

// Keeps its memory from file to file; one a thread.
class Diagnoser {
 public:
  std::vector<source::Diagnostic> diagnose(const source::SourceMap& map, uint32_t file);

 private:
  std::unique_ptr<parse::Diagnoser> parser_;  // made when a file first needs it: most runs have no errors
};

}  // namespace rustg::driver
