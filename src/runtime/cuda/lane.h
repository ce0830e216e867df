// The life of an instance on its lane: the start image is laid out by the whole warp, the lane sets up its own state, calls the
// entries one after another, and reports how it ended. The engine is the `invoke` that is passed in.
#pragma once
#include "runtime/cuda/grow.h"
#include "runtime/cuda/host_call.h"

namespace rustg::runtime::cuda {

RUSTG_HD inline abi::Instance& instance_of(const Launch& launch, uint32_t lane) {
  return *reinterpret_cast<abi::Instance*>(launch.states + lane * launch.state_stride);
}

// Lay out memory `image` at `to`, as thread `thread` of `threads`: consecutive threads write consecutive 16 bytes.
RUSTG_HD inline void lay_out(const MemoryImage& image, uint8_t* to, uint32_t thread, uint32_t threads) {
  constexpr uint32_t kUnits = kImagePage / sizeof(Unit);
  for (uint64_t page = 0; page < image.size / kImagePage; page++) {
    Unit* out = reinterpret_cast<Unit*>(to + page * kImagePage);
    uint32_t number = image.pages[page];
    if (number == kZeroPage) {
      for (uint32_t i = thread; i < kUnits; i += threads) out[i] = Unit{};
    } else {
      const Unit* in = reinterpret_cast<const Unit*>(image.contents + uint64_t{number} * kImagePage);
      for (uint32_t i = thread; i < kUnits; i += threads) out[i] = in[i];
    }
  }
}
RUSTG_HD inline void lay_out_memories(const Launch& launch, uint32_t lane, uint32_t thread, uint32_t threads) {
  for (uint32_t i = 0; i < launch.memory_count; i++)
    lay_out(launch.memories[i], launch.slots + lane * launch.slot_stride + launch.memories[i].slot_offset, thread,
            threads);
}

// Everything but the memories' bytes.
RUSTG_HD inline void begin_instance(const Launch& launch, uint32_t number, uint32_t index) {
  uint8_t* state = launch.states + number * launch.state_stride;
  abi::Instance& instance = *reinterpret_cast<abi::Instance*>(state);
  Lane& lane = *reinterpret_cast<Lane*>(state + sizeof(abi::Instance));
  uint32_t sequence = lane.sequence;  // of the mailbox, which outlives instances; zeroed by the host before the launch
  lane = Lane{};
  lane.launch = &launch;
  lane.number = number;
  lane.sequence = sequence;
  lane.begun = now_ns();
  lane.deadline = launch.timeout_ns != 0 ? lane.begun + launch.timeout_ns : 0;
  lane.direct = launch.direct;

  instance.globals = reinterpret_cast<uint64_t*>(state + launch.globals_offset);
  instance.more_memories = reinterpret_cast<abi::Memory*>(state + launch.memories_offset);
  instance.tables = reinterpret_cast<abi::Table*>(state + launch.tables_offset);
  instance.data = reinterpret_cast<abi::Segment*>(state + launch.data_offset);
  instance.elements = reinterpret_cast<abi::Segment*>(state + launch.elements_offset);
  instance.function_signatures = launch.function_signatures;
  instance.fuel = launch.fuel < kFuelSlice ? launch.fuel : kFuelSlice;
  lane.fuel_reserve = launch.fuel - instance.fuel;
  instance.depth_limit = launch.depth_limit;
  instance.index = index;
  instance.stack = reinterpret_cast<uint64_t*>(launch.stacks + number * launch.stack_stride);
  instance.stack_end = reinterpret_cast<uint64_t*>(launch.stacks + (number + uint64_t{1}) * launch.stack_stride);
  instance.host = &lane;
  instance.code = launch.code;
  instance.outcome.trap = instance.outcome.exit_code = instance.outcome.frame_count = instance.outcome.depth = 0;

  instance.memory0 = {};
  for (uint32_t i = 0; i < launch.memory_count; i++) {
    const MemoryImage& image = launch.memories[i];
    instance.memory(i) = {.base = launch.slots + number * launch.slot_stride + image.slot_offset,
                          .size = image.size,
                          .capacity = image.size,
                          .max = image.max < launch.memory_limit ? image.max : launch.memory_limit};
  }
  for (uint32_t i = 0; i < launch.global_count; i++) instance.globals[i] = launch.globals[i];
  for (uint32_t i = 0; i < launch.table_count; i++) {
    const TableImage& image = launch.tables[i];
    uint64_t* elements = image.elements;
    if (image.offset != 0) {
      elements = reinterpret_cast<uint64_t*>(state + image.offset);
      for (uint32_t k = 0; k < image.size; k++) elements[k] = image.elements[k];
    }
    instance.tables[i] = {
        .elements = elements, .size = image.size, .capacity = image.capacity, .max = image.max, .unused = 0};
  }
  for (uint32_t i = 0; i < launch.data_count; i++) instance.data[i] = launch.data[i];
  for (uint32_t i = 0; i < launch.element_count; i++) instance.elements[i] = launch.elements[i];
}

// Call the entries and report. invoke(instance, function, slots) returns an ir::Trap and has recorded it in the outcome.
template <class Invoke>
RUSTG_HD inline void run_instance(const Launch& launch, abi::Instance& instance, Invoke&& invoke) {
  for (uint32_t i = 0; i < launch.entry_count; i++) {
    uint64_t slots[kHostSlots] = {};
    if (uint32_t trap = invoke(instance, launch.entries[i], slots); trap != 0) {
      instance.outcome.trap = trap;
      break;
    }
  }
  uint32_t bytes = offsetof(abi::Outcome, functions) + instance.outcome.frame_count * 4;
  ring_put(launch.ring, instance.index, kEnded, reinterpret_cast<const uint8_t*>(&instance.outcome), bytes);
  give_back(instance, launch);
}

}  // namespace rustg::runtime::cuda
