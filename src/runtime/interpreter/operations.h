// The runtime beside compiled code: every call of target/abi/runtime_calls.def, once for both devices. Each checks all that can
// be wrong with its arguments. What a device does in its own way stands first, as hooks that the device defines.
#pragma once
#include <cstdint>
#include <cstring>

#include "ir/trap.h"
#include "runtime/interpreter/atomics.h"
#include "runtime/interpreter/numeric.h"
#include "target/abi/instance.h"

#if defined(__CUDACC__)
#  define RUSTG_DEVICE __device__
#else
#  define RUSTG_DEVICE
#endif

namespace rustg::runtime {

namespace hooks {
// Run a host function on its argument slots (slot 0 on: parameters in, results out); an ir::Trap.
RUSTG_DEVICE uint32_t host_call(abi::Instance& instance, uint32_t host_function, uint64_t* args);
// Make `capacity` at least `bytes` (<= max), keeping the content, new bytes zero; may move `base`. False: no memory for it.
RUSTG_DEVICE bool reserve_memory(abi::Instance& instance, abi::Memory& memory, uint64_t bytes);
// The same for a table, in elements; new elements need not be cleared.
RUSTG_DEVICE bool reserve_table(abi::Instance& instance, abi::Table& table, uint32_t elements);
// Is memory `index` shared? Wait (0 woken, 1 not equal, 2 timed out; timeout < 0: forever) and notify on it.
RUSTG_DEVICE bool is_shared(abi::Instance& instance, uint32_t memory);
RUSTG_DEVICE uint32_t wait(abi::Instance& instance, const uint8_t* at, uint64_t expected, int64_t timeout_ns,
                           uint32_t width);
RUSTG_DEVICE uint32_t notify(abi::Instance& instance, const uint8_t* at, uint32_t count);
// The fuel is below 0: give more (none), or the trap that ends the instance.
RUSTG_DEVICE uint32_t refuel(abi::Instance& instance);
}  // namespace hooks

namespace operations {

constexpr uint64_t kPage = 65536;
constexpr uint32_t kFailed = 0xffffffffu;
using ir::Trap;

RUSTG_DEVICE inline uint32_t trap(Trap t) { return static_cast<uint32_t>(t); }
RUSTG_HD inline bool inside(uint64_t start, uint64_t length, uint64_t size) {
  return start <= size && length <= size - start;
}

RUSTG_DEVICE inline uint32_t host_call(abi::Instance& instance, uint32_t host_function, uint64_t* args) {
  return hooks::host_call(instance, host_function, args);
}
RUSTG_DEVICE inline uint32_t refuel(abi::Instance& instance) { return hooks::refuel(instance); }

// Memories.
RUSTG_DEVICE inline uint32_t memory_grow(abi::Instance& instance, uint32_t index, uint32_t pages) {
  abi::Memory& memory = instance.memory(index);
  const uint64_t old_size = memory.size, size = old_size + pages * kPage;
  if (size > memory.max) return kFailed;
  if (size > memory.capacity && !hooks::reserve_memory(instance, memory, size)) return kFailed;
  memory.size = size;
  return static_cast<uint32_t>(old_size / kPage);
}
RUSTG_DEVICE inline uint32_t memory_fill(abi::Instance& instance, uint32_t index, uint32_t at, uint32_t byte,
                                         uint32_t length) {
  abi::Memory& memory = instance.memory(index);
  if (!inside(at, length, memory.size)) return trap(Trap::memory_out_of_bounds);
  if (length != 0) memset(memory.base + at, static_cast<int>(byte & 0xff), length);
  return 0;
}
RUSTG_HD inline void move_bytes(uint8_t* to, const uint8_t* from, uint64_t length) {
#if defined(__CUDA_ARCH__)
  if (to == from) return;
  const bool words = ((reinterpret_cast<uintptr_t>(to) | reinterpret_cast<uintptr_t>(from)) & 7) == 0;
  if (to < from || to >= from + length) {
    uint64_t i = 0;
    if (words)
      for (; i + 8 <= length; i += 8)
        *reinterpret_cast<uint64_t*>(to + i) = *reinterpret_cast<const uint64_t*>(from + i);
    for (; i < length; ++i) to[i] = from[i];
  } else {
    uint64_t i = length;
    if (words) {
      for (; i & 7; --i) to[i - 1] = from[i - 1];
      for (; i != 0; i -= 8)
        *reinterpret_cast<uint64_t*>(to + i - 8) = *reinterpret_cast<const uint64_t*>(from + i - 8);
    }
    for (; i != 0; --i) to[i - 1] = from[i - 1];
  }
#else
  if (length != 0) std::memmove(to, from, length);
#endif
}
RUSTG_DEVICE inline uint32_t memory_copy(abi::Instance& instance, uint32_t index, uint32_t to, uint32_t from,
                                         uint32_t length) {
  abi::Memory& memory = instance.memory(index);
  if (!inside(to, length, memory.size) || !inside(from, length, memory.size)) return trap(Trap::memory_out_of_bounds);
  move_bytes(memory.base + to, memory.base + from, length);
  return 0;
}
RUSTG_DEVICE inline uint32_t memory_init(abi::Instance& instance, uint32_t index, uint32_t segment, uint32_t to,
                                         uint32_t from, uint32_t length) {
  abi::Memory& memory = instance.memory(index);
  const abi::Segment& data = instance.data[segment];
  if (!inside(to, length, memory.size) || !inside(from, length, data.size)) return trap(Trap::memory_out_of_bounds);
  move_bytes(memory.base + to, static_cast<const uint8_t*>(data.items) + from, length);
  return 0;
}
RUSTG_DEVICE inline uint32_t data_drop(abi::Instance& instance, uint32_t segment) {
  instance.data[segment].size = 0;
  return 0;
}

// Tables.
RUSTG_DEVICE inline uint32_t table_get(abi::Instance& instance, uint32_t index, uint32_t at, uint64_t* out) {
  const abi::Table& table = instance.tables[index];
  if (at >= table.size) return trap(Trap::table_out_of_bounds);
  *out = table.elements[at];
  return 0;
}
RUSTG_DEVICE inline uint32_t table_set(abi::Instance& instance, uint32_t index, uint32_t at, uint64_t reference) {
  const abi::Table& table = instance.tables[index];
  if (at >= table.size) return trap(Trap::table_out_of_bounds);
  table.elements[at] = reference;
  return 0;
}
RUSTG_DEVICE inline uint32_t table_grow(abi::Instance& instance, uint32_t index, uint64_t reference, uint32_t count) {
  abi::Table& table = instance.tables[index];
  const uint32_t old_size = table.size;
  if (count > table.max - old_size) return kFailed;
  if (old_size + count > table.capacity && !hooks::reserve_table(instance, table, old_size + count)) return kFailed;
  table.size = old_size + count;
  for (uint32_t i = old_size; i < table.size; ++i) table.elements[i] = reference;
  return old_size;
}
RUSTG_DEVICE inline uint32_t table_fill(abi::Instance& instance, uint32_t index, uint32_t at, uint64_t reference,
                                        uint32_t count) {
  const abi::Table& table = instance.tables[index];
  if (!inside(at, count, table.size)) return trap(Trap::table_out_of_bounds);
  for (uint32_t i = 0; i < count; ++i) table.elements[at + i] = reference;
  return 0;
}
RUSTG_DEVICE inline uint32_t table_copy(abi::Instance& instance, uint32_t to_table, uint32_t from_table, uint32_t to,
                                        uint32_t from, uint32_t count) {
  const abi::Table& target = instance.tables[to_table];
  const abi::Table& source = instance.tables[from_table];
  if (!inside(to, count, target.size) || !inside(from, count, source.size)) return trap(Trap::table_out_of_bounds);
  move_bytes(reinterpret_cast<uint8_t*>(target.elements + to), reinterpret_cast<const uint8_t*>(source.elements + from),
             uint64_t{count} * 8);
  return 0;
}
RUSTG_DEVICE inline uint32_t table_init(abi::Instance& instance, uint32_t index, uint32_t segment, uint32_t to,
                                        uint32_t from, uint32_t count) {
  const abi::Table& table = instance.tables[index];
  const abi::Segment& elements = instance.elements[segment];
  if (!inside(to, count, table.size) || !inside(from, count, elements.size)) return trap(Trap::table_out_of_bounds);
  move_bytes(reinterpret_cast<uint8_t*>(table.elements + to),
             reinterpret_cast<const uint8_t*>(static_cast<const uint64_t*>(elements.items) + from),
             uint64_t{count} * 8);
  return 0;
}
RUSTG_DEVICE inline uint32_t elem_drop(abi::Instance& instance, uint32_t segment) {
  instance.elements[segment].size = 0;
  return 0;
}

// Atomics: where in memory, or the trap. The address must be a multiple of the width; that is asked first.
RUSTG_DEVICE inline uint32_t atomic_address(abi::Instance& instance, uint32_t index, uint32_t address, uint64_t offset,
                                            uint32_t width, uint8_t** out) {
  const abi::Memory& memory = instance.memory(index);
  const uint64_t at = address + offset;
  if ((at & (width - 1)) != 0) return trap(Trap::unaligned_atomic);
  if (!inside(at, width, memory.size)) return trap(Trap::memory_out_of_bounds);
  *out = memory.base + at;
  return 0;
}
RUSTG_DEVICE inline uint32_t atomic_wait(abi::Instance& instance, uint32_t index, uint32_t address, uint64_t offset,
                                         uint64_t expected, uint64_t timeout_ns, uint32_t width, uint64_t* out) {
  uint8_t* at = nullptr;
  if (const uint32_t t = atomic_address(instance, index, address, offset, width, &at)) return t;
  if (!hooks::is_shared(instance, index)) return trap(Trap::wait_on_unshared_memory);
  *out = hooks::wait(instance, at, expected, static_cast<int64_t>(timeout_ns), width);
  return 0;
}
RUSTG_DEVICE inline uint32_t atomic_notify(abi::Instance& instance, uint32_t index, uint32_t address, uint64_t offset,
                                           uint32_t count, uint64_t* out) {
  uint8_t* at = nullptr;
  if (const uint32_t t = atomic_address(instance, index, address, offset, 4, &at)) return t;
  *out = hooks::is_shared(instance, index) ? hooks::notify(instance, at, count) : 0;
  return 0;
}

}  // namespace operations
}  // namespace rustg::runtime
