#include "driver/graph.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "base/clock.h"
#include "driver/graph_draw.h"
#include "driver/graph_impact.h"
#include "driver/graph_query.h"
#include "driver/graph_resolve.h"
#include "driver/graph_tree.h"
#include "driver/json.h"
#include "driver/report.h"
#include "graph/import.h"
#include "graph/snapshot.h"

namespace rustg::driver {
namespace {

using namespace rustg::graph;

// Names with numbers, as lines or as JSON.
struct Figures {
  std::vector<std::pair<std::string_view, uint64_t>> all;
  std::string json() const {
    std::string out;
    for (auto [name, value] : all) out += fmt::format("{}{}:{}", out.empty() ? "" : ",", json_quoted(name), value);
    return "{" + out + "}";
  }
  std::string lines() const {
    std::string out;
    for (auto [name, value] : all) out += fmt::format("{:<22} {:>12}\n", name, value);
    return out;
  }
};

Figures contents(const Registry& r) {
  uint64_t yanked = 0, edges = 0, of_kind[3] = {}, optional = 0, elsewhere = 0;
  std::vector<uint64_t> uses(r.dependency_list_count);
  for (VersionId v = 0; v != r.versions; ++v) {
    yanked += r.version_flags[v] & Registry::kYanked ? 1 : 0;
    ++uses[r.version_dependencies[v]];
  }
  for (uint32_t list = 0; list != r.dependency_list_count; ++list)
    for (uint32_t i = r.dependency_lists[list]; i != r.dependency_lists[list + 1]; ++i) {
      const Dependency& d = r.dependencies[r.dependency_ids[i]];
      edges += uses[list];
      of_kind[int(d.kind()) % 3] += uses[list];
      if (d.optional()) optional += uses[list];
      if (d.target_crate == kNone) elsewhere += uses[list];
    }
  return {{{"crates", r.crates},
           {"versions", r.versions},
           {"yanked", yanked},
           {"edges", edges},
           {"edges, normal", of_kind[0]},
           {"edges, build", of_kind[1]},
           {"edges, dev", of_kind[2]},
           {"edges, optional", optional},
           {"edges to nowhere", elsewhere},
           {"distinct edges", r.dependency_count},
           {"distinct lists", r.dependency_list_count},
           {"requirements", r.requirement_count},
           {"version numbers", r.semver.count},
           {"feature tables", r.feature_table_count},
           {"texts", r.strings.count}}};
}

Figures weights(const Registry& r) {
  Figures out;
  const Sections sections = sections_of(r);
  uint64_t all = 0;
  for (uint32_t t = 0; t != kTables; ++t) {
    out.all.push_back({name_of(Table(t)), sections.section[t].bytes});
    all += sections.section[t].bytes;
  }
  out.all.push_back({"all", all});
  return out;
}

std::string describe(const Registry& r, bool json) {
  if (json) return fmt::format("\"contents\":{},\"bytes\":{}", contents(r).json(), weights(r).json());
  return contents(r).lines() + "\nbytes\n" + weights(r).lines();
}

void report_problems(const ImportReport& report) {
  for (const auto& p : report.problems)
    fmt::print(stderr, "warning: {}{}: {}; left out\n", p.file, p.line == 0 ? "" : fmt::format(":{}", p.line),
               p.message);
  uint64_t all = 0;
  for (uint64_t n : report.rejected) all += n;
  if (all > report.problems.size()) fmt::print(stderr, "warning: and {} more\n", all - report.problems.size());
}

std::string import_json(const ImportReport& report, const Registry& r, double seconds, bool with_contents) {
  std::string rejected, problems;
  for (uint32_t k = 0; k != kRejections; ++k)
    rejected += fmt::format("{}{}:{}", k ? "," : "", json_quoted(name_of(Rejected(k))), report.rejected[k]);
  for (const auto& p : report.problems)
    problems += fmt::format("{}{{\"file\":{},\"line\":{},\"reason\":{},\"message\":{}}}", problems.empty() ? "" : ",",
                            json_quoted(p.file), p.line, json_quoted(name_of(p.reason)), json_quoted(p.message));
  return fmt::format(
      "{{\"files\":{},\"bytes\":{},\"lines\":{},\"crates\":{},\"versions\":{},\"changed_crates\":{},\"removed_crates\":"
      "{},"
      "\"seconds\":{:.3f},\"left_out\":{{{}}},\"problems\":[{}]{}{}}}\n",
      report.files, report.bytes, report.lines, r.crates, r.versions, report.changed_crates, report.removed_crates,
      seconds, rejected, problems, with_contents ? "," : "", with_contents ? describe(r, true) : "");
}

int import(const GraphOptions& options) {
  const double start = base::now();
  std::optional<Snapshot> old;
  if (options.update) {
    auto opened = Snapshot::open(options.snapshot);
    if (!opened) return report_error(opened.error().message);
    old.emplace(std::move(*opened));
  }
  auto imported =
      old ? update_index(old->registry(), options.index, {options.jobs}) : import_index(options.index, {options.jobs});
  if (!imported) return report_error(imported.error().message);
  const Registry r = imported->tables.registry();
  const ImportReport& report = imported->report;
  if (r.versions == 0) {
    report_problems(report);
    return report_error(fmt::format("{}: there is no version of a crate in it", options.index));
  }
  const SnapshotForm form = options.form ? *options.form : old ? old->form() : SnapshotForm::mapped;
  if (auto status = write_snapshot(r, options.snapshot, form); !status) return report_error(status.error().message);
  const double seconds = base::now() - start;
  if (options.json) {
    fmt::print("{}", import_json(report, r, seconds, options.stats));
    return 0;
  }
  report_problems(report);
  fmt::print(stderr, "{} crates, {} versions from {:.1f} MB of index in {:.2f} s{}\n", r.crates, r.versions,
             double(report.bytes) * 1e-6, seconds,
             old ? fmt::format("; {} crates changed, {} gone", report.changed_crates, report.removed_crates) : "");
  if (options.stats) fmt::print("{}", describe(r, false));
  return 0;
}

int stats(const GraphOptions& options) {
  auto opened = Snapshot::open(options.snapshot);
  if (!opened) return report_error(opened.error().message);
  const std::string text = describe(opened->registry(), options.json);
  fmt::print("{}", options.json ? "{" + text + "}\n" : text);
  return 0;
}

}  // namespace

int graph(const GraphOptions& options) {
  switch (options.action) {
    case GraphOptions::Action::import: return import(options);
    case GraphOptions::Action::stats: return stats(options);
    case GraphOptions::Action::order: return graph_order(options);
    case GraphOptions::Action::cycles: return graph_cycles(options);
    case GraphOptions::Action::path: return graph_path(options, false);
    case GraphOptions::Action::why: return graph_path(options, true);
    case GraphOptions::Action::dependents: return graph_dependents(options);
    case GraphOptions::Action::resolve: return graph_resolve(options);
    case GraphOptions::Action::draw: return graph_draw(options);
    case GraphOptions::Action::tree: return graph_tree(options);
    case GraphOptions::Action::impact: return graph_impact(options);
    case GraphOptions::Action::none: break;
  }
  return kExitUsage;
}

}  // namespace rustg::driver
