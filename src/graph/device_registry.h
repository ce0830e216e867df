// A registry's tables in a queue's memory.
#pragma once
#include <vector>

#include "device/memory.h"
#include "graph/tables.h"

namespace rustg::graph {

template <class Queue>
class DeviceRegistry {
 public:
  DeviceRegistry(Queue& queue, const Registry& host) : registry_(host) {
    const Sections from = sections_of(host);
    Sections to = from;
    for (uint32_t t = 0; t != kTables; ++t) {
      if (from.section[t].data == nullptr) continue;
      arrays_.push_back(queue.template allocate<uint8_t>(from.section[t].bytes));
      queue.upload(arrays_.back().data(), static_cast<const uint8_t*>(from.section[t].data), from.section[t].bytes);
      to.section[t].data = arrays_.back().data();
    }
    point(to);
  }
  const Registry& registry() const { return registry_; }

 private:
  // Counts are the host's.
  void point(const Sections& sections) {
    Registry& r = registry_;
#define RUSTG_TABLE(name, element, member, count) r.member = static_cast<const element*>(sections[Table::name].data);
#include "graph/registry.def"
  }

  Registry registry_;
  std::vector<device::Buffer<uint8_t>> arrays_;
};

}  // namespace rustg::graph
