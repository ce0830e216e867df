// The interpreter of bytecode/opcodes.def. The bodies of the operations are written once, in ops_*.inc, in terms of the macros
// below, and expand
//   - on the CPU into a function per opcode that ends in a tail call of the next one's (dispatch_tail.h), all state in registers;
//   - on a CUDA device, and on the CPU under sanitizers and without optimization, into one loop around a `switch` (below).
//
// State: pc (the current instruction's first word), fp (slot 0 of the current frame), memory and memory_size (memory 0),
// instance. In a body: H(k) half k of the instruction, I16/U32/I32(k) immediates at half k; S32/S64/F32/F64(k) the slot that
// half k names, SET64/SETF32/SETF64(k, value) write it; NEXT(words), JUMP(words), BRANCH(condition, target, words), GO(address)
// go on, TRAP(trap) and TRAP_IF(call) end the run, LEAVE(code) too.
//
// RUSTG_SLOT_STRIDE, default 1: slots of a frame lie that many 64-bit cells apart, so that 32 instances' frames can be interleaved.
#pragma once
#include <cstdint>

#include "runtime/interpreter/numeric.h"
#include "runtime/interpreter/operations.h"
#include "target/abi/instance.h"
#include "target/bytecode/bytecode.h"

#ifndef RUSTG_SLOT_STRIDE
#  define RUSTG_SLOT_STRIDE 1
#endif

// What the switch does at every instruction; bench/bytecode/profile.cpp counts there.
#ifndef RUSTG_ON_DISPATCH
#  define RUSTG_ON_DISPATCH(word)
#endif

namespace rustg::runtime::interpreter {

#define SLOTS(n) (static_cast<uint64_t>(n) * RUSTG_SLOT_STRIDE)

// The function whose code holds word `index`.
RUSTG_HD inline uint32_t function_at(const bytecode::Tables& tables, uint64_t index) {
  uint32_t low = 0, high = tables.function_count;
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    if (tables.functions[middle].entry <= index)
      low = middle;
    else
      high = middle;
  }
  return low;
}

// Walk the frames from (pc, fp) out and record them in the outcome.
RUSTG_HD inline void record_frames(abi::Instance& instance, const uint64_t* pc, const uint64_t* fp) {
  const auto& tables = *static_cast<const bytecode::Tables*>(instance.code);
  abi::Outcome& outcome = instance.outcome;
  outcome.frame_count = outcome.depth = 0;
  while (true) {
    const uint64_t index = static_cast<uint64_t>(pc - tables.code);
    if (index <= bytecode::kHaltWord) return;
    if (outcome.frame_count < abi::kBacktraceFrames)
      outcome.functions[outcome.frame_count++] = function_at(tables, index);
    ++outcome.depth;
    const uint64_t* const back = reinterpret_cast<const uint64_t*>(*fp);
    fp -= SLOTS(static_cast<uint16_t>(back[-1]));
    pc = back - 1;  // inside the call
  }
}

// Results are already where they belong when a host function returns into slots 1..: it is given its frame's slots.
RUSTG_DEVICE inline uint32_t call_host(abi::Instance& instance, const bytecode::Tables& tables, uint32_t host_function,
                                       const uint64_t* pc, uint64_t* fp) {
#if RUSTG_SLOT_STRIDE == 1
  (void)tables, (void)pc;
  return operations::host_call(instance, host_function, fp + 1);
#else
  const bytecode::FunctionEntry& entry = tables.functions[function_at(tables, static_cast<uint64_t>(pc - tables.code))];
  uint64_t args[bytecode::kHostSlots];
  for (uint32_t i = 0; i < entry.params; ++i) args[i] = fp[SLOTS(1 + i)];
  const uint32_t trap = operations::host_call(instance, host_function, args);
  for (uint32_t i = 0; i < entry.results; ++i) fp[SLOTS(1 + i)] = args[i];
  return trap;
#endif
}

// Put the arguments where `function` expects them; false if the stack has no room.
RUSTG_HD inline bool prepare(abi::Instance& instance, const bytecode::Tables& tables, uint32_t function,
                             const uint64_t* args) {
  const bytecode::FunctionEntry& entry = tables.functions[function];
  uint64_t* const fp = instance.stack;
  if (fp + SLOTS(entry.frame_slots) > instance.stack_end) return false;
  fp[0] = reinterpret_cast<uint64_t>(tables.code + bytecode::kHaltWord);
  for (uint32_t i = 0; i < entry.params; ++i) fp[SLOTS(1 + i)] = args[i];
  return true;
}

#define H(k) static_cast<uint16_t>((k) < 4 ? word >> (16 * ((k)&3)) : pc[(k) / 4] >> (16 * ((k)&3)))
#define I16(k) static_cast<int64_t>(static_cast<int16_t>(H(k)))
#define U32(k) static_cast<uint32_t>((k) < 4 ? word >> (16 * ((k)&3)) : pc[(k) / 4] >> (16 * ((k)&3)))
#define I32(k) static_cast<int32_t>(U32(k))
#define S64(k) fp[SLOTS(H(k))]
#define S32(k) static_cast<uint32_t>(fp[SLOTS(H(k))])
#define F32(k) numeric::bits<float>(S32(k))
#define F64(k) numeric::bits<double>(S64(k))
#define SET64(k, v) fp[SLOTS(H(k))] = (v)
#define SETF32(k, v) fp[SLOTS(H(k))] = numeric::bits<uint32_t>(static_cast<float>(v))
#define SETF64(k, v) fp[SLOTS(H(k))] = numeric::bits<uint64_t>(static_cast<double>(v))
#define RELOAD_MEMORY (memory = instance->memory0.base, memory_size = instance->memory0.size)
#define TRAP_IF(call) \
  if (const uint32_t trap_number = (call)) TRAP(static_cast<ir::Trap>(trap_number))
#define HOST_CALL(f) call_host(*instance, *static_cast<const bytecode::Tables*>(instance->code), f, pc, fp)

// From `pc`, in the prepared frame at the bottom of the stack, to the end: an ir::Trap.
RUSTG_DEVICE inline uint32_t interpret_switch(abi::Instance* instance, const uint64_t* pc) {
  uint64_t* fp = instance->stack;
  uint8_t* memory = instance->memory0.base;
  uint64_t memory_size = instance->memory0.size;
  uint32_t code = 0;
  uint64_t word = *pc;
dispatch:
  switch (static_cast<bytecode::Op>(static_cast<uint16_t>(word))) {
#define OP(name) case bytecode::Op::name:
#define END
#define GO(address)          \
  do {                       \
    pc = (address);          \
    word = *pc;              \
    RUSTG_ON_DISPATCH(word); \
    goto dispatch;           \
  } while (false)
#define NEXT(words) GO(pc + (words))
#define JUMP(words) GO(pc + (words))
#define BRANCH(condition, target, words) GO(pc + ((condition) ? static_cast<int64_t>(target) : int64_t{words}))
#define LEAVE(value) \
  do {               \
    code = (value);  \
    goto leave;      \
  } while (false)
#define TRAP(t)                      \
  do {                               \
    code = static_cast<uint32_t>(t); \
    goto trapped;                    \
  } while (false)
#include "runtime/interpreter/ops_control.inc"
#include "runtime/interpreter/ops_float.inc"
#include "runtime/interpreter/ops_integer.inc"
#include "runtime/interpreter/ops_memory.inc"
    // Sequences are for tail calls only: compilers take minutes over a switch of thousands, and a kernel would only swell.
    default: __builtin_unreachable();
#undef OP
#undef END
#undef GO
#undef NEXT
#undef JUMP
#undef BRANCH
#undef LEAVE
#undef TRAP
  }
trapped:
  record_frames(*instance, pc, fp);
leave:
  return code;
}

// Run `function` until it returns or traps: an ir::Trap, with instance.outcome filled. Slots of args_and_results: the arguments
// (i32 and f32 zero-extended), then the results. `run` is interpret_switch or its equal; instance.code must point to `tables`.
template <class Run>
RUSTG_DEVICE inline uint32_t interpret_with(Run run, abi::Instance& instance, const bytecode::Tables& tables,
                                            uint32_t function, uint64_t* args_and_results) {
  abi::Outcome& outcome = instance.outcome;
  outcome.exit_code = outcome.frame_count = outcome.depth = 0;
  if (!prepare(instance, tables, function, args_and_results)) {
    outcome.frame_count = outcome.depth = 1;
    outcome.functions[0] = function;
    return outcome.trap = static_cast<uint32_t>(ir::Trap::stack_exhausted);
  }
  const bytecode::FunctionEntry& entry = tables.functions[function];
  outcome.trap = run(&instance, tables.code + entry.entry);
  if (outcome.trap == 0)
    for (uint32_t i = 0; i < entry.results; ++i) args_and_results[i] = instance.stack[SLOTS(1 + i)];
  return outcome.trap;
}

#if defined(__CUDACC__)
RUSTG_DEVICE inline uint32_t interpret(abi::Instance& instance, const bytecode::Tables& tables, uint32_t function,
                                       uint64_t* args_and_results) {
  return interpret_with([](abi::Instance* i, const uint64_t* pc) { return interpret_switch(i, pc); }, instance, tables,
                        function, args_and_results);
}
#else
// By tail calls, or by the switch in builds that cannot rely on them (dispatch.cpp).
uint32_t interpret(abi::Instance& instance, const bytecode::Tables& tables, uint32_t function,
                   uint64_t* args_and_results);
// Whether it knows what bytecode::Options::sequences makes.
bool has_sequences();
#endif

}  // namespace rustg::runtime::interpreter
