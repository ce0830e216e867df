// How long an index takes to become tables, and what they weigh.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/clock.h"
#include "graph/assemble.h"
#include "graph/import.h"
#include "graph/index_files.h"
#include "graph/merge.h"
#include "graph/snapshot.h"

namespace {

using namespace rustg;
using namespace rustg::graph;

// Of all threads, user and system.
double cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}
double peak_mb() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

// Takes `count` crates out and merges their lines in again: the tables have to be what they were.
bool merge_again(const std::string& index, const Registry& r, uint32_t count) {
  std::vector<CrateId> removed;
  for (uint32_t i = 0; i != count; ++i) removed.push_back(CrateId(uint64_t(i) * r.crates / count));
  std::vector<Part> parts(1);
  LineReader reader(parts[0]);
  FileBlocks blocks;
  Block block;
  uint64_t sequence = 0;
  if (!blocks.open(index)) return false;
  for (;;) {
    auto more = blocks.next(block);
    if (!more) return false;
    if (!*more) break;
    for_each_line({block.bytes.get(), block.size}, [&](std::string_view line, uint64_t) {
      const auto name = reader.name(line);
      const CrateId crate = name ? find_crate(r, *name) : kNone;
      if (crate != kNone && std::binary_search(removed.begin(), removed.end(), crate))
        (void)reader.read(line, sequence++);
    });
  }
  const Assembled changes = assemble(parts);
  double best = 1e9, best_cpu = 1e9;
  bool same = true;
  for (int k = 0; k != 10; ++k) {
    const double begin = base::now(), cpu = cpu_seconds();
    const Tables merged = merge(r, removed, changes.tables.registry());
    best = std::min(best, base::now() - begin);
    best_cpu = std::min(best_cpu, cpu_seconds() - cpu);
    same = same && equal(merged.registry(), r);
  }
  fmt::print("merge: {} crates in {:.1f} ms, {:.1f} ms of CPU (best of 10), tables {}\n", count, best * 1e3,
             best_cpu * 1e3, same ? "equal" : "NOT EQUAL");
  return same;
}

// In one form, and opened again; what is opened has to be what was written.
bool write_and_open(const Registry& r, const std::string& path, SnapshotForm form) {
  const double begin = base::now(), begin_cpu = cpu_seconds();
  if (auto status = write_snapshot(r, path, form); !status) {
    fmt::print(stderr, "{}\n", status.error().message);
    return false;
  }
  const double written = base::now() - begin, written_cpu = cpu_seconds() - begin_cpu;
  double best = 1e9, best_cpu = 1e9;
  uint64_t bytes = 0;
  for (int k = 0; k != 20; ++k) {
    const double open_begin = base::now(), open_cpu = cpu_seconds();
    auto opened = Snapshot::open(path);
    best = std::min(best, base::now() - open_begin);
    best_cpu = std::min(best_cpu, cpu_seconds() - open_cpu);
    if (!opened || (k == 0 && !equal(opened->registry(), r))) {
      fmt::print(stderr, "{}\n", opened ? path + ": NOT EQUAL" : opened.error().message);
      return false;
    }
    bytes = opened->file_bytes();
  }
  fmt::print(
      "snapshot, {}: written in {:.3f} s, {:.3f} s of CPU, opened in {:.1f} ms, {:.1f} ms of CPU (best of 20), {} "
      "bytes\n",
      form == SnapshotForm::mapped ? "mapped" : "compressed", written, written_cpu, best * 1e3, best_cpu * 1e3, bytes);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::string index, snapshot;
  uint32_t threads = 0, repeat = 3, changed = 0;
  bool sizes = false;
  CLI::App app("Import of a registry's index");
  app.add_option("index", index)->required();
  app.add_option("--threads", threads);
  app.add_option("--repeat", repeat);
  app.add_flag("--sizes", sizes);
  app.add_option("--changed", changed, "merge so many crates");
  app.add_option("--snapshot", snapshot, "write one of each form here and open it; the mapped one stays");
  CLI11_PARSE(app, argc, argv);
  for (uint32_t i = 0; i != repeat; ++i) {
    const double start = base::now(), cpu = cpu_seconds();
    auto imported = import_index(index, {threads});
    const double seconds = base::now() - start, cpu_used = cpu_seconds() - cpu;
    if (!imported) {
      fmt::print(stderr, "{}\n", imported.error().message);
      return 1;
    }
    const auto& report = imported->report;
    const Registry r = imported->tables.registry();
    uint64_t edges = 0;
    for (uint32_t v = 0; v != r.versions; ++v)
      edges += r.dependency_lists[r.version_dependencies[v] + 1] - r.dependency_lists[r.version_dependencies[v]];
    fmt::print(
        "import: {:.2f} s, {:.2f} s of CPU (read {:.2f}, tables {:.2f}), {:.0f} MB/s, {} crates, {} versions, {} "
        "edges, peak {:.0f} "
        "MB\n",
        seconds, cpu_used, report.read_seconds, report.tables_seconds, double(report.bytes) / 1e6 / seconds, r.crates,
        r.versions, edges, peak_mb());
    for (uint32_t k = 0; k != kRejections; ++k)
      if (report.rejected[k]) fmt::print("  left out: {} {}\n", report.rejected[k], name_of(Rejected(k)));
    if (!snapshot.empty()) {
      for (SnapshotForm form : {SnapshotForm::compressed, SnapshotForm::mapped})
        if (!write_and_open(r, snapshot, form)) return 1;
    }
    if (changed != 0 && !merge_again(index, r, changed)) return 1;
    if (i + 1 != repeat || !sizes) continue;
    for (const auto& p : report.problems) fmt::print("  {}:{}: {}\n", p.file, p.line, p.message);
    const Sections sections = sections_of(r);
    size_t all = 0;
    for (uint32_t t = 0; t != kTables; ++t) {
      const size_t bytes = sections.section[t].bytes;
      fmt::print("  {:22} {:>10} {:>12} bytes\n", name_of(Table(t)), bytes / element_size(Table(t)), bytes);
      all += bytes;
    }
    fmt::print("  {:22} {:>10} {:>12} bytes\n", "all", "", all);
  }
}
