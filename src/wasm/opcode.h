// The instructions of WebAssembly: opcode.def as an enum and a table. Spec: core 2.0 section 5.4, and the threads
// proposal.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wasm/module.h"

namespace rustg::wasm {

enum class Opcode : uint16_t {
#define RUSTG_WASM_OP(name, mnemonic, prefix, code, operands, results, immediate, align) name,
#include "wasm/opcode.def"
#undef RUSTG_WASM_OP
};
constexpr size_t kOpcodeCount = 0
#define RUSTG_WASM_OP(name, mnemonic, prefix, code, operands, results, immediate, align) +1
#include "wasm/opcode.def"
#undef RUSTG_WASM_OP
    ;

// What follows an opcode in the binary; where it is found in an Instruction: instruction.h.
enum class Immediate : uint8_t {
  none,
  block,          // block type
  label,          // label depth
  labels,         // vector of label depths and the default one
  function,       // function index
  type_table,     // type index, table index
  types,          // vector of value types
  local,          // local index
  global,         // global index
  table,          // table index
  table_table,    // destination, source
  element_table,  // element segment, table
  element,        // element segment
  memory_access,  // alignment, offset
  memory,         // a zero byte: the memory
  memory_memory,  // two of them
  data_memory,    // data segment, zero byte
  data,           // data segment
  i32,            // a constant
  i64,
  f32,
  f64,
  ref_type,  // funcref or externref
  fence,     // a zero byte: the memory order
};

struct OpcodeInfo {
  const char* mnemonic;
  uint8_t prefix;
  uint8_t code;
  Immediate immediate;
  uint8_t align;  // log2 of the bytes of a memory access
  bool special;   // operands and results depend on the place: the two below are empty
  uint8_t operand_count, result_count;
  std::array<ValType, 3> operands;
  ValType result;
};

namespace detail {
constexpr ValType type_of_letter(char letter) {
  return letter == 'i' ? ValType::i32 : letter == 'I' ? ValType::i64 : letter == 'f' ? ValType::f32 : ValType::f64;
}
constexpr OpcodeInfo make_info(const char* mnemonic, uint8_t prefix, uint8_t code, std::string_view operands,
                               std::string_view results, Immediate immediate, uint8_t align) {
  OpcodeInfo info{mnemonic, prefix, code, immediate, align, operands == "*", 0, 0, {}, ValType::i32};
  if (info.special) return info;
  info.operand_count = static_cast<uint8_t>(operands.size());
  info.result_count = static_cast<uint8_t>(results.size());
  for (size_t i = 0; i < operands.size(); ++i) info.operands[i] = type_of_letter(operands[i]);
  if (!results.empty()) info.result = type_of_letter(results[0]);
  return info;
}
}  // namespace detail

inline constexpr std::array<OpcodeInfo, kOpcodeCount> kOpcodes = {{
#define RUSTG_WASM_OP(name, mnemonic, prefix, code, operands, results, immediate, align) \
  detail::make_info(mnemonic, prefix, code, operands, results, Immediate::immediate, align),
#include "wasm/opcode.def"
#undef RUSTG_WASM_OP
}};
constexpr const OpcodeInfo& info(Opcode opcode) { return kOpcodes[static_cast<size_t>(opcode)]; }

constexpr uint16_t kNoOpcode = 0xffff;
// By encoding: the opcode, or kNoOpcode where there is none.
template <uint8_t kPrefix>
inline constexpr std::array<uint16_t, 256> kByCode = [] {
  std::array<uint16_t, 256> table{};
  for (auto& entry : table) entry = kNoOpcode;
  for (size_t i = 0; i < kOpcodeCount; ++i)
    if (kOpcodes[i].prefix == kPrefix) table[kOpcodes[i].code] = static_cast<uint16_t>(i);
  return table;
}();

}  // namespace rustg::wasm
