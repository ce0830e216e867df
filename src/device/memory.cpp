#include "device/memory.h"

#include <algorithm>
#include <bit>
#include <string>

#include "device/types.h"

namespace rustg::device {

namespace {

// Sizes in steps of an eighth of their magnitude, so that arrays which grow a little find their old blocks again.
size_t rounded(size_t bytes) {
  size_t step = std::max<size_t>(256, std::bit_floor(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

}  // namespace

Memory::Block Memory::take(size_t bytes) {
  if (bytes == 0) return {};
  bytes = rounded(bytes);
  std::lock_guard lock(mutex_);
  Block block;
  auto& kept = capturing_ ? kept_captured_ : kept_;
  auto found = kept.lower_bound(bytes);
  if (found != kept.end() && found->first <= bytes + bytes / 2) {
    block = {found->second, found->first};
    kept.erase(found);
  } else {
    block = {system_allocate(bytes), bytes};
    if (block.data == nullptr) {
      release_kept();
      block.data = system_allocate(bytes);
    }
    if (block.data == nullptr) {
      throw Failure("out of memory: " + std::to_string(bytes >> 20) + " MiB more were needed beside the " +
                    std::to_string(in_use_ >> 20) + " MiB in use");
    }
    held_ += bytes;
    if (capturing_) graph_.push_back(block.data);
  }
  if (capturing_) captured_[block.data] = {block.bytes, false};
  in_use_ += block.bytes;
  peak_ = std::max(peak_, in_use_);
  return block;
}

void Memory::give(Block block) {
  if (block.data == nullptr) return;
  std::lock_guard lock(mutex_);
  in_use_ -= block.bytes;
  auto captured = captured_.find(block.data);
  if (captured == captured_.end()) {
    kept_.emplace(block.bytes, block.data);
    return;
  }
  captured->second.given = true;
  if (capturing_) kept_captured_.emplace(block.bytes, block.data);
}

std::vector<void*> Memory::end_capture() {
  std::lock_guard lock(mutex_);
  capturing_ = false;
  kept_captured_.clear();
  return std::exchange(graph_, {});
}

void Memory::end_graph(const std::vector<void*>& blocks) {
  std::lock_guard lock(mutex_);
  for (void* data : blocks) {
    auto captured = captured_.find(data);
    if (captured->second.given) kept_.emplace(captured->second.bytes, data);
    captured_.erase(captured);
  }
}

void Memory::release_kept() {
  for (auto [bytes, data] : kept_) {
    system_release(data, bytes);
    held_ -= bytes;
  }
  kept_.clear();
}

}  // namespace rustg::device
