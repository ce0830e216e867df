#include "driver/graph_resolve.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "driver/compiler.h"
#include "driver/graph_source.h"
#include "driver/json.h"
#include "driver/report.h"
#include "graph/many_roots.h"
#include "graph/newest.h"

namespace rustg::driver {

using namespace rustg::graph;

namespace {

int resolve_one(const GraphOptions& options) {
  auto workspace = resolve_manifest(options.source, options.registry, {!options.fresh, options.locked});
  if (!workspace) return report_error(workspace.error().message);
  const LocalUniverse& universe = *workspace->universe;
  const LockFile file = workspace->lock ? *workspace->lock : lock_of(universe, workspace->local, workspace->resolution);
  for (const LockedPackage& patch : file.unused_patches)
    fmt::print(stderr, "warning: patch `{} v{}` was not used in the crate graph\n", patch.name,
               to_string(patch.version));
  std::string lock = write_lock_file(file);
  std::string path = options.output.empty() ? (workspace->local.root / "Cargo.lock").string() : options.output;
  auto there = read_file(path);
  if (options.locked) {
    auto own = read_file(workspace->local.root / "Cargo.lock");
    if (!own || *own != lock)
      return report_error(fmt::format("cannot update the lock file {} because --locked was passed to prevent this",
                                      (workspace->local.root / "Cargo.lock").string()));
  }
  if (path == "-") {
    std::fputs(lock.c_str(), stdout);
  } else if (!there || *there != lock) {
    std::ofstream out(path, std::ios::binary);
    out << lock;
    out.flush();
    if (!out) return report_error(fmt::format("failed to write {}", path));
  }
  if (options.json) {
    std::string packages;
    for (const Resolution::Package& p : workspace->resolution.packages) {
      std::string features;
      for (StringId f : p.features)
        features += (features.empty() ? "" : ",") + json_quoted(std::string(universe.names().string(f)));
      packages += fmt::format("{}{{\"name\":{},\"version\":{},\"features\":[{}]}}", packages.empty() ? "" : ",",
                              json_quoted(std::string(universe.names().name(p.version))),
                              json_quoted(universe.names().version(p.version)), features);
    }
    fmt::print("{{\"packages\":[{}]}}\n", packages);
    return 0;
  }
  fmt::print(stderr, "{} packages resolved in {:.3f} ms{}\n", workspace->resolution.packages.size(),
             workspace->seconds * 1e3, path == "-" ? "" : fmt::format("; {}", path));
  return 0;
}

int resolve_all(const GraphOptions& options) {
  auto opened = open_snapshot(options.source);
  if (!opened) return report_error(opened.error().message);
  const Registry& r = opened->registry();
  std::unique_ptr<device::cuda::Queue> cuda;
  if (options.cuda) {
    auto queue = device::cuda::Queue::open();
    if (!queue) return report_error(queue.error().message);
    cuda = std::move(*queue);
  }
  device::cpu::Queue cpu(int(options.jobs));
  std::vector<VersionId> roots(r.crates);
  find_newest(cpu, r, roots.data());
  ManyRoots many(cpu, r);
  const ManyResolved resolved = cuda ? many.resolve(*cuda, roots) : many.resolve(roots);
  const double prepare_seconds = many.prepare_seconds() + resolved.prepare_seconds;
  uint64_t packages = 0, steps = 0;
  for (const RootResult& result : resolved.results) {
    packages += result.packages;
    steps += result.steps;
  }
  const size_t failures = resolved.failures.size();
  if (options.json) {
    std::string list;
    for (const auto& [root, message] : resolved.failures)
      list += fmt::format("{}{{\"package\":{},\"error\":{}}}", list.empty() ? "" : ",",
                          json_quoted(many.names().package(roots[root])), json_quoted(message));
    fmt::print(
        "{{\"roots\":{},\"resolved\":{},\"packages\":{},\"digest\":\"{:016x}\",\"seconds\":{:.3f},\"failures\":[{}]}}"
        "\n",
        roots.size(), roots.size() - failures, packages, digest_of(resolved),
        prepare_seconds + resolved.queue_seconds + resolved.host_seconds, list);
    return 0;
  }
  std::map<std::string, uint32_t> reasons;
  for (const auto& [root, message] : resolved.failures) {
    ++reasons[message.substr(0, message.find_first_of("`\n"))];
    if (options.list) fmt::print("{}\nerror: {}\n\n", many.names().package(roots[root]), message);
  }
  std::fflush(stdout);
  fmt::print(stderr, "{} crates: {} resolved, {} packages in all; {} cannot be resolved{}\n", roots.size(),
             roots.size() - failures, packages, failures, failures == 0 || options.list ? "" : " (--list says why)");
  for (const auto& [reason, count] : reasons) fmt::print(stderr, "{:>8}  {}…\n", count, reason);
  fmt::print(stderr,
             "prepared in {:.3f} s, resolved in {:.3f} s ({} steps), {} of them by the host {:.3f} s; digest {:016x}\n",
             prepare_seconds, resolved.queue_seconds + resolved.host_seconds, steps, resolved.on_host,
             resolved.host_seconds, digest_of(resolved));
  return 0;
}

}  // namespace

int graph_resolve(const GraphOptions& options) { return options.all ? resolve_all(options) : resolve_one(options); }

}  // namespace rustg::driver
