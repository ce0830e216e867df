// The kernels, and what runtime/interpreter/operations.h asks of its device. Included once by each engine's .cu, which defines
// engine_invoke.
#pragma once
#include "runtime/cuda/lane.h"
#include "runtime/interpreter/operations.h"

namespace rustg::runtime {

namespace hooks {
using namespace cuda;

__device__ __noinline__ uint32_t host_call(abi::Instance& instance, uint32_t host_function, uint64_t* args) {
  return cuda::host_call(instance, host_function, args);
}
__device__ __noinline__ bool reserve_memory(abi::Instance& instance, abi::Memory& memory, uint64_t bytes) {
  uint32_t index = &memory == &instance.memory0 ? 0 : static_cast<uint32_t>(&memory - instance.more_memories) + 1;
  return cuda::reserve_memory(instance, index, bytes);
}
__device__ __noinline__ bool reserve_table(abi::Instance& instance, abi::Table& table, uint32_t elements) {
  return cuda::reserve_table(instance, table, elements);
}
__device__ bool is_shared(abi::Instance& instance, uint32_t memory) {
  return lane_of(instance).launch->memories[memory].shared != 0;
}
// An instance is one lane: nobody can wake it, so that a wait ends by its timeout only (or with the run).
__device__ __noinline__ uint32_t wait(abi::Instance& instance, const uint8_t* at, uint64_t expected, int64_t timeout_ns,
                                      uint32_t width) {
  uint64_t seen =
      width == 8 ? *reinterpret_cast<const volatile uint64_t*>(at) : *reinterpret_cast<const volatile uint32_t*>(at);
  if (seen != (width == 8 ? expected : expected & 0xffffffffu)) return 1;
  const Lane& lane = lane_of(instance);
  uint64_t until = timeout_ns < 0 ? ~0ull : now_ns() + static_cast<uint64_t>(timeout_ns);
  if (lane.deadline != 0 && lane.deadline < until) until = lane.deadline;
  Patience patience{lane.launch->control};
  while (now_ns() < until && !patience.tired()) {
  }
  return 2;
}
__device__ uint32_t notify(abi::Instance&, const uint8_t*, uint32_t) { return 0; }
__device__ __noinline__ uint32_t refuel(abi::Instance& instance) { return cuda::refuel(instance); }

}  // namespace hooks

namespace cuda {

// Run one function of the program on this lane: an ir::Trap; frames are recorded in instance.outcome.
__device__ __noinline__ uint32_t engine_invoke(abi::Instance& instance, uint32_t function, uint64_t* slots);

// One warp a block, as many blocks as can be resident; each warp takes the next instances, runs one on each lane, and comes back for
// more. The launch ends when all instances have ended.
__device__ inline void run_all(const Launch* launch) {
  const uint32_t thread = threadIdx.x, width = launch->lanes_per_warp;
  for (;;) {
    uint32_t first = 0;
    if (thread == 0)
      first = load_acquire(&launch->control->abort) != 0 ? launch->count : fetch_add(launch->next, width);
    first = __shfl_sync(0xffffffffu, first, 0);
    if (first >= launch->count) return;  // the same for all lanes
    uint32_t n = launch->count - first < width ? launch->count - first : width;
    for (uint32_t i = 0; i < n; i++) lay_out_memories(*launch, blockIdx.x * width + i, thread, kWarp);
    __syncwarp();
    if (thread < n) {
      uint32_t lane = blockIdx.x * width + thread;
      begin_instance(*launch, lane, launch->first + first + thread);
      run_instance(*launch, instance_of(*launch, lane), engine_invoke);
    }
    __syncwarp();
  }
}

// With no call: run all instances. Otherwise one call in the instance of lane 0. (One kernel for both: an engine's code is large, and
// each kernel would have its own.)
extern "C" __global__ void __launch_bounds__(kWarp) rustg_run(const Launch* launch, uint32_t function, Call* call) {
  if (call == nullptr) return run_all(launch);
  if (threadIdx.x != 0) return;
  abi::Instance& instance = instance_of(*launch, 0);
  abi::Outcome& outcome = instance.outcome;
  outcome.trap = outcome.exit_code = outcome.frame_count = outcome.depth = 0;
  outcome.trap = engine_invoke(instance, function, call->slots);
  call->outcome = outcome;
}

// Lay out lane 0 and nothing more: the beginning of a session.
extern "C" __global__ void __launch_bounds__(kWarp) rustg_begin(const Launch* launch) {
  lay_out_memories(*launch, 0, threadIdx.x, kWarp);
  __syncwarp();
  if (threadIdx.x == 0) begin_instance(*launch, 0, launch->first);
}

// The device's clock, so that the host can relate it to its own.
extern "C" __global__ void rustg_clock(uint64_t* out) { *out = now_ns(); }

}  // namespace cuda
}  // namespace rustg::runtime
