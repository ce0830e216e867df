// Waiting on an address of a shared memory, and waking those who wait: memory.atomic.wait and notify on the CPU.
#pragma once
#include <cstdint>

namespace rustg::runtime::waiters {

// 0: woken by notify; 1: the value there was not `expected` (width 4 or 8); 2: timed out. A negative timeout is none.
uint32_t wait(const uint8_t* at, uint64_t expected, int64_t timeout_ns, uint32_t width);
// Wake up to `count` of the longest waiting; how many there were.
uint32_t notify(const uint8_t* at, uint32_t count);

}  // namespace rustg::runtime::waiters
