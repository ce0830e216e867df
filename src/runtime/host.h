// The one interface between a running instance and what it asks of its host. The CPU device calls it directly on the instance's
// memory; the CUDA device copies the arguments' buffers into a mailbox and calls it there, with `memory` the mailbox's payload
// and the pointers among the arguments rewritten to match.
#pragma once
#include <cstdint>

#include "ir/trap.h"

namespace rustg::runtime {

// Linear memory as a host function sees it. Every access is checked against `size`.
struct GuestMemory {
  uint8_t* base;
  uint64_t size;
};

// What a host function tells its caller. `none`: args[0] holds the result, if the signature has one. `exit`: exit_code.
struct HostResult {
  ir::Trap trap = ir::Trap::none;
  uint32_t exit_code = 0;
};

// args: one 64-bit slot per parameter in, results from args[0] out. `context` belongs to the instance (its wasi::Context, say).
using HostFunctionPtr = HostResult (*)(void* context, GuestMemory memory, uint64_t* args);

}  // namespace rustg::runtime
