// A registry's tables in a file, of which there are two forms: one that is mapped and used as it is, and a smaller one. docs/graph.md has both.
#pragma once
#include <cstdint>
#include <string>

#include "base/result.h"
#include "graph/tables.h"

namespace rustg::graph {

enum class SnapshotForm : uint32_t {
  mapped,
  compressed,  // blocks of LZ4: under a third of the size, decompressed when it is opened
};

// Written beside `path` and then put in its place, so that no reader ever sees half of it.
Status write_snapshot(const Registry& registry, const std::string& path,
                      SnapshotForm form = SnapshotForm::mapped);

class Snapshot {
 public:
  // Everything is checked: that it is a whole snapshot of this version, its checksums, and that every number in the tables is one that they have.
  static Result<Snapshot> open(const std::string& path);
  const Registry& registry() const { return registry_; }
  uint64_t file_bytes() const { return bytes_; }
  SnapshotForm form() const { return memory_.data() == nullptr ? SnapshotForm::mapped : SnapshotForm::compressed; }

  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&& other) noexcept;
  ~Snapshot();

 private:
  Snapshot() = default;
  void* data_ = nullptr;  // the file, mapped
  size_t bytes_ = 0;
  Array<char> memory_;  // the tables of a compressed one, which is mapped no more
  Registry registry_;
};

// The same of bytes in memory, aligned to 64; `name` is for messages. The registry is in these bytes, or in `memory` if they are compressed.
Result<Registry> read_snapshot(const void* data, size_t bytes, const std::string& name, Array<char>& memory);

}  // namespace rustg::graph
