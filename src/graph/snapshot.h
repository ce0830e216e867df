// A registry's tables in a file that is mapped and used as it is. docs/graph.md has the format.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "graph/tables.h"

namespace rustg::graph {

// Written beside `path` and then put in its place, so that no reader ever sees half of it.
Status write_snapshot(const Registry& registry, const std::string& path);

class Snapshot {
 public:
  // Everything is checked: that it is a whole snapshot of this version, its checksums, and that every number in the tables is one that they have.
  static Result<Snapshot> open(const std::string& path);
  const Registry& registry() const { return registry_; }
  uint64_t file_bytes() const { return bytes_; }

  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&& other) noexcept;
  ~Snapshot();

 private:
  Snapshot() = default;
  void* data_ = nullptr;
  size_t bytes_ = 0;
  Registry registry_;
};

// The same of bytes in memory, aligned to 64; `name` is for messages.
Result<Registry> read_snapshot(const void* data, size_t bytes, const std::string& name);

}  // namespace rustg::graph
