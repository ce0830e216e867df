// What both forms of a snapshot begin with. docs/graph.md has the rest.
#pragma once
#include <cstdint>

#include "graph/snapshot.h"

namespace rustg::graph {

constexpr char kSnapshotMagic[8] = {'r', 'u', 's', 't', 'g', 'r', 'p', 'h'};
constexpr uint32_t kSnapshotByteOrder = 0x01020304;
constexpr uint64_t kSnapshotAlignment = 64;

// The mapped form is what it was before there was another: a rustg that knows only version 1 still reads it, and says that it does not know
// the compressed one.
constexpr uint32_t snapshot_version(SnapshotForm form) { return form == SnapshotForm::mapped ? 1 : 2; }
constexpr uint32_t kSnapshotVersion = 2;  // the highest there is

struct SnapshotHeader {
  char magic[8];
  uint32_t version;
  uint32_t byte_order;
  uint64_t layout;  // of what tables there are, and how large their elements
  uint64_t file_bytes;
  uint32_t sections;
  SnapshotForm form;
  uint64_t checksum;  // of what says where the tables are
};
static_assert(sizeof(SnapshotHeader) == 48);

SnapshotHeader snapshot_header(SnapshotForm form, uint64_t file_bytes, uint64_t checksum);

constexpr uint64_t snapshot_aligned(uint64_t offset) {
  return (offset + kSnapshotAlignment - 1) / kSnapshotAlignment * kSnapshotAlignment;
}

}  // namespace rustg::graph
