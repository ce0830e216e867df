// The interpreter as one function per opcode, each ending in a tail call: the whole state stays in argument registers, and every
// operation has an indirect jump of its own for the branch predictor to learn. Builds in which the compiler does not make such
// calls jumps (no optimization, sanitizers) use the switch.
#include "runtime/interpreter/interpreter.h"

namespace rustg::runtime::interpreter {

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(RUSTG_INTERPRETER_SWITCH)
namespace {

#define STATE                                                                                                   \
  [[maybe_unused]] const uint64_t *pc, [[maybe_unused]] uint64_t *fp, [[maybe_unused]] uint8_t *memory,         \
      [[maybe_unused]] uint64_t memory_size, [[maybe_unused]] abi::Instance *instance, [[maybe_unused]] uint64_t word
using Handler = uint32_t (*)(const uint64_t*, uint64_t*, uint8_t*, uint64_t, abi::Instance*, uint64_t);
extern const Handler kHandlers[bytecode::kOpCount];

[[gnu::noinline, gnu::cold]] uint32_t trapped(const uint64_t* pc, uint64_t* fp, uint8_t*, uint64_t, abi::Instance* instance,
                                              uint64_t trap) {
  record_frames(*instance, pc, fp);
  return static_cast<uint32_t>(trap);
}

#define OP(name) uint32_t op_##name(STATE)
#define END
#define GO(address)                                                                                        \
  do {                                                                                                     \
    pc = (address);                                                                                        \
    word = *pc;                                                                                            \
    return kHandlers[static_cast<uint16_t>(word)](pc, fp, memory, memory_size, instance, word);            \
  } while (false)
#define NEXT(words) GO(pc + (words))
#define JUMP(words) GO(pc + (words))
#define BRANCH(condition, target, words) \
  if (condition) JUMP(target);           \
  NEXT(words)
#define LEAVE(value) return (value)
#define TRAP(t) return trapped(pc, fp, memory, memory_size, instance, static_cast<uint64_t>(t))
#include "runtime/interpreter/ops_control.inc"
#include "runtime/interpreter/ops_float.inc"
#include "runtime/interpreter/ops_integer.inc"
#include "runtime/interpreter/ops_memory.inc"
#include "runtime/interpreter/ops_sequence.inc"

const Handler kHandlers[bytecode::kOpCount] = {
#define RUSTG_BYTECODE_OP(name, fields) op_##name,
#include "target/bytecode/opcodes.def"
#undef RUSTG_BYTECODE_OP
};

uint32_t run(abi::Instance* instance, const uint64_t* pc) {
  return kHandlers[static_cast<uint16_t>(*pc)](pc, instance->stack, instance->memory0.base, instance->memory0.size, instance, *pc);
}

}  // namespace

bool has_sequences() { return true; }
#else
namespace {
uint32_t run(abi::Instance* instance, const uint64_t* pc) { return interpret_switch(instance, pc); }
}  // namespace

bool has_sequences() { return false; }
#endif

uint32_t interpret(abi::Instance& instance, const bytecode::Tables& tables, uint32_t function, uint64_t* args_and_results) {
  return interpret_with(run, instance, tables, function, args_and_results);
}

}  // namespace rustg::runtime::interpreter
