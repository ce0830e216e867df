// Runs what wast2json makes of a .wast file: a JSON list of commands and the modules beside it. Any engine can be plugged in
// as a SpecEngine. Modules of a file that registers none live each in a program of their own; otherwise all in one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ir/passes.h"
#include "spec/engine.h"

namespace rustg::spec {

struct Failure {
  uint32_t line;  // in the .wast file
  std::string message;
};
struct FileResult {
  uint32_t modules = 0;  // instantiated, as they must be
  uint32_t passed = 0;   // assertions and actions
  // Modules in the text format: they test its parser, and rustg has none.
  uint32_t skipped_text = 0;
  // "multiple tables" is an error to the threads proposal's tests, which are older than reference types; core 2.0 has them.
  uint32_t skipped_outdated = 0;
  std::vector<Failure> failures;
};

// One of `count` parts of a file, which can run at the same time: each has every count-th module, with what follows it.
struct Part {
  uint32_t index = 0, count = 1;
};
// How many modules stand alone in the file, so that it can be cut into as many parts: 1 if modules name one another.
Result<uint32_t> count_parts(const std::string& json_path);

// `passes`: as in world.h. An error: the file is not there or is not what wast2json writes.
Result<FileResult> run_file(const std::string& json_path, const SpecEngineFactory& factory,
                            const std::optional<ir::Options>& passes = {}, Part part = {});

}  // namespace rustg::spec
