// Constant expressions, element and data segments (spec, sections 5.4.9, 5.5.12 and 5.5.14).
#include <algorithm>

#include "wasm/decode.h"
#include "wasm/instruction.h"
#include "wasm/limits.h"

namespace rustg::wasm::detail {

ConstExpr decode_constant(Reader& reader, const Module& module) {
  ConstExpr constant;
  constant.offset = reader.offset();
  bool found = false;
  Instruction instruction;
  while (read_instruction(reader, instruction)) {
    if (instruction.opcode == Opcode::end) {
      if (!found)
        reader.fail_at(instruction.offset, "type mismatch: a constant expression has one value, this one has none");
      return constant;
    }
    ConstExpr next;
    next.offset = instruction.offset;
    switch (instruction.opcode) {
      case Opcode::i32_const:
      case Opcode::i64_const:
      case Opcode::f32_const:
      case Opcode::f64_const:
        next.type = info(instruction.opcode).result;
        next.bits = instruction.bits;
        break;
      case Opcode::global_get:
        next.kind = ConstExpr::Kind::global;
        next.bits = instruction.index;
        if (instruction.index < module.globals.size()) next.type = module.globals[instruction.index].type.type;
        break;
      case Opcode::ref_func:
        next.kind = ConstExpr::Kind::function;
        next.type = ValType::funcref;
        next.bits = instruction.index;
        break;
      case Opcode::ref_null:
        next.kind = ConstExpr::Kind::null;
        next.type = instruction.type;
        break;
      default:
        reader.fail_at(instruction.offset,
                       std::string("constant expression required, found ") + info(instruction.opcode).mnemonic);
        return constant;
    }
    if (found)
      reader.fail_at(instruction.offset, "type mismatch: a constant expression has one value, this one has several");
    found = true;
    constant = next;
  }
  return constant;
}

namespace {

// The flags of an element segment.
constexpr uint32_t kNotActive = 1, kExplicitTable = 2 /* of an active one */, kDeclarative = 2, kExpressions = 4;

Element decode_element(Reader& reader, const Module& module) {
  const uint64_t at = reader.offset();
  const uint32_t flags = reader.u32();
  if (flags > 7) reader.fail_at(at, "malformed elements segment kind: expected 0 to 7, found " + std::to_string(flags));
  Element element{};
  element.type = ValType::funcref;
  element.mode = !(flags & kNotActive)  ? Element::Mode::active
                 : flags & kDeclarative ? Element::Mode::declarative
                                        : Element::Mode::passive;
  if (element.mode == Element::Mode::active) {
    if (flags & kExplicitTable) element.table = reader.u32();
    element.offset = decode_constant(reader, module);
  }
  const bool expressions = flags & kExpressions;
  if (flags & (kNotActive | kExplicitTable)) {
    const uint64_t kind_at = reader.offset();
    if (expressions) {
      element.type = reader.ref_type();
    } else if (const uint8_t kind = reader.byte(); kind != 0) {
      reader.fail_at(kind_at, "malformed element kind: expected 0, found " + hex(kind));
    }
  }
  const uint32_t count = decode_count(reader, "element segment entries", kMaxElements);
  element.init.reserve(std::min<size_t>(count, reader.left()));
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    if (expressions) {
      element.init.push_back(decode_constant(reader, module));
    } else {
      const uint64_t offset = reader.offset();
      element.init.push_back({ConstExpr::Kind::function, ValType::funcref, reader.u32(), offset});
    }
  }
  return element;
}

}  // namespace

void decode_elements(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "element segments", kMaxElements);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) module.elements.push_back(decode_element(reader, module));
}

void decode_data(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "data segments", kMaxSegments);
  module.data.reserve(std::min<size_t>(count, reader.left()));
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const uint64_t at = reader.offset();
    const uint32_t flags = reader.u32();
    if (flags > 2) reader.fail_at(at, "malformed data segment kind: expected 0 to 2, found " + std::to_string(flags));
    Data data{};
    data.mode = flags == 1 ? Data::Mode::passive : Data::Mode::active;
    if (flags == 2) data.memory = reader.u32();
    if (flags != 1) data.offset = decode_constant(reader, module);
    data.bytes = reader.bytes(reader.u32());
    module.data.push_back(data);
  }
}

}  // namespace rustg::wasm::detail
