#include <algorithm>
#include <vector>

#include "graph/resolver.h"

namespace rustg::graph {

namespace {

bool contains(const std::vector<uint32_t>& list, uint32_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

// The last candidate is activated although one of its dependencies is known to fail, and so on down to the dependency that has no candidate;
// what else waits is resolved as ever until that is found.
void Resolver::explain() {
  *w.left = kNone;  // what is activated from here on is not undone: the next resolution wipes the whole table
  const Failure first = failure_;
  const uint32_t nogoods = nogoods_;
  std::vector<uint32_t> doomed;  // frames of packages that are known to fail
  auto activate = [&](VersionId candidate, bool last, bool fails, uint32_t frame) {
    if (!last) return take(candidate, kNone, frame, waiting_of(frame));
    // A candidate that is known to fail is of use if it is the last one.
    const uint32_t waiting = waiting_, frames = frames_;
    nogoods_ = 0;
    const Activated result = take(candidate, kNone, frame, waiting_of(frame));
    nogoods_ = nogoods;
    if (result == Activated::yes && (known_to_fail(waiting, candidate) || fails) && frames_ != frames)
      doomed.push_back(frames);
    return result;
  };
  auto restore = [&] { failure_ = first; };

  uint32_t frame = first.frame;
  for (bool forced = true;; forced = false) {
    if (!forced && !pop(frame)) return restore();
    const uint32_t dependency = waiting_of(frame).dependency;
    const bool only_last = forced || (contains(doomed, frame) && is_known(dependency));
    conflicts_ = 0;
    complete_ = true;
    bool taken = false;
    Candidates candidates(u, u.dependency(dependency));
    for (VersionId candidate = possible(candidates); candidate != kNone && !taken;) {
      const VersionId another = possible(candidates);
      if (!only_last || another == kNone) {
        const Activated result = activate(candidate, another == kNone, only_last, frame);
        if (result == Activated::stop) return restore();
        if (result == Activated::conflict) conflicts_with(w.activations[w.frames[frame].parent].version);
        taken = result == Activated::yes;
      }
      candidate = another;
    }
    if (taken) continue;
    failure_.parent = w.frames[frame].parent;
    failure_.dependency = dependency;
    failure_.frame = frame;
    return;
  }
}

}  // namespace rustg::graph
