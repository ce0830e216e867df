// spec_run [--passes] FILE.json…: run wast2json's output on the CPU's engine, with --passes after all passes of the IR; passed
// and failed by file, and a total. Exit code 1 if anything failed.
#include <fmt/format.h>

#include "spec/runner.h"

int main(int argc, char** argv) {
  uint64_t passed = 0, failed = 0, text = 0, skipped = 0;
  std::optional<rustg::ir::Options> passes;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--passes") {
      passes = {.guards = true, .imprecise = false, .fuel = true};
      continue;
    }
    auto result = rustg::spec::run_file(argv[i], rustg::spec::make_cpu_engine, passes);
    if (!result) {
      fmt::print("{}\n", result.error().message);
      ++failed;
      continue;
    }
    const uint32_t outdated = result->skipped_outdated;
    fmt::print("{:5} passed {:4} failed {:4} text {:2} outdated  {}\n", result->passed, result->failures.size(),
               result->skipped_text, outdated, argv[i]);
    for (const auto& failure : result->failures) fmt::print("    line {}: {}\n", failure.line, failure.message);
    passed += result->passed;
    failed += result->failures.size();
    text += result->skipped_text;
    skipped += outdated;
  }
  fmt::print("{} passed, {} failed; left out: {} in the text format, {} that core 2.0 has overtaken\n", passed, failed,
             text, skipped);
  return failed != 0;
}
