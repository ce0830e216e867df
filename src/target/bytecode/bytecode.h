// The bytecode: what a program becomes for the interpreter, on the CPU and on a CUDA device alike. Flat arrays without a host
// address in them, so that they can be copied to a device as they are.
//
//   code       64-bit words; the instructions are listed in opcodes.def
//   functions  one entry each, by program-wide number; host functions have a body too (`host_call`, `ret`)
//
// A frame is an array of 64-bit slots: slot 0 keeps the return address, the parameters are slots 1.., results of a function
// that has several are left in slots 1.. as well. A frame has at most 65,535 slots.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "ir/program.h"

namespace rustg::bytecode {

enum class Op : uint16_t {
#define RUSTG_BYTECODE_OP(name, fields) name,
#include "target/bytecode/opcodes.def"
#undef RUSTG_BYTECODE_OP
};
constexpr uint32_t kOpCount = 0
#define RUSTG_BYTECODE_OP(name, fields) +1
#include "target/bytecode/opcodes.def"
#undef RUSTG_BYTECODE_OP
    ;

struct FunctionEntry {
  uint32_t entry;        // index of its first word in the code
  uint32_t frame_slots;  // including what it passes to its callees
  uint16_t params, results;
  uint32_t signature;  // ir::SignatureId
};
static_assert(sizeof(FunctionEntry) == 16);

// Where a call from outside returns to: code[kHaltWord] is `halt`, the word before it plays the caller's.
constexpr uint32_t kHaltWord = 1;

// A host function has at most this many parameters, and results.
constexpr uint32_t kHostSlots = 32;

// The arrays as the interpreter sees them, on its own device. abi::Instance::code points to this record.
struct Tables {
  const uint64_t* code;
  const FunctionEntry* functions;
  uint32_t code_words, function_count;
};
static_assert(sizeof(Tables) == 24);

struct Program {
  std::vector<uint64_t> code;
  std::vector<FunctionEntry> functions;
  std::vector<uint32_t> signatures;  // of each function: what abi::Instance::function_signatures points to
  Tables tables() const {
    return {code.data(), functions.data(), static_cast<uint32_t>(code.size()), static_cast<uint32_t>(functions.size())};
  }
};

struct Options {
  bool with_fuel = false;  // take a unit of fuel at every loop turn and at every call
  bool sequences = false;  // join frequent neighbours into one dispatch; for the CPU
};

// Compile the whole program, on all cores when there is much of it. Fails for a function that needs more than 65,535 slots, or
// that uses an address space the bytecode has not.
Result<Program> compile(const ir::Program& program, const Options& options);

// The function as text, an instruction a line.
std::string print(const Program& program, const ir::Program& names, ir::FunctionId function);

}  // namespace rustg::bytecode
