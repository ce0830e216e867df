#include "graph/many_roots.h"

#include <algorithm>

#include "base/clock.h"
#include "graph/device_registry.h"
#include "graph/lookup.h"
#include "graph/resolve.h"

namespace rustg::graph {

namespace {

// More is done again by the host, which remembers what cannot go together. Most need less than 2,000.
constexpr uint64_t kSteps = 5'000;
constexpr uint32_t kPackages = 1024;
// On a device: so many that every multiprocessor is full, with a lane in four at work, since neighbours do different things.
[[maybe_unused]] constexpr uint32_t kSlots = 16'384, kSpread = 4;
// Of one root on the host: about a second. Three times as many would resolve five crates of crates.io more, in twice the time for all.
constexpr uint64_t kPatience = 1'000'000;
// Roots between two looks at the clock.
constexpr uint32_t kBatch = 4096;

void advance(Progress* progress, uint64_t by) {
  if (progress != nullptr) progress->done += by;
}

// Half as many slots until they fit.
template <class Queue>
ResolverSlots<Queue> make_slots(Queue& queue, uint32_t slots) {
  for (;; slots /= 2) try {
      return ResolverSlots<Queue>(queue, slots, kPackages);
    } catch (const device::Failure&) {
      if (slots < 64) throw;
    }
}

}  // namespace

ManyRoots::ManyRoots(device::cpu::Queue& host, const Registry& registry) : host_(host) {
  const double start = base::now();
  universe_.registry = registry;
  universe_.default_feature = find_string(registry.strings, "default");
  prepared_.emplace(host, registry, universe_.default_feature);
  universe_.prepared = prepared_->prepared();
  prepare_seconds_ = base::now() - start;
}

ManyResolved ManyRoots::resolve(const std::vector<VersionId>& roots, Progress* progress) {
  ManyResolved out;
  const double start = base::now();
  if (progress != nullptr) progress->all += roots.size();
  out.results.resize(roots.size());
  ResolverSlots<device::cpu::Queue> slots(host_, uint32_t(host_.threads()), kPackages);
  for (size_t begin = 0; begin < roots.size(); begin += kBatch) {
    const uint32_t count = uint32_t(std::min<size_t>(kBatch, roots.size() - begin));
    resolve_roots(host_, universe_, roots.data() + begin, device::Count(count), slots, kSteps,
                  out.results.data() + begin);
    advance(progress, count - std::count_if(out.results.begin() + begin, out.results.begin() + begin + count,
                                            [](const RootResult& r) { return r.outcome != Outcome::resolved; }));
  }
  out.queue_seconds = base::now() - start;
  resolve_on_host(roots, progress, out);
  return out;
}

ManyResolved ManyRoots::resolve([[maybe_unused]] device::cuda::Queue& queue,
                                [[maybe_unused]] const std::vector<VersionId>& roots,
                                [[maybe_unused]] Progress* progress) {
  ManyResolved out;
#if defined(RUSTG_HAS_CUDA)
  double start = base::now();
  if (progress != nullptr) progress->all += roots.size();
  DeviceRegistry<device::cuda::Queue> tables(queue, universe_.registry);
  Universe universe = universe_;
  universe.registry = tables.registry();
  PreparedRegistry<device::cuda::Queue> prepared(queue, universe.registry, universe.default_feature);
  universe.prepared = prepared.prepared();
  ResolverSlots<device::cuda::Queue> slots = make_slots(queue, kSlots);
  auto on_queue = queue.upload(roots);
  auto results = queue.template allocate<RootResult>(roots.size());
  queue.synchronize();
  out.prepare_seconds = base::now() - start;
  start = base::now();
  resolve_roots(queue, universe, on_queue.data(), device::Count(uint32_t(roots.size())), slots, kSteps, results.data(),
                kSpread);
  out.results = queue.download(results.data(), roots.size());
  advance(progress, std::count_if(out.results.begin(), out.results.end(),
                                  [](const RootResult& r) { return r.outcome == Outcome::resolved; }));
  out.queue_seconds = base::now() - start;
  resolve_on_host(roots, progress, out);
#endif
  return out;
}

void ManyRoots::resolve_on_host(const std::vector<VersionId>& roots, Progress* progress, ManyResolved& out) {
  const double start = base::now();
  std::vector<uint32_t> rest;
  for (uint32_t i = 0; i != roots.size(); ++i)
    if (out.results[i].outcome != Outcome::resolved) rest.push_back(i);
  // What takes longest comes first: where the search did not end, the less often it went back, the farther it went back each time.
  const auto order = [&](uint32_t i) {
    return std::pair(out.results[i].outcome != Outcome::too_long, out.results[i].returns);
  };
  std::stable_sort(rest.begin(), rest.end(), [&](uint32_t a, uint32_t b) { return order(a) < order(b); });
  std::vector<std::string> errors(rest.size());
  std::atomic<size_t> next{0};
  host_.for_each(
      uint32_t(host_.threads()),
      [&](uint32_t) {
        ResolverMemory memory;
        for (size_t k; (k = next++) < rest.size(); advance(progress, 1)) {
          RootResult& result = out.results[rest[k]];
          auto resolution = resolve_version(names_, roots[rest[k]], memory, kPatience);
          if (!resolution) {
            errors[k] = resolution.error().message;
            if (result.outcome == Outcome::too_small || result.outcome == Outcome::too_long)
              result.outcome = Outcome::conflict;
            result = {result.outcome, 0, 0, 0, 0};
            continue;
          }
          result = {Outcome::resolved, uint32_t(resolution->packages.size()), uint32_t(resolution->steps),
                    resolution->returns, 0};
          for (const auto& p : resolution->packages) result.digest += digest_of(p.version);
        }
      },
      1);
  for (size_t k = 0; k != rest.size(); ++k)
    if (!errors[k].empty()) out.failures.emplace_back(rest[k], std::move(errors[k]));
  std::sort(out.failures.begin(), out.failures.end());
  out.on_host = uint32_t(rest.size());
  out.host_seconds = base::now() - start;
}

uint64_t digest_of(const ManyResolved& resolved) {
  uint64_t digest = 0;
  for (size_t i = 0; i != resolved.results.size(); ++i)
    if (resolved.results[i].outcome == Outcome::resolved) digest += digest_of(i) * resolved.results[i].digest;
  return digest;
}

}  // namespace rustg::graph
