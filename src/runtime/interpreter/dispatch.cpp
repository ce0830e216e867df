// The interpreter as one function per opcode, each ending in a tail call: the whole state stays in argument registers, and every
// operation has an indirect jump of its own for the branch predictor to learn. Builds in which the compiler does not make such
// calls jumps (no optimization, sanitizers) use the switch.
#include "runtime/interpreter/interpreter.h"

namespace rustg::runtime::interpreter {

// ops_memory.inc takes an access apart by hand: device code cannot call Access::unpack.
static_assert(ir::Access{.width_log2 = 3, .is_signed = true, .memory = 1}.pack() == (3 | 4 | 1 << 5));

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(RUSTG_INTERPRETER_SWITCH)
namespace {

// Beside the state a handler is given the table of handlers, and reads its instruction's halves from memory one by one: loads are
// cheaper here than the shifts and masks that would cut up a word in a register.
#  define STATE                                                                                           \
    [[maybe_unused]] const uint64_t *pc, [[maybe_unused]] uint64_t *fp, [[maybe_unused]] uint8_t *memory, \
        [[maybe_unused]] uint64_t memory_size, [[maybe_unused]] abi::Instance *instance,                  \
        [[maybe_unused]] const void *const *handlers
using Handler = uint32_t (*)(const uint64_t*, uint64_t*, uint8_t*, uint64_t, abi::Instance*, const void* const*);

#  undef H
#  undef U32
#  undef S64
#  undef S32
#  undef SET64
using Half [[gnu::may_alias]] = uint16_t;
using TwoHalves [[gnu::may_alias]] = uint32_t;
#  define H(k) (reinterpret_cast<const Half*>(pc)[k])
#  define U32(k) (reinterpret_cast<const TwoHalves*>(pc)[(k) / 2])
// The address of a slot in a register, kept from being folded into an indexed operand: Golden Cove forwards a store to a load at
// once if both address by a base register alone, and takes seven cycles if one is indexed. Chains of integer operations run in
// half the time so; floats, which are not forwarded that way, keep the shorter code.
[[gnu::always_inline]] inline uint64_t* slot_at(uint64_t* fp, uint64_t n) {
  uint64_t* at = fp + n;
  asm("" : "+r"(at));
  return at;
}
// Within a sequence a half that names the slot just written takes `made`, without a way through memory.
#  define S64(k) ((k) == kFrom ? made : *slot_at(fp, H(k)))
#  define S32(k) static_cast<uint32_t>(S64(k))
#  define SET64(k, v)                     \
    do {                                  \
      const uint64_t set = (v);           \
      *slot_at(fp, H(k)) = set;           \
      if constexpr ((k) == 1) made = set; \
    } while (false)
#  undef F32
#  undef F64
#  undef SETF32
#  undef SETF64
#  define F32(k) numeric::bits<float>(static_cast<uint32_t>((k) == kFrom ? made : fp[H(k)]))
#  define F64(k) numeric::bits<double>((k) == kFrom ? made : fp[H(k)])
#  define SETF32(k, v) fp[H(k)] = made = numeric::bits<uint32_t>(static_cast<float>(v))
#  define SETF64(k, v) fp[H(k)] = made = numeric::bits<uint64_t>(static_cast<double>(v))

[[gnu::noinline, gnu::cold]] uint32_t trapped(const uint64_t* pc, uint64_t* fp, uint8_t*, uint64_t trap,
                                              abi::Instance* instance, const void* const*) {
  record_frames(*instance, pc, fp);
  return static_cast<uint32_t>(trap);
}

// An operation is a type whose `go` does it and goes on with what Then says: dispatch, or the next operation of a sequence. `made` is
// what the operation before wrote, and kFrom the half that reads it (0: none).
#  define ARGUMENTS pc, fp, memory, memory_size, instance, handlers
struct Dispatch {
  [[gnu::always_inline]] static uint32_t go(STATE, uint64_t) {
    return reinterpret_cast<Handler>(handlers[H(0)])(ARGUMENTS);
  }
};
template <uint32_t kHalf, class Op>
struct from {
  template <class Then, uint32_t>
  [[gnu::always_inline]] static uint32_t go(STATE, uint64_t made) {
    return Op::template go<Then, kHalf>(ARGUMENTS, made);
  }
};
template <class... Ops>
struct Chain : Dispatch {};
template <class Op, class... More>
struct Chain<Op, More...> {
  [[gnu::always_inline]] static uint32_t go(STATE, uint64_t made) {
    return Op::template go<Chain<More...>, 0>(ARGUMENTS, made);
  }
};

namespace ops {
#  define OP(name)                                           \
    struct name {                                            \
      template <class Then, [[maybe_unused]] uint32_t kFrom> \
      [[gnu::always_inline]] static uint32_t go(STATE, [[maybe_unused]] uint64_t made)
#  define END \
    }         \
    ;
#  define GO(address)                    \
    do {                                 \
      pc = (address);                    \
      return Dispatch::go(ARGUMENTS, 0); \
    } while (false)
#  define NEXT(words)                   \
    do {                                \
      pc += (words);                    \
      return Then::go(ARGUMENTS, made); \
    } while (false)
#  define JUMP(words) GO(pc + (words))
#  define BRANCH(condition, target, words) \
    if (condition) JUMP(target);           \
    NEXT(words)
#  define LEAVE(value) return (value)
#  define TRAP(t) return trapped(pc, fp, memory, static_cast<uint64_t>(t), instance, handlers)
#  include "runtime/interpreter/ops_control.inc"
#  include "runtime/interpreter/ops_float.inc"
#  include "runtime/interpreter/ops_integer.inc"
#  include "runtime/interpreter/ops_memory.inc"

#  define RUSTG_BYTECODE_OP(name, fields) \
    uint32_t op_##name(STATE) { return Chain<struct name>::go(ARGUMENTS, 0); }
#  define RUSTG_SEQUENCE(name, fields, ...) \
    uint32_t op_##name(STATE) { return Chain<__VA_ARGS__>::go(ARGUMENTS, 0); }
#  include "target/bytecode/opcodes.def"
#  undef RUSTG_BYTECODE_OP

const Handler kHandlers[bytecode::kOpCount] = {
#  define RUSTG_BYTECODE_OP(name, fields) op_##name,
#  include "target/bytecode/opcodes.def"
#  undef RUSTG_BYTECODE_OP
};
}  // namespace ops
using ops::kHandlers;

uint32_t run(abi::Instance* instance, const uint64_t* pc) {
  return kHandlers[static_cast<uint16_t>(*pc)](pc, instance->stack, instance->memory0.base, instance->memory0.size,
                                               instance, reinterpret_cast<const void* const*>(kHandlers));
}

}  // namespace

bool has_sequences() { return true; }
#else
namespace {
uint32_t run(abi::Instance* instance, const uint64_t* pc) { return interpret_switch(instance, pc); }
}  // namespace

bool has_sequences() { return false; }
#endif

uint32_t interpret(abi::Instance& instance, const bytecode::Tables& tables, uint32_t function,
                   uint64_t* args_and_results) {
  return interpret_with(run, instance, tables, function, args_and_results);
}

}  // namespace rustg::runtime::interpreter
