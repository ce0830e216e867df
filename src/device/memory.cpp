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
  auto kept = kept_.lower_bound(bytes);
  if (kept != kept_.end() && kept->first <= bytes + bytes / 2) {
    block = {kept->second, kept->first};
    kept_.erase(kept);
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
  }
  in_use_ += block.bytes;
  peak_ = std::max(peak_, in_use_);
  return block;
}

void Memory::give(Block block) {
  if (block.data == nullptr) return;
  std::lock_guard lock(mutex_);
  in_use_ -= block.bytes;
  kept_.emplace(block.bytes, block.data);
}

void Memory::release_kept() {
  for (auto [bytes, data] : kept_) {
    system_release(data, bytes);
    held_ -= bytes;
  }
  kept_.clear();
}

}  // namespace rustg::device
