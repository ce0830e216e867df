// Makes what resolutions ask of a registry ready (prepared.h), on either device.
#pragma once
#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "device/memory.h"
#include "graph/prepared.h"

namespace rustg::graph {

template <class Queue>
class PreparedRegistry {
 public:
  // The registry's tables are in the queue's memory. default_feature: the text "default", kNone if it has none.
  PreparedRegistry(Queue& queue, const Registry& registry, StringId default_feature);
  const Prepared& prepared() const { return prepared_; }

  // Of the constructor; public since they hold device lambdas.
  void prepare_versions(Queue& queue, const Registry& registry);
  void prepare_dependencies(Queue& queue, const Registry& registry);
  void prepare_tables(Queue& queue, const Registry& registry, StringId default_feature);
  void prepare_lists(Queue& queue, const Registry& registry);

 private:
  device::Buffer<PreparedVersion> versions_;
  device::Buffer<PreparedDependency> dependencies_;
  device::Buffer<PreparedTable> tables_;
  device::Buffer<uint32_t> lists_, names_;
  device::Buffer<PreparedEntry> entries_;
  Prepared prepared_;
};

#define RUSTG_PREPARE_FOR(prefix, Queue) prefix template class PreparedRegistry<Queue>;
RUSTG_PREPARE_FOR(extern, device::cpu::Queue)
RUSTG_PREPARE_FOR(extern, device::cuda::Queue)

}  // namespace rustg::graph
