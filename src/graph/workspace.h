// How a resolution's memory is divided: in one block of words, sized by how many packages it is to hold.
#pragma once
#include "graph/resolver.h"

namespace rustg::graph {

// Of crates.io's resolutions: dependencies a package, features on and asked for, times that features make cargo look at a package again. A resolution
// that needs more of one gets a block for more packages.
constexpr uint32_t kWaitingEach = 16, kBitsEach = 8, kExtrasEach = 16, kFramesEach = 4;
// One version may have as many features, and wants of dependencies, whatever the number of packages.
constexpr uint32_t kConflicts =
    64;  // packages in the way of one dependency; if there are more, going back is done step by step
constexpr uint32_t kLeastStack = 1024, kLeastWanted = 512;

// Hands out parts of a block; with none, it only counts.
class Divider {
 public:
  RUSTG_HD explicit Divider(uint64_t* block) : block_(block) {}
  template <class T>
  RUSTG_HD T* take(uint64_t count) {
    T* part = block_ == nullptr ? nullptr : reinterpret_cast<T*>(block_ + words_);
    words_ += (count * sizeof(T) + 7) / 8;
    return part;
  }
  RUSTG_HD uint64_t words() const { return words_; }

 private:
  uint64_t* block_;
  uint64_t words_ = 0;
};

RUSTG_HD inline Workspace divide(Divider& block, uint32_t packages, uint32_t nogoods) {
  Workspace w;
  w.activation_capacity = packages;
  w.activations = block.take<Activation>(packages);
  w.ages = block.take<uint32_t>(packages);
  w.left = block.take<uint32_t>(1);
  w.table_size = 2 * packages;  // packages is a power of two
  w.table = block.take<uint32_t>(w.table_size);
  w.links = block.take<uint32_t>(packages);
  w.bit_capacity = kBitsEach * packages;
  w.bits = block.take<uint32_t>(w.bit_capacity);
  w.waiting_capacity = kWaitingEach * packages;
  w.waiting = block.take<Waiting>(w.waiting_capacity);
  w.extra_capacity = kExtrasEach * packages;
  w.extras = block.take<StringId>(w.extra_capacity);
  w.frame_capacity = kFramesEach * packages;
  w.frames = block.take<Frame>(w.frame_capacity);
  w.heap = block.take<uint64_t>(w.frame_capacity);
  w.choice_capacity = kWaitingEach * packages;
  w.choices = block.take<Choice>(w.choice_capacity);
  w.trail_capacity = kFramesEach * packages;
  w.trail = block.take<Trail>(w.trail_capacity);
  w.log_capacity = w.bit_capacity;
  w.log = block.take<uint32_t>(w.log_capacity);
  w.wanted_capacity = packages < kLeastWanted ? kLeastWanted : packages;
  w.wanted = block.take<Wanted>(w.wanted_capacity);
  w.conflict_capacity = kConflicts;
  w.conflicts = block.take<VersionId>(kConflicts);
  w.nogood_capacity = nogoods;
  w.nogoods = block.take<Nogood>(nogoods);
  w.nogood_version_capacity = 8 * nogoods;
  w.nogood_versions = block.take<NogoodVersion>(w.nogood_version_capacity);
  w.nogood_heads = block.take<uint32_t>(nogoods == 0 ? 0 : Workspace::kHeads);
  w.nogood_version_heads = block.take<uint32_t>(nogoods == 0 ? 0 : Workspace::kHeads);
  w.waiting_counts = block.take<uint32_t>(nogoods == 0 ? 0 : Workspace::kHeads);
  w.stack_capacity = packages < kLeastStack ? kLeastStack : packages;
  w.stack = block.take<uint32_t>(w.stack_capacity);
  return w;
}

RUSTG_HD inline Workspace workspace_in(uint64_t* block, uint32_t packages, uint32_t nogoods = 0) {
  Divider divider(block);
  return divide(divider, packages, nogoods);
}
RUSTG_HD inline uint64_t workspace_words(uint32_t packages, uint32_t nogoods = 0) {
  Divider divider(nullptr);
  divide(divider, packages, nogoods);
  return divider.words();
}

}  // namespace rustg::graph
