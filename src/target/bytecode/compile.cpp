#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include "target/bytecode/function.h"

namespace rustg::bytecode {

namespace {

// A host function's body: call it on the frame's slots and hand the result back as any function does.
FunctionCode host_body(const ir::Signature& signature, uint32_t host_function) {
  FunctionCode out;
  const auto word = [&](Op op, uint64_t rest) { out.words.push_back(static_cast<uint64_t>(op) | rest); };
  word(Op::host_call, uint64_t{host_function} << 32);
  if (signature.results.size() == 1) {
    // Hosts leave the high half of a 32-bit result undefined; slots have it zero.
    if (ir::size_of(signature.results[0]) == 4) word(Op::wrap, 1u << 16 | uint64_t{1} << 32);
    word(Op::ret1, 1u << 16);
  } else {
    word(Op::ret, 0);
  }
  const size_t most = std::max(signature.params.size(), signature.results.size());
  out.frame_slots = static_cast<uint32_t>(1 + most);
  if (most > kHostSlots)
    out.error = "is a host function with more than " + std::to_string(kHostSlots) + " parameters or results";
  return out;
}

// Enough instructions to be worth another thread.
constexpr size_t kSerialInstructions = 20000;

}  // namespace

Result<Program> compile(const ir::Program& program, const Options& options) {
  const size_t count = program.functions.size();
  std::vector<FunctionCode> codes(count);
  const auto one = [&](FunctionState& state, size_t f) {
    const ir::FunctionId id{f};
    if (program.is_host(id)) {
      codes[f] = host_body(program.signatures[program.functions[f].signature.value], program.host[f]);
      return;
    }
    state.program = &program;
    state.fn = &program.functions[f];
    state.with_fuel = options.with_fuel;
    analyse(state);
    codes[f].error = state.error;
    if (!state.error.empty()) return;
    select(state);
    allocate(state);
    emit(state, codes[f]);
    if (options.sequences) join_sequences(codes[f].words);
  };
  size_t instructions = 0;
  for (const ir::Function& fn : program.functions) instructions += fn.size();
  if (instructions < kSerialInstructions) {
    FunctionState state;
    for (size_t f = 0; f < count; ++f) one(state, f);
  } else {
    tbb::enumerable_thread_specific<FunctionState> states;
    tbb::parallel_for(tbb::blocked_range<size_t>(0, count, 4), [&](const tbb::blocked_range<size_t>& range) {
      FunctionState& state = states.local();
      for (size_t f = range.begin(); f < range.end(); ++f) one(state, f);
    });
  }

  Program out;
  out.functions.resize(count);
  out.signatures.resize(count);
  uint64_t words = kHaltWord + 1;
  for (size_t f = 0; f < count; ++f) {
    const ir::Function& fn = program.functions[f];
    const ir::Signature& signature = program.signatures[fn.signature.value];
    if (!codes[f].error.empty())
      return Error{"function " + std::to_string(f) + (fn.name.empty() ? "" : " (" + fn.name + ")") + " " +
                   codes[f].error};
    out.functions[f] = {static_cast<uint32_t>(words), codes[f].frame_slots,
                        static_cast<uint16_t>(signature.params.size()), static_cast<uint16_t>(signature.results.size()),
                        fn.signature.value};
    out.signatures[f] = fn.signature.value;
    words += codes[f].words.size();
  }
  if (words > INT32_MAX)
    return Error{"the program needs " + std::to_string(words * 8) + " bytes of bytecode; 16 GiB is the most"};
  out.code.resize(words);
  out.code[0] = uint64_t{1} << 16;  // what `ret1` reads of the caller's: frame at 0, result to slot 1
  out.code[kHaltWord] = static_cast<uint64_t>(Op::halt);
  for (size_t f = 0; f < count; ++f) {
    const uint32_t entry = out.functions[f].entry;
    std::copy(codes[f].words.begin(), codes[f].words.end(), out.code.begin() + entry);
    for (const uint32_t at : codes[f].calls) {
      uint64_t* call = &out.code[entry + at];
      const FunctionEntry& callee = out.functions[call[0] >> 32];
      const uint32_t distance = callee.entry - (entry + at);
      call[0] = (call[0] & 0xffffffffu) | uint64_t{distance} << 32;
      call[1] |= uint64_t{callee.frame_slots} << 32;
    }
  }
  return out;
}

}  // namespace rustg::bytecode
