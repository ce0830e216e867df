// Resolutions of many of a registry's versions, each on its own: those that are alike in size on a queue, all at once; the few that need more memory or
// patience on the host's threads, which also find the words for those that fail.
#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/names.h"
#include "graph/prepare.h"
#include "graph/resolve_all.h"

namespace rustg::graph {

struct ManyResolved {
  std::vector<RootResult> results;  // of each root; all zero but for the outcome where that is not `resolved`
  std::vector<std::pair<uint32_t, std::string>> failures;  // by root: why
  double prepare_seconds = 0, queue_seconds = 0, host_seconds = 0;
  uint32_t on_host = 0;  // roots that the queue gave up, or that fail
};

// How many roots are done, for who wants to tell.
struct Progress {
  std::atomic<uint64_t> done{0}, all{0};
};

class ManyRoots {
 public:
  // The registry's tables are the host's, and stay; the queue's threads are used for what the host does.
  ManyRoots(device::cpu::Queue& host, const Registry& registry);
  ManyRoots(const ManyRoots&) = delete;
  const Names& names() const { return names_; }
  double prepare_seconds() const { return prepare_seconds_; }

  ManyResolved resolve(const std::vector<VersionId>& roots, Progress* progress = nullptr);
  // The same on a CUDA device, whose memory must hold the registry's tables and some thousand slots.
  ManyResolved resolve(device::cuda::Queue& queue, const std::vector<VersionId>& roots, Progress* progress = nullptr);

 private:
  void resolve_on_host(const std::vector<VersionId>& roots, Progress* progress, ManyResolved& out);

  device::cpu::Queue& host_;
  Universe universe_;
  Names names_{universe_};
  std::optional<PreparedRegistry<device::cpu::Queue>> prepared_;
  double prepare_seconds_ = 0;
};

// Of all results: equal for equal sets of versions, whatever was resolved where.
uint64_t digest_of(const ManyResolved& resolved);

}  // namespace rustg::graph
