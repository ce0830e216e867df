// A task as a machine that the device layer runs, or steps together with others.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

struct Machine {
  using Task = parse::Task;
  using Context = Parser::Context;
  static constexpr uint32_t kStates = parse::kStates, kScratch = kStackSlots * sizeof(StackSlot);
  // What is not bracketed (S<S<S<, else if) may nest a good third of that deep.
  static constexpr uint32_t kFrames = 16384;
  static constexpr uint16_t kSkip = 0x100;  // in a task's edition: there is nothing to do

  Shared shared;
  uint32_t cut;

  RUSTG_HD_INLINE void run(const Task& task, const device::Push<Task>& push) const {
    if (task.edition & kSkip) return;
    Frame stack[kFrames];
    Parser(shared, push, stack, kFrames, cut).run(task);
  }
  RUSTG_HD_INLINE Parser parser(const device::Push<Task>& push, uint8_t* scratch) const {
    return Parser(shared, push, reinterpret_cast<Frame*>(scratch), kFrames, cut);
  }
  RUSTG_HD_INLINE bool begin(const Task& task, const device::Push<Task>& push, uint8_t* scratch, Context& context) const {
    return !(task.edition & kSkip) && parser(push, scratch).begin(task, context);
  }
  RUSTG_HD_INLINE uint32_t state(const Context& context) const { return context.state & 0xff; }
  RUSTG_HD_INLINE bool step(uint32_t state, Context& context, const device::Push<Task>& push, uint8_t* scratch) const {
    return parser(push, scratch).step(state, context);
  }
};

// Chunks of the stacks: so many, and one for so many tokens.
constexpr uint32_t kLeastChunks = 8192, kTokensPerChunk = 1024;

}  // namespace rustg::parse
