#include "graph/snapshot_lz4.h"

#include <fmt/format.h>
#include <lz4.h>
#include <lz4hc.h>
#include <oneapi/tbb/parallel_for.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace rustg::graph {
namespace {

// Of LZ4's high compression: a ninth smaller than the fast one, and faster to decompress, for a second of processor time. Higher levels cost
// several and win another hundredth.
constexpr int kLevel = 3;
// A byte of LZ4 stands for fewer than so many. What says otherwise is not worth the memory that it asks for.
constexpr uint64_t kMostPerByte = 255;

struct Place {
  uint32_t section;
  uint64_t at, bytes;
};
std::vector<Place> places(const uint64_t* sizes) {
  std::vector<Place> out;
  for (uint32_t t = 0; t != kTables; ++t)
    for (uint64_t b = 0; b != snapshot_blocks(sizes[t]); ++b)
      out.push_back({t, b * kSnapshotBlock, std::min(kSnapshotBlock, sizes[t] - b * kSnapshotBlock)});
  return out;
}

uint64_t checksum(const uint64_t* sizes, const std::vector<SnapshotBlock>& blocks) {
  const uint64_t both[] = {XXH3_64bits(sizes, kTables * sizeof *sizes),
                           XXH3_64bits(blocks.data(), blocks.size() * sizeof(SnapshotBlock))};
  return XXH3_64bits(both, sizeof both);
}

Error corrupted(Table table, std::string_view how) {
  return Error{fmt::format("the snapshot is corrupted: {} {}", name_of(table), how)};
}

}  // namespace

CompressedTables::CompressedTables(const Sections& sections) {
  for (uint32_t t = 0; t != kTables; ++t) sizes_[t] = sections.section[t].bytes;
  const std::vector<Place> all = places(sizes_);
  blocks_.resize(all.size());
  bytes_.resize(all.size());
  tbb::parallel_for(size_t(0), all.size(), [&](size_t i) {
    const Place& p = all[i];
    Array<char> out(size_t(LZ4_compressBound(int(p.bytes))));
    const int n = LZ4_compress_HC(static_cast<const char*>(sections.section[p.section].data) + p.at, out.data(),
                                  int(p.bytes), int(out.size()), kLevel);
    if (n <= 0) throw std::bad_alloc();  // there is room, so it had none for its state
    bytes_[i].assign(out.data(), out.data() + n);
    blocks_[i] = {XXH3_64bits(bytes_[i].data(), bytes_[i].size()), bytes_[i].size()};
  });
  uint64_t file_bytes = sizeof header_ + sizeof sizes_ + blocks_.size() * sizeof(SnapshotBlock);
  for (const SnapshotBlock& b : blocks_) file_bytes += b.bytes;
  header_ = snapshot_header(SnapshotForm::compressed, file_bytes, checksum(sizes_, blocks_));
}

std::vector<Section> CompressedTables::parts() const& {
  std::vector<Section> out{
      {&header_, sizeof header_}, {sizes_, sizeof sizes_}, {blocks_.data(), blocks_.size() * sizeof(SnapshotBlock)}};
  for (const std::vector<char>& b : bytes_) out.push_back({b.data(), b.size()});
  return out;
}

Result<Sections> decompress_tables(const SnapshotHeader& header, const void* data, size_t bytes, Array<char>& memory) {
  const char* at = static_cast<const char*>(data) + sizeof header;
  size_t left = bytes - sizeof header;
  // Nothing is believed of what is not inside of the file: first how many blocks there can be, then where they are.
  uint64_t sizes[kTables];
  if (left < sizeof sizes) return Error{"the snapshot is truncated"};
  std::memcpy(sizes, at, sizeof sizes);
  at += sizeof sizes, left -= sizeof sizes;
  uint64_t count = 0;
  for (uint32_t t = 0; t != kTables; ++t) {
    if (sizes[t] / kMostPerByte > bytes) return corrupted(Table(t), "is larger than the file can hold");
    count += snapshot_blocks(sizes[t]);
  }
  if (count > left / sizeof(SnapshotBlock)) return Error{"the snapshot is truncated: its table of blocks is not whole"};
  std::vector<SnapshotBlock> blocks(count);
  if (count != 0) std::memcpy(blocks.data(), at, count * sizeof(SnapshotBlock));
  at += count * sizeof(SnapshotBlock), left -= count * sizeof(SnapshotBlock);
  if (header.checksum != checksum(sizes, blocks))
    return Error{"the snapshot is corrupted: the table of blocks has another checksum"};

  const std::vector<Place> all = places(sizes);
  std::vector<const char*> begins(count);
  for (size_t i = 0; i != count; ++i) {
    if (blocks[i].bytes > left) return corrupted(Table(all[i].section), "is outside of the file");
    if (blocks[i].bytes > uint64_t(LZ4_compressBound(int(kSnapshotBlock))) ||
        all[i].bytes / kMostPerByte > blocks[i].bytes)
      return corrupted(Table(all[i].section), "has a block of a size that cannot be");
    begins[i] = at;
    at += blocks[i].bytes, left -= blocks[i].bytes;
  }
  if (left != 0) return Error{fmt::format("the snapshot is corrupted: {} bytes belong to no block", left)};

  uint64_t offsets[kTables + 1] = {};
  for (uint32_t t = 0; t != kTables; ++t) offsets[t + 1] = snapshot_aligned(offsets[t] + sizes[t]);
  try {
    memory = Array<char>(offsets[kTables]);
  } catch (const std::bad_alloc&) {
    return Error{fmt::format("there is no memory for the {} bytes of the snapshot's tables", offsets[kTables])};
  }
  std::vector<const char*> wrong(count);
  tbb::parallel_for(size_t(0), size_t(count), [&](size_t i) {
    const Place& p = all[i];
    const size_t n = blocks[i].bytes;
    if (XXH3_64bits(begins[i], n) != blocks[i].checksum)
      wrong[i] = "has another checksum";
    else if (LZ4_decompress_safe(begins[i], memory.data() + offsets[p.section] + p.at, int(n), int(p.bytes)) !=
             int(p.bytes))
      wrong[i] = "has a block that is not LZ4";
  });
  for (size_t i = 0; i != count; ++i)
    if (wrong[i] != nullptr) return corrupted(Table(all[i].section), wrong[i]);
  Sections out;
  for (uint32_t t = 0; t != kTables; ++t) out.section[t] = {memory.data() + offsets[t], sizes[t]};
  return out;
}

}  // namespace rustg::graph
