#include "driver/graph_resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>

#include "driver/compiler.h"
#include "driver/graph_source.h"
#include "driver/json.h"
#include "driver/report.h"
#include "graph/device_registry.h"
#include "graph/lookup.h"
#include "graph/resolve_all.h"

namespace rustg::driver {

using namespace rustg::graph;

namespace {

// Of one crate among all: about a second.
constexpr uint64_t kMostStepsOfMany = 1'000'000;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

int resolve_one(const GraphOptions& options) {
  auto workspace = resolve_manifest(options.source, options.registry, {!options.fresh, options.locked});
  if (!workspace) return report_error(workspace.error().message);
  const LocalUniverse& universe = *workspace->universe;
  std::string lock = write_lock_file(lock_of(universe, workspace->local, workspace->resolution));
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

// All roots on one queue; those that it gave up on the host, with more memory and patience.
struct All {
  std::vector<VersionId> roots;
  std::vector<RootResult> results;
  std::vector<uint32_t> counts;  // Universe::candidate_counts, on the host
  double count_seconds = 0, resolve_seconds = 0, rest_seconds = 0;
  uint32_t again = 0;
};

template <class Queue>
void resolve_roots_on(Queue& queue, const Registry& registry, const Universe& host, uint32_t slots, uint32_t packages,
                      uint64_t steps, All& all) {
  Universe universe = host;
  universe.registry = registry;
  double start = now();
  auto counts = queue.template allocate<uint32_t>(registry.dependency_count);
  count_all_candidates(queue, universe, counts.data());
  universe.candidate_counts = counts.data();
  ResolverSlots<Queue> memory(queue, slots, packages);
  auto roots = queue.upload(all.roots);
  auto results = queue.template allocate<RootResult>(all.roots.size());
  queue.synchronize();
  all.count_seconds = now() - start;
  start = now();
  resolve_roots(queue, universe, roots.data(), device::Count(uint32_t(all.roots.size())), memory, steps,
                results.data());
  all.results = queue.download(results.data(), all.roots.size());
  all.counts = queue.download(counts.data(), registry.dependency_count);
  all.resolve_seconds = now() - start;
}

int resolve_all(const GraphOptions& options) {
  auto opened = Snapshot::open(options.source.empty() ? default_snapshot() : options.source);
  if (!opened) return report_error(opened.error().message);
  const Registry& r = opened->registry();
  Universe host;
  host.registry = r;
  host.default_feature = find_string(r.strings, "default");
  Names names(host);
  All all;
  all.roots.resize(r.crates);
  device::cpu::Queue cpu(int(options.jobs));
  find_newest(cpu, r, all.roots.data());
  if (options.cuda) {
    auto queue = device::cuda::Queue::open();
    if (!queue) return report_error(queue.error().message);
#if defined(RUSTG_HAS_CUDA)
    DeviceRegistry<device::cuda::Queue> device(**queue, r);
    resolve_roots_on(**queue, device.registry(), host, 16384, 512, 5'000, all);
#endif
  } else {
    resolve_roots_on(cpu, r, host, uint32_t(cpu.threads()), 1024, 5'000, all);
  }
  const double start = now();
  // The host has more memory and patience, and remembers what cannot go together.
  std::vector<uint32_t> rest;
  for (uint32_t i = 0; i != all.roots.size(); ++i)
    if (all.results[i].outcome != Outcome::resolved) rest.push_back(i);
  all.again = uint32_t(rest.size());
  std::vector<std::string> errors(rest.size());
  Universe counted = host;
  counted.candidate_counts = all.counts.data();
  const Names of_counted(counted);
  cpu.for_each(
      uint32_t(rest.size()),
      [&](uint32_t k) {
        thread_local ResolverMemory memory;
        auto resolution = resolve_version(of_counted, all.roots[rest[k]], memory, kMostStepsOfMany);
        if (!resolution) {
          errors[k] = resolution.error().message;
          return;
        }
        RootResult& result = all.results[rest[k]];
        result = {Outcome::resolved, uint32_t(resolution->packages.size()), uint32_t(resolution->steps),
                  resolution->returns, 0};
        for (const auto& p : resolution->packages) result.digest += digest_of(p.version);
      },
      1);
  std::map<std::string, uint32_t> reasons;
  std::vector<std::pair<VersionId, std::string>> failures;
  for (size_t k = 0; k != rest.size(); ++k) {
    if (errors[k].empty()) continue;
    ++reasons[errors[k].substr(0, errors[k].find_first_of("`\n"))];
    failures.emplace_back(all.roots[rest[k]], std::move(errors[k]));
  }
  uint64_t packages = 0, steps = 0, digest = 0;
  for (size_t i = 0; i != all.roots.size(); ++i) {
    const RootResult& result = all.results[i];
    if (result.outcome != Outcome::resolved) continue;
    packages += result.packages;
    steps += result.steps;
    digest += digest_of(i) * result.digest;
  }
  all.rest_seconds = now() - start;
  if (options.json) {
    std::string list;
    for (const auto& [version, message] : failures)
      list += fmt::format("{}{{\"package\":{},\"error\":{}}}", list.empty() ? "" : ",",
                          json_quoted(names.package(version)), json_quoted(message));
    fmt::print(
        "{{\"roots\":{},\"resolved\":{},\"packages\":{},\"digest\":\"{:016x}\",\"seconds\":{:.3f},\"failures\":[{}]}}"
        "\n",
        all.roots.size(), all.roots.size() - failures.size(), packages, digest,
        all.count_seconds + all.resolve_seconds + all.rest_seconds, list);
    return 0;
  }
  for (const auto& [version, message] : failures)
    if (options.list) fmt::print("{}\nerror: {}\n\n", names.package(version), message);
  std::fflush(stdout);
  fmt::print(stderr, "{} crates: {} resolved, {} packages in all; {} cannot be resolved{}\n", all.roots.size(),
             all.roots.size() - failures.size(), packages, failures.size(),
             failures.empty() || options.list ? "" : " (--list says why)");
  for (const auto& [reason, count] : reasons) fmt::print(stderr, "{:>8}  {}…\n", count, reason);
  fmt::print(stderr,
             "candidates {:.3f} s, resolutions {:.3f} s ({} steps), {} of them again with more memory {:.3f} s; digest "
             "{:016x}\n",
             all.count_seconds, all.resolve_seconds, steps, all.again, all.rest_seconds, digest);
  return 0;
}

}  // namespace

int graph_resolve(const GraphOptions& options) { return options.all ? resolve_all(options) : resolve_one(options); }

}  // namespace rustg::driver
