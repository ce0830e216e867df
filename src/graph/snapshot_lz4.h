// The compressed form of a snapshot: every table as blocks of LZ4, each of which can be decompressed without the others.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "graph/snapshot_format.h"
#include "graph/tables.h"

namespace rustg::graph {

// Of a table, in one block. Large enough to cost no size and little to look after, small enough that a core has it in its second cache, and that
// all cores have work until the end.
constexpr uint64_t kSnapshotBlock = 1 << 20;
constexpr uint64_t snapshot_blocks(uint64_t bytes) { return bytes / kSnapshotBlock + (bytes % kSnapshotBlock != 0); }

// After the header and the sizes of the tables there is one of these for each block, then the blocks.
struct SnapshotBlock {
  uint64_t checksum, bytes;  // of what is compressed
};

class CompressedTables {
 public:
  explicit CompressedTables(const Sections& sections);
  // What the file is made of, in order.
  std::vector<Section> parts() const&;
  std::vector<Section> parts() && = delete;

 private:
  SnapshotHeader header_;
  uint64_t sizes_[kTables];
  std::vector<SnapshotBlock> blocks_;
  std::vector<std::vector<char>> bytes_;
};

// The tables of a file whose header is right, in `memory`. What they hold is not looked at. An error is the reason alone.
Result<Sections> decompress_tables(const SnapshotHeader& header, const void* data, size_t bytes, Array<char>& memory);

}  // namespace rustg::graph
