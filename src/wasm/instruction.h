// One instruction with its immediates, and reading it. Shared by the validator and the lowering.
#pragma once
#include <cstdint>
#include <string>

#include "wasm/opcode.h"
#include "wasm/reader.h"

namespace rustg::wasm {

// A block type that is no type index.
constexpr uint32_t kBlockEmpty = 0xffffffffu;  // [] -> []
constexpr uint32_t kBlockValue = 0xfffffffeu;  // [] -> [Instruction::type]

// Fields that the instruction does not use are left as they were.
struct Instruction {
  Opcode opcode;
  ValType type;  // ref_type; block with kBlockValue
  // label, function, type (type_table, block), local, global, table, destination table, element or data segment; the
  // count of a vector (labels: without the default one), whose items the caller reads next; memory_access: log2 of the
  // alignment
  uint32_t index;
  uint32_t second;  // type_table, element_table: table; table_table: source
  uint64_t bits;    // constants: their bits (i32: zero-extended); memory_access: offset
  uint64_t offset;  // of the opcode in the file
};

uint16_t prefixed_opcode(Reader& reader, uint64_t offset, uint8_t prefix);

// The vectors of `labels` (index + 1 numbers) and `types` (index value types) are left for the caller to read.
// False, and the reader failed, where the bytes are malformed.
inline bool read_instruction(Reader& reader, Instruction& out) {
  out.offset = reader.offset();
  const uint8_t byte = reader.byte();
  uint16_t code = kByCode<0>[byte];
  if (code == kNoOpcode) [[unlikely]] {
    code = prefixed_opcode(reader, out.offset, byte);
    if (code == kNoOpcode) return false;
  }
  out.opcode = static_cast<Opcode>(code);
  switch (kOpcodes[code].immediate) {
    case Immediate::none: break;
    case Immediate::block: {
      const uint64_t at = reader.offset();
      const int64_t type = reader.s33();
      if (type >= 0) {
        out.index = static_cast<uint32_t>(type);
      } else if (type == -64) {
        out.index = kBlockEmpty;
      } else {
        out.index = kBlockValue;
        const auto value = static_cast<ValType>(type & 0x7f);
        if (type < -64 || !is_value_type(value)) reader.fail_at(at, "malformed block type");
        if (value == ValType::v128) reader.fail_at(at, simd_message("type v128", at));
        out.type = value;
      }
      break;
    }
    case Immediate::label:
    case Immediate::labels:
    case Immediate::function:
    case Immediate::types:
    case Immediate::local:
    case Immediate::global:
    case Immediate::table:
    case Immediate::element:
    case Immediate::data: out.index = reader.u32(); break;
    case Immediate::type_table:
    case Immediate::table_table:
    case Immediate::element_table:
      out.index = reader.u32();
      out.second = reader.u32();
      break;
    case Immediate::memory_access:
      out.index = reader.u32();
      out.bits = reader.u32();
      break;
    case Immediate::data_memory:
      out.index = reader.u32();
      reader.zero_byte();
      break;
    case Immediate::memory_memory:
      reader.zero_byte();
      reader.zero_byte();
      break;
    case Immediate::memory:
    case Immediate::fence: reader.zero_byte(); break;
    case Immediate::i32: out.bits = static_cast<uint32_t>(reader.s32()); break;
    case Immediate::i64: out.bits = static_cast<uint64_t>(reader.s64()); break;
    case Immediate::f32: out.bits = reader.bits32(); break;
    case Immediate::f64: out.bits = reader.bits64(); break;
    case Immediate::ref_type: out.type = reader.ref_type(); break;
  }
  return !reader.failed();
}

}  // namespace rustg::wasm
