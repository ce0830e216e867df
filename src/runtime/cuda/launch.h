// What the host hands the kernel, and what a resident lane keeps: plain records, the same in device code and in the host's tests.
//
// A lane's state block, `state_stride` bytes each, zero-based offsets below:
//   abi::Instance | Lane | globals | memories 1.. | tables | private table elements | data segments | element segments
// A lane's slot, `slot_stride` bytes each: its memories, each at its `slot_offset`.
#pragma once
#include <cstdint>

#include "ir/trap.h"
#include "runtime/cuda/atomics.h"
#include "runtime/cuda/chacha.h"
#include "runtime/cuda/mailbox.h"
#include "runtime/cuda/pool.h"
#include "runtime/cuda/ring.h"
#include "runtime/wasi/strings.h"
#include "target/abi/instance.h"

namespace rustg::runtime::cuda {

constexpr uint32_t kImagePage = 4096;
constexpr uint32_t kZeroPage = 0xffffffff;

// One memory as every instance finds it.
struct MemoryImage {
  const uint32_t* pages;    // per 4 KiB page of `size`: its number in `contents`, or kZeroPage
  const uint8_t* contents;  // the pages that are not all zeros
  uint64_t size, max;       // bytes
  uint64_t slot_offset, slot_capacity;
  uint32_t shared, unused;
};

struct TableImage {
  uint64_t* elements;  // device memory
  uint32_t size, max, capacity;
  uint32_t
      offset;  // of the private copy in the state block; 0: nobody writes the table, all instances share `elements`
};

struct Launch {
  // Work: instance numbers first .. first + count, taken `lanes_per_warp` at a time.
  uint32_t first, count, lanes_per_warp;
  uint32_t* next;
  const uint32_t* entries;  // functions that every instance calls, in order
  uint32_t entry_count;

  uint8_t* states;
  uint64_t state_stride;
  uint32_t globals_offset, memories_offset, tables_offset, data_offset, elements_offset;
  uint8_t* slots;
  uint64_t slot_stride;
  uint8_t* stacks;  // the interpreter's frames
  uint64_t stack_stride;

  const uint64_t* globals;
  const MemoryImage* memories;
  const TableImage* tables;
  const abi::Segment* data;
  const abi::Segment* elements;
  uint32_t global_count, memory_count, table_count, data_count, element_count;
  const uint32_t* function_signatures;
  const void* code;

  int64_t fuel;         // of an instance in all; INT64_MAX: no limit
  uint64_t timeout_ns;  // 0: none
  uint64_t memory_limit;
  uint32_t depth_limit;

  Pool pool;
  Ring ring;
  Mailboxes mail;
  const Control* control;

  const uint8_t* wasi;              // per host function: its wasi::Function, or kNotWasi
  const uint8_t* host_params;       // per host function: how many, kHostSlots at most
  wasi::Strings args, environment;  // on the device; the instance's own number is filled in by its lane
  ChaChaKey key;
  int64_t realtime_offset, monotonic_offset;  // add to globaltimer
  uint32_t direct;                            // bit 1, 2: stdout, stderr go to the ring
  uint32_t closed_world;  // no directory and no socket was given: no file descriptor above 2 can exist
};

constexpr uint8_t kNotWasi = 0xff;
constexpr int64_t kFuelSlice = 1 << 20;  // a lane looks at its deadline each time this much is used

struct Lane {
  const Launch* launch;
  uint32_t number;           // which resident lane
  uint32_t sequence;         // of its host calls
  uint64_t printed;          // ring position after its last record
  uint64_t begun, deadline;  // on the device's clock; deadline 0: none
  int64_t fuel_reserve;      // beyond what the instance holds
  uint32_t random_blocks;
  uint32_t direct;
};

// One call from the host, in pinned memory.
struct Call {
  abi::Outcome outcome;
  uint64_t slots[1];  // arguments, then results; as many as the widest signature has
};

RUSTG_HD inline Lane& lane_of(abi::Instance& instance) { return *static_cast<Lane*>(instance.host); }

}  // namespace rustg::runtime::cuda
