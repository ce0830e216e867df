// How long an index takes to become tables, and what they weigh.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "graph/import.h"
#include "graph/snapshot.h"

namespace {

using namespace rustg::graph;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
double peak_mb() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  std::string index, snapshot;
  uint32_t threads = 0, repeat = 3;
  bool sizes = false;
  CLI::App app("Import of a registry's index");
  app.add_option("index", index)->required();
  app.add_option("--threads", threads);
  app.add_option("--repeat", repeat);
  app.add_flag("--sizes", sizes);
  app.add_option("--snapshot", snapshot, "write one here and open it");
  CLI11_PARSE(app, argc, argv);
  for (uint32_t i = 0; i != repeat; ++i) {
    const double start = now();
    auto imported = import_index(index, {threads});
    const double seconds = now() - start;
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
        "import: {:.2f} s (read {:.2f}, tables {:.2f}), {:.0f} MB/s, {} crates, {} versions, {} edges, peak {:.0f} "
        "MB\n",
        seconds, report.read_seconds, report.tables_seconds, double(report.bytes) / 1e6 / seconds, r.crates, r.versions,
        edges, peak_mb());
    for (uint32_t k = 0; k != kRejections; ++k)
      if (report.rejected[k]) fmt::print("  left out: {} {}\n", report.rejected[k], name_of(Rejected(k)));
    if (!snapshot.empty()) {
      const double begin = now();
      if (auto status = write_snapshot(r, snapshot); !status) {
        fmt::print(stderr, "{}\n", status.error().message);
        return 1;
      }
      const double written = now();
      auto opened = Snapshot::open(snapshot);
      const double seconds_to_open = now() - written;
      fmt::print("snapshot: written in {:.3f} s, opened in {:.1f} ms, {} bytes{}\n", written - begin,
                 seconds_to_open * 1e3, opened ? opened->file_bytes() : 0, opened ? "" : ": " + opened.error().message);
    }
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
