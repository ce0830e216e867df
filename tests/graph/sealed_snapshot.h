// Compressed snapshots that lie, with checksums that are right.
#pragma once
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "graph/snapshot_lz4.h"

namespace rustg::graph {

// Puts the header and the checksums of a compressed snapshot right, as far as its sizes tell where it has any.
inline void seal_snapshot(std::string& bytes) {
  constexpr size_t kSizes = sizeof(SnapshotHeader), kBlocks = kSizes + kTables * sizeof(uint64_t);
  if (bytes.size() < kBlocks) return;
  uint64_t sizes[kTables], count = 0;
  std::memcpy(sizes, bytes.data() + kSizes, sizeof sizes);
  const uint64_t most = (bytes.size() - kBlocks) / sizeof(SnapshotBlock);
  for (uint64_t size : sizes) count = std::min(count + snapshot_blocks(size), most);
  size_t at = kBlocks + count * sizeof(SnapshotBlock);
  for (uint64_t i = 0; i != count; ++i) {
    char* place = bytes.data() + kBlocks + i * sizeof(SnapshotBlock);
    SnapshotBlock block;
    std::memcpy(&block, place, sizeof block);
    if (block.bytes > bytes.size() - at) break;
    block.checksum = XXH3_64bits(bytes.data() + at, block.bytes);
    at += block.bytes;
    std::memcpy(place, &block, sizeof block);
  }
  const uint64_t both[] = {XXH3_64bits(sizes, sizeof sizes),
                           XXH3_64bits(bytes.data() + kBlocks, count * sizeof(SnapshotBlock))};
  const SnapshotHeader header = snapshot_header(SnapshotForm::compressed, bytes.size(), XXH3_64bits(both, sizeof both));
  std::memcpy(bytes.data(), &header, sizeof header);
}

}  // namespace rustg::graph
