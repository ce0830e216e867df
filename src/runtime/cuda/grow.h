// Memories and tables that grow on the device: in place while their slot has room, then into a block of the pool. And fuel: how
// a running lane looks up at its deadline.
#pragma once
#include "runtime/cuda/launch.h"

namespace rustg::runtime::cuda {

// Move `used` bytes at `from` into a block of `wanted` bytes (of `needed`, if the pool is short); the old place goes back if it was
// a block. Null: no memory left, nothing has changed.
RUSTG_HD inline uint8_t* move_to_pool(const Pool& pool, uint8_t* from, uint64_t used, uint64_t wanted,
                                      uint64_t needed) {
  uint8_t* block = pool.take(wanted);
  if (block == nullptr) block = pool.take(needed);
  if (block == nullptr) return nullptr;
  copy_aligned(block, from, (used + 15) & ~15ull);
  if (pool.owns(from)) pool.give(from);
  return block;
}

// Make memory `index` hold `bytes`: its content kept, new bytes zero. `capacity` says how far the bytes are zeroed already; the
// place itself (slot or block) is usually larger. False: no memory left.
RUSTG_HD inline bool reserve_memory(abi::Instance& instance, uint32_t index, uint64_t bytes) {
  const Launch& launch = *lane_of(instance).launch;
  abi::Memory& memory = instance.memory(index);
  uint64_t place =
      launch.pool.owns(memory.base) ? launch.pool.size_of(memory.base) : launch.memories[index].slot_capacity;
  if (bytes > place) {
    // Half as much again, so that a memory which grows page by page is not copied each time.
    uint64_t wanted = bytes + bytes / 2;
    uint8_t* block =
        move_to_pool(launch.pool, memory.base, memory.size, wanted < memory.max ? wanted : memory.max, bytes);
    if (block == nullptr) return false;
    memory.base = block;
  }
  zero_aligned(memory.base + memory.size, bytes - memory.size);
  memory.capacity = bytes;
  return true;
}

// The same for a table, in elements; new ones are not cleared.
RUSTG_HD inline bool reserve_table(abi::Instance& instance, abi::Table& table, uint32_t elements) {
  const Launch& launch = *lane_of(instance).launch;
  uint64_t bytes = elements * 8ull;
  uint8_t* block = move_to_pool(launch.pool, reinterpret_cast<uint8_t*>(table.elements), table.size * 8ull,
                                bytes + bytes / 2, bytes);
  if (block == nullptr) return false;
  table.elements = reinterpret_cast<uint64_t*>(block);
  uint64_t capacity = launch.pool.size_of(block) / 8;
  table.capacity = capacity < 0xffffffffu ? static_cast<uint32_t>(capacity) : 0xffffffffu;
  return true;
}

// Give back what an ended instance has taken from the pool.
RUSTG_HD inline void give_back(abi::Instance& instance, const Launch& launch) {
  for (uint32_t i = 0; i < launch.memory_count; i++) {
    abi::Memory& m = instance.memory(i);
    if (launch.pool.owns(m.base)) launch.pool.give(m.base);
  }
  for (uint32_t i = 0; i < launch.table_count; i++) {
    abi::Table& t = instance.tables[i];
    if (launch.pool.owns(t.elements)) launch.pool.give(t.elements);
  }
}

// instance.fuel has fallen below 0: a Trap, or none after another slice of what the instance has left.
RUSTG_HD inline uint32_t refuel(abi::Instance& instance) {
  Lane& lane = lane_of(instance);
  if (lane.deadline != 0 && now_ns() > lane.deadline) return static_cast<uint32_t>(ir::Trap::timeout);
  if (uint32_t trap = load_acquire(&lane.launch->control->abort); trap != 0) return trap;
  int64_t slice = lane.fuel_reserve < kFuelSlice ? lane.fuel_reserve : kFuelSlice;
  if (instance.fuel + slice < 0 || slice == 0) return static_cast<uint32_t>(ir::Trap::out_of_fuel);
  instance.fuel += slice;
  lane.fuel_reserve -= slice;
  return 0;
}

}  // namespace rustg::runtime::cuda
