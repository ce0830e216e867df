// A program laid out on a device: image, states, slots, pool, mailboxes and ring, with the host's service beside it. What `run` and
// `Session` have in common.
#pragma once
#include <functional>
#include <memory>

#include "runtime/cuda/engine.h"
#include "runtime/cuda/image.h"
#include "runtime/cuda/launch.h"
#include "runtime/cuda/plan.h"
#include "runtime/cuda/service.h"

namespace rustg::runtime::cuda {

// What a machine occupies. Another one can be made in it, which saves most of what making one costs.
struct Arena {
  DeviceBuffer memory;        // states, stacks, slots, pool
  DeviceBuffer image;         // what all lanes share, and the Launch record
  PinnedBuffer words, boxes;  // control and ring; mailboxes
};

struct MachineOptions {
  const RunOptions* run = nullptr;
  const Image* image = nullptr;
  uint64_t budget = 0;     // bytes of device memory at most; 0: most of what is free
  bool spare_room = true;  // tables get room to grow in place
  std::function<void(uint32_t instance, uint32_t kind, std::span<const uint8_t> bytes)> on_record;
};

class Machine {
 public:
  // `arena`: an earlier machine's, kept as far as it is large enough.
  static Result<std::unique_ptr<Machine>> create(const Context& context, LoadedEngine engine,
                                                 const MachineOptions& options, Arena arena = {});
  ~Machine();

  // Launch the kernel over all instances, or for one call, and serve it until it ends.
  Status run_all();
  Status begin();
  Status call(uint32_t function, uint64_t device_call);

  const Plan& plan() const { return plan_; }
  const LoadedEngine& engine() const { return engine_; }
  uint64_t memory_bytes() const { return arena_.memory.bytes() + arena_.image.bytes(); }
  uint64_t host_calls() const { return service_->host_calls(); }
  // Lane 0's records, read back.
  Result<abi::Instance> instance() const;
  // The state of lane 0 as an image that another machine can begin with. Without `bytes` memories have their sizes only.
  Result<Image> read_image(bool bytes = true) const;
  // The end of this machine.
  Arena release() {
    service_.reset();
    return std::move(arena_);
  }

 private:
  Machine(const Context& context, LoadedEngine engine, Arena arena)
      : context_(context), engine_(std::move(engine)), arena_(std::move(arena)) {}
  Status lay_out(const MachineOptions& options);
  Status pin(const MachineOptions& options);
  Status measure_clock();
  Status launch(CUfunction f, uint32_t blocks, void** parameters, bool threads);

  const Context& context_;
  LoadedEngine engine_;
  Plan plan_;
  Launch launch_ = {};
  uint64_t launch_address_ = 0;
  std::vector<bool> shared_;  // per memory
  Arena arena_;
  std::unique_ptr<Service> service_;
  CUstream stream_ = nullptr;
};

}  // namespace rustg::runtime::cuda
