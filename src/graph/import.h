// A registry's index into tables, with all cores. An index is a file of JSON lines (plain or .zst), a checkout of a registry's git index
// (a file for each crate, a line for each version), or the sparse cache that cargo keeps of one (~/.cargo/registry/index/<registry>).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/index_line.h"
#include "graph/tables.h"

namespace rustg::graph {

struct ImportOptions {
  uint32_t threads = 0;  // 0: one a core
};

struct ImportReport {
  uint64_t files = 0, bytes = 0, lines = 0;  // bytes of JSON lines
  uint64_t rejected[kRejections] = {};       // lines left out, by reason
  // The first of them. `where` is the file, and its line from 1 unless that is 0.
  struct Problem {
    std::string file;
    uint64_t line;
    Rejected reason;
    std::string message;
  };
  static constexpr size_t kProblems = 100;
  std::vector<Problem> problems;
  uint64_t changed_crates = 0, removed_crates = 0;  // of update()
  double read_seconds = 0, tables_seconds = 0;
};

struct Imported {
  Tables tables;
  ImportReport report;
};

// Lines that cannot be used are left out and reported. An error: the index cannot be read at all.
Result<Imported> import_index(const std::string& path, const ImportOptions& options);

// The same tables, from those of an earlier state of the index: only crates whose lines are others than they were are parsed.
Result<Imported> update_index(const Registry& old, const std::string& path, const ImportOptions& options);

}  // namespace rustg::graph
