// Source files in, what is wrong with them out: read, lexed and parsed as one batch on a device's queue.
#pragma once
#include <tbb/enumerable_thread_specific.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "driver/diagnoser.h"
#include "lex/lex.h"
#include "parse/parse.h"
#include "source/render.h"
#include "source/source_map.h"

namespace rustg::driver {

// Seconds by stage, and how much went through. Of several workers: the sums.
struct CheckTotals {
  uint64_t files = 0, bytes = 0, lines = 0, tokens = 0, nodes = 0;
  double read = 0, copy = 0, lex = 0, parse = 0, report = 0;
  void add(const CheckTotals& other);
};

struct BatchReport {
  std::string text;  // for the user, in the order of the files
  uint32_t errors = 0, warnings = 0;
  std::set<std::string> codes;  // of the errors
  void add(BatchReport other);
  // Shows it, and counts it.
  void add(source::Reporter& reporter, const source::Diagnostic& diagnostic);
  // The same of what has been rendered.
  void add(source::Reporter& reporter, const source::Diagnostic& diagnostic, std::string rendered);

 private:
  void count(const source::Diagnostic& diagnostic, const std::string& shown);
};

struct CheckerSettings {
  source::RenderOptions render;
  bool measure = false;      // count lines, tokens and nodes, and wait after each stage to time it
  bool on_all_cores = false;  // read, and say what is wrong, in parallel
  std::mutex* reading = nullptr;  // of several checkers on all cores one reads at a time, so that the first batch comes soon
};

template <class Queue>
class Checker {
 public:
  Checker(Queue& queue, const CheckerSettings& settings)
      : queue_(queue), settings_(settings), map_(lex::known_words()) {
    start_over();
  }

  // Goes through a few words, so that the device has loaded its programs when the first batch comes.
  void warm_up();
  // A batch that the device has no memory for is cut in two; a single file, refused.
  BatchReport check(std::span<const source::SourceFile> files);
  const CheckTotals& totals() const { return totals_; }

 private:
  // False: there was more than what fits, of memory or of errors; `files` are several.
  bool check_at_once(std::span<const source::SourceFile> files, BatchReport& report);
  // Which files have errors, from the first on.
  std::vector<uint32_t> files_with_errors();
  struct Rendered {
    source::Diagnostic diagnostic;
    std::string text;
  };
  // What is wrong with each of these files.
  std::vector<std::vector<Rendered>> diagnose(std::span<const uint32_t> files);
  void start_over() {
    tree_.emplace(queue_);
    tokens_.emplace(queue_);
  }

  Queue& queue_;
  CheckerSettings settings_;
  source::SourceMap map_;
  std::optional<lex::Tokens<Queue>> tokens_;
  std::optional<parse::Tree<Queue>> tree_;
  tbb::enumerable_thread_specific<Diagnoser> diagnosers_;
  CheckTotals totals_;
};

extern template class Checker<device::cpu::Queue>;
#if defined(RUSTG_HAS_CUDA)
extern template class Checker<device::cuda::Queue>;
#endif

}  // namespace rustg::driver
