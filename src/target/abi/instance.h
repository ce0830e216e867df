// What compiled code and the runtime agree on: the records of one running instance. Plain data with fixed offsets, the same on
// the CPU and on a CUDA device, so that the interpreter (one source, both devices) and emitted PTX can use them.
//
// A reference (ir::Type::ref) is 64 bits: 0 is null; a function is its program-wide number + 1; a host reference is any other
// number its owner chose, which compiled code only moves about.
// A value slot is 64 bits: i32 and f32 in the low half (high half undefined), i64, f64 and ref whole.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/hd.h"

namespace rustg::abi {

struct Memory {
  uint8_t* base;      // byte 0. May change at any call or memory_grow
  uint64_t size;      // bytes accessible now, a multiple of 64 KiB
  uint64_t capacity;  // bytes it can grow to where it is
  uint64_t max;       // bytes it may ever grow to
};
static_assert(sizeof(Memory) == 32);

struct Table {
  uint64_t* elements;
  uint32_t size, capacity, max;
  uint32_t unused;
};
static_assert(sizeof(Table) == 24);

// A data segment (bytes) or an element segment (64-bit references); size 0 once dropped. Units: bytes or references.
struct Segment {
  const void* items;
  uint64_t size;
};
static_assert(sizeof(Segment) == 16);

constexpr uint32_t kBacktraceFrames = 48;

// How an instance ended, and where: frames from the innermost out. A deeper stack keeps its innermost frames only.
struct Outcome {
  uint32_t trap;       // ir::Trap; none = it returned
  uint32_t exit_code;  // with Trap::exit
  uint32_t frame_count;  // frames recorded
  uint32_t depth;        // frames there were
  uint32_t functions[kBacktraceFrames];  // program-wide function numbers
};

struct alignas(16) Instance {  // so that base and size of memory 0 are one 16-byte load
  Memory memory0;           //  0: memory 0 of the program
  Memory* more_memories;    // 32: memories 1..
  Table* tables;            // 40
  uint64_t* globals;        // 48: one slot each
  Segment* data;            // 56
  Segment* elements;        // 64
  const uint32_t* function_signatures;  // 72: ir::SignatureId of every function, for call_indirect
  int64_t fuel;             // 80: what is left; `fuel` operations take from it and trap below 0
  uint32_t depth_limit;     // 88: calls deep at most
  uint32_t index;           // 92: which instance this is (RUSTG_INSTANCE)
  uint64_t* stack;          // 96: the interpreter's frames
  uint64_t* stack_end;      // 104
  void* host;               // 112: whatever serves this instance's host calls on its device
  const void* code;         // 120: the engine's own tables
  Outcome outcome;          // 128

  RUSTG_HD Memory& memory(uint32_t i) { return i == 0 ? memory0 : more_memories[i - 1]; }
};
static_assert(offsetof(Instance, globals) == 48 && offsetof(Instance, fuel) == 80 && offsetof(Instance, outcome) == 128);

}  // namespace rustg::abi
