// What a snapshot is asked, timed: resolutions of all crates, components and levels of the newest versions.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <numeric>

#include "base/clock.h"
#include "graph/device_registry.h"
#include "graph/lookup.h"
#include "graph/many_roots.h"
#include "graph/newest.h"
#include "graph/snapshot.h"

namespace {

using namespace rustg;
using namespace rustg::graph;

struct Settings {
  std::vector<uint32_t> slots = {2}, spread = {1}, steps = {5000};
  uint32_t packages = 1024, every = 1, repeat = 1;
  bool order = false, resolve = false, by_level = false, all = false;
};

uint32_t percentile(std::vector<uint32_t>& sorted, double p) {
  return sorted.empty() ? 0 : sorted[size_t(p * double(sorted.size() - 1))];
}

void say(const std::vector<RootResult>& results, const std::vector<uint32_t>& numbers, double seconds) {
  uint64_t count[6] = {}, steps[6] = {}, packages = 0, digest = 0, all = 0;
  std::vector<uint32_t> of_steps;
  for (size_t i = 0; i != results.size(); ++i) {
    const RootResult& r = results[i];
    ++count[int(r.outcome)];
    steps[int(r.outcome)] += r.steps;
    all += r.steps;
    if (r.outcome != Outcome::resolved) continue;
    packages += r.packages;
    digest += digest_of(numbers[i]) * r.digest;
    of_steps.push_back(r.steps);
  }
  std::sort(of_steps.begin(), of_steps.end());
  fmt::print(
      "  {:.3f} s: {} resolved ({} packages, {} steps: median {}, 90 % {}, 99 % {}, most {}), {} failed, {} too large, "
      "{} too long ({} steps); {:.1f} M steps/s; digest {:016x}\n",
      seconds, count[0], packages, steps[0], percentile(of_steps, .5), percentile(of_steps, .9),
      percentile(of_steps, .99), percentile(of_steps, 1), count[1] + count[2] + count[3], count[4], count[5],
      steps[4] + steps[5], double(all) / seconds * 1e-6, digest);
  std::fflush(stdout);
}

// All crates, as `rustg graph resolve --all` does it.
void resolve_all(device::cpu::Queue& host, device::cuda::Queue* cuda, const Registry& r, uint32_t repeat) {
  std::vector<VersionId> roots(r.crates);
  find_newest(host, r, roots.data());
  for (uint32_t k = 0; k != repeat; ++k) {
    const double start = base::now();
    ManyRoots many(host, r);
    const ManyResolved all = cuda != nullptr ? many.resolve(*cuda, roots) : many.resolve(roots);
    uint64_t packages = 0, steps = 0;
    for (const RootResult& result : all.results) {
      packages += result.packages;
      steps += result.steps;
    }
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    fmt::print(
        "all: {:.3f} s: prepared on the host in {:.3f} s, on the device {:.3f} s; resolved there in {:.3f} s, {} of {} "
        "on the host in {:.3f} s; {} packages, {} steps, {} fail; digest {:016x}; peak {:.0f} MB\n",
        base::now() - start, many.prepare_seconds(), all.prepare_seconds, all.queue_seconds, all.on_host, roots.size(),
        all.host_seconds, packages, steps, all.failures.size(), digest_of(all), double(usage.ru_maxrss) / 1024);
    std::fflush(stdout);
  }
}

template <class Queue>
void run(Queue& queue, const Registry& host, const Registry& registry, const Settings& settings) {
  auto newest = queue.template allocate<VersionId>(registry.crates);
  find_newest(queue, registry, newest.data());
  auto offsets = queue.template allocate<uint32_t>(registry.crates + 1);
  newest_edges(queue, registry, newest.data(), {}, offsets.data(), nullptr);
  const uint32_t edges = queue.read(offsets.data() + registry.crates);
  auto targets = queue.template allocate<uint32_t>(edges);
  newest_edges(queue, registry, newest.data(), {}, offsets.data(), targets.data());
  const auto host_offsets = queue.download(offsets.data(), registry.crates + 1);
  const auto host_targets = queue.download(targets.data(), edges);
  std::vector<uint32_t> levels;
  {
    Digraph<Queue> graph(queue, {host_offsets.data(), host_targets.data(), registry.crates, edges});
    auto component = queue.template allocate<uint32_t>(registry.crates),
         level = queue.template allocate<uint32_t>(registry.crates);
    for (uint32_t k = 0; k != (settings.order ? std::max(settings.repeat, 3u) : 1); ++k) {
      queue.synchronize();
      const auto waits = queue.synchronisations();
      const auto launches = queue.launches();
      const double start = base::now();
      find_components(queue, graph, component.data());
      queue.synchronize();
      const double middle = base::now();
      find_levels(queue, graph, component.data(), level.data());
      queue.synchronize();
      if (settings.order)
        fmt::print("components {:.2f} ms, levels {:.2f} ms, {} launches, {} waits\n", (middle - start) * 1e3,
                   (base::now() - middle) * 1e3, queue.launches() - launches, queue.synchronisations() - waits);
    }
    levels = queue.download(level.data(), registry.crates);
    if (settings.order) {
      const auto components = queue.download(component.data(), registry.crates);
      uint64_t digest = 0;
      for (uint32_t c = 0; c != registry.crates; ++c)
        digest += digest_of(digest_of(c) ^ (uint64_t(components[c]) << 32 | levels[c]));
      fmt::print("{} edges, {} levels; digest {:016x}\n", edges, *std::max_element(levels.begin(), levels.end()) + 1,
                 digest);
    }
  }
  if (!settings.resolve) return;
  Universe universe;
  universe.registry = registry;
  universe.default_feature = find_string(host.strings, "default");
  double start = base::now();
  PreparedRegistry<Queue> prepared(queue, registry, universe.default_feature);
  queue.synchronize();
  fmt::print("prepared in {:.3f} s\n", base::now() - start);
  universe.prepared = prepared.prepared();
  std::vector<uint32_t> numbers;
  for (uint32_t c = 0; c < registry.crates; c += settings.every) numbers.push_back(c);
  if (settings.by_level)
    std::stable_sort(numbers.begin(), numbers.end(), [&](uint32_t a, uint32_t b) { return levels[a] > levels[b]; });
  const auto host_newest = queue.download(newest.data(), registry.crates);
  std::vector<VersionId> chosen;
  for (uint32_t c : numbers) chosen.push_back(host_newest[c]);
  auto roots = queue.upload(chosen);
  auto results = queue.template allocate<RootResult>(chosen.size());
  for (uint32_t slots : settings.slots) {
    start = base::now();
    ResolverSlots<Queue> memory(queue, slots, settings.packages);
    queue.synchronize();
    fmt::print("{} slots: {:.1f} MB in {:.3f} s\n", slots, double(queue.memory()->in_use()) * 1e-6, base::now() - start);
    for (uint32_t spread : settings.spread)
      for (uint32_t steps : settings.steps)
        for (uint32_t k = 0; k != settings.repeat; ++k) {
          fmt::print(" {} roots, {} lanes a slot, at most {} steps\n", chosen.size(), spread, steps);
          start = base::now();
          resolve_roots(queue, universe, roots.data(), device::Count(uint32_t(chosen.size())), memory, steps,
                        results.data(), spread);
          queue.synchronize();
          const double seconds = base::now() - start;
          say(queue.download(results.data(), chosen.size()), numbers, seconds);
        }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string snapshot, device = "cpu";
  Settings settings;
  uint32_t threads = 0;
  CLI::App app("Resolutions of all crates of a snapshot");
  app.add_option("snapshot", snapshot)->required();
  app.add_option("--device", device);
  app.add_option("--threads", threads);
  app.add_option("--slots", settings.slots)->delimiter(',');
  app.add_option("--spread", settings.spread)->delimiter(',');
  app.add_option("--steps", settings.steps)->delimiter(',');
  app.add_option("--packages", settings.packages);
  app.add_option("--every", settings.every);
  app.add_option("--repeat", settings.repeat);
  app.add_flag("--order", settings.order);
  app.add_flag("--resolve", settings.resolve);
  app.add_flag("--by-level", settings.by_level);
  app.add_flag("--all", settings.all);
  CLI11_PARSE(app, argc, argv);
  auto opened = Snapshot::open(snapshot);
  if (!opened) {
    fmt::print(stderr, "{}\n", opened.error().message);
    return 1;
  }
  const Registry& r = opened->registry();
  if (device == "cuda") {
    auto queue = device::cuda::Queue::open();
    if (!queue) {
      fmt::print(stderr, "{}\n", queue.error().message);
      return 1;
    }
#if defined(RUSTG_HAS_CUDA)
    if (settings.all) {
      device::cpu::Queue host{int(threads)};
      resolve_all(host, queue->get(), r, settings.repeat);
      return 0;
    }
    const double start = base::now();
    DeviceRegistry<device::cuda::Queue> tables(**queue, r);
    (*queue)->synchronize();
    fmt::print("tables sent in {:.3f} s\n", base::now() - start);
    run(**queue, r, tables.registry(), settings);
#endif
  } else {
    device::cpu::Queue queue{int(threads)};
    if (settings.all) {
      resolve_all(queue, nullptr, r, settings.repeat);
      return 0;
    }
    run(queue, r, r, settings);
  }
}
