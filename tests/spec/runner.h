// Runs what wast2json makes of a .wast file: a JSON list of commands and the modules beside it. Any engine can be plugged in
// as a SpecEngine. Modules of a file that registers none live each in a program of their own; otherwise all in one.
#pragma once
#include <string>
#include <vector>

#include "spec/engine.h"

namespace rustg::spec {

struct Failure {
  uint32_t line;  // in the .wast file
  std::string message;
};
struct FileResult {
  uint32_t passed = 0;
  // Modules in the text format: they test its parser, and rustg has none.
  uint32_t skipped = 0;
  std::vector<Failure> failures;
};

// An error: the file is not there or is not what wast2json writes.
Result<FileResult> run_file(const std::string& json_path, const SpecEngineFactory& factory);

}  // namespace rustg::spec
