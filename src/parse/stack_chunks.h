// The stack of states where memory is scarce: every parser has a few slots of its own, and what does not fit lies in chunks that all share.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "device/atomic.h"

namespace rustg::parse {

enum class State : uint8_t {
#define STATE(name) name,
#include "parse/state.def"
};
constexpr uint32_t kStates = 0
#define STATE(name) +1
#include "parse/state.def"
    ;

// A state on the stack. What a, b and token mean is the state's affair; token is mostly that which the node will stand for.
struct Frame {
  uint32_t token, start;  // start: the place of the node's first descendant
  State state;
  uint8_t a;
  uint16_t b;
};
static_assert(sizeof(Frame) == 12);

// A frame that is read and written in one access.
struct alignas(16) StackSlot {
  uint32_t token, start, state, link;  // state: with a and b in its upper bits; link: only in a stack's last slot
};

constexpr uint32_t kStackSlots = 64, kStackFrames = kStackSlots - 1, kChunkFrames = 32;

struct StackChunks {
  StackSlot* slots;
  uint32_t* links;  // of each chunk: 0 if it is free, else the chunk below it + 2, or 1
  uint32_t count;

  // The lowest frames of `depth` go to a chunk. first: there are none below them. False: all chunks are taken.
  RUSTG_HD_APART static bool spill(StackChunks chunks, StackSlot* stack, uint32_t depth, bool first) {
    const uint32_t count = chunks.count;
    StackSlot& last = stack[kStackSlots - 1];
    const uint32_t link = first ? 1 : last.link + 2;
    uint32_t chunk = first ? uint32_t(reinterpret_cast<uintptr_t>(stack) / sizeof(StackSlot[kStackSlots])) * 31 : last.link + 1;
    for (uint32_t i = 0; i != count; ++i, ++chunk) {
      chunk %= count;
      uint32_t* const taken = chunks.links + chunk;
      if (device::atomic_load(taken) != 0 || device::atomic_cas(taken, 0u, link) != 0) continue;
      for (uint32_t f = 0; f != kChunkFrames; ++f) chunks.slots[chunk * kChunkFrames + f] = stack[f];
      for (uint32_t f = kChunkFrames; f != depth; ++f) stack[f - kChunkFrames] = stack[f];
      last.link = chunk;
      return true;
    }
    return false;
  }
  // And back.
  RUSTG_HD_APART static void refill(StackChunks chunks, StackSlot* stack, uint32_t depth) {
    StackSlot& last = stack[kStackSlots - 1];
    StackSlot* const slots = chunks.slots + last.link * kChunkFrames;
    uint32_t* const link = chunks.links + last.link;
    for (uint32_t f = depth; f-- != 0;) stack[f + kChunkFrames] = stack[f];
    for (uint32_t f = 0; f != kChunkFrames; ++f) stack[f] = slots[f];
    last.link = *link - 2;  // of the lowest: nobody asks
    device::fence();
    device::atomic_store_release(link, 0u);
  }
};

}  // namespace rustg::parse
