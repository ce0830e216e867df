// How many lanes run at once and how the device's memory is shared among them.
#pragma once
#include <cstdint>

#include "base/result.h"

namespace rustg::runtime::cuda {

struct Needs {
  uint64_t instances = 1;
  uint64_t resident_warps = 1;  // that the device holds of this kernel, one a block
  uint64_t state_bytes = 0;     // a lane's state block
  uint64_t start_bytes = 0;     // of an instance's memories as it begins
  uint64_t max_bytes = 0;       // that they may grow to
  bool tables_grow = false;     // tables may move to the pool
  uint64_t stack_bytes = 0;     // a lane's frames; 0: choose (engines that use the hardware's stack: none)
  bool has_stack = true;
  uint64_t budget = 0;  // bytes of device memory to be used
};

struct Plan {
  uint32_t lanes = 0, lanes_per_warp = 0, blocks = 0;
  uint64_t state_stride = 0, stack_stride = 0;
  uint64_t slack_bytes = 0;  // that memory 0 can grow in its slot
  uint64_t pool_bytes = 0;
  uint64_t fit = 0;      // instances that the memory could hold at once
  uint32_t payload = 0;  // of a mailbox
  uint64_t ring_bytes = 0;
};

// Fails only if not even one instance fits; more than fit at once run in turn.
Result<Plan> make_plan(const Needs& needs);

}  // namespace rustg::runtime::cuda
