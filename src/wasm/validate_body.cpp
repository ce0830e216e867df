#include "wasm/validate_body.h"

#include <fmt/format.h>

#include <algorithm>

#include "wasm/limits.h"

namespace rustg::wasm::detail {

Status BodyValidator::validate(uint32_t index) {
  const Body& body = module_.bodies[index];
  const FuncType& type = module_.type_of(module_.imported_functions + index);
  reader_ = Reader(body.bytes, body.offset, "unexpected end of section or function");
  at_ = body.offset;
  opcode_ = Opcode::nop;
  locals_.assign(type.params.begin(), type.params.end());
  read_locals();
  if (reader_.failed()) return reader_.error();
  frames_.clear();
  top_ = kPadding;
  if (operands_.empty()) grow();
  push_frame(Opcode::block, {}, type.results);

  Instruction instruction;
  while (!frames_.empty()) {
    run_common();
    if (!read_instruction(reader_, instruction)) return reader_.error();
    at_ = instruction.offset;
    opcode_ = instruction.opcode;
    const OpcodeInfo& row = info(instruction.opcode);
    if (row.special) {
      step(instruction);
    } else {
      switch (row.immediate) {
        case Immediate::memory_access: access(instruction); break;
        case Immediate::memory:
        case Immediate::memory_memory: memory(); break;
        case Immediate::data_memory:
          if (memory()) data(instruction.index);
          break;
        case Immediate::data: data(instruction.index); break;
        case Immediate::element: element(instruction.index); break;
        case Immediate::table: table(instruction.index); break;
        case Immediate::table_table:
        case Immediate::element_table: step_table(instruction); break;
        default: break;
      }
      for (uint32_t i = row.operand_count; i-- > 0;) pop(row.operands[i]);
      if (row.result_count != 0) push(row.result);
    }
    if (reader_.failed()) return reader_.error();
  }
  if (!reader_.at_end())
    return Error{fmt::format("section size mismatch: the function ends {} bytes before its body does", reader_.left()),
                 reader_.offset()};
  return ok();
}

void BodyValidator::read_locals() {
  const uint32_t groups = reader_.u32();
  for (uint32_t i = 0; i < groups && !reader_.failed(); ++i) {
    at_ = reader_.offset();
    const uint32_t count = reader_.u32();
    const ValType type = reader_.value_type();
    if (count > kMaxLocals - std::min<size_t>(kMaxLocals, locals_.size())) {
      fail(fmt::format("too many locals: {}, the limit is {}", locals_.size() + count, kMaxLocals));
      return;
    }
    locals_.insert(locals_.end(), count, type);
  }
}

void BodyValidator::step(const Instruction& instruction) {
  switch (instruction.opcode) {
    case Opcode::local_get:
      if (local(instruction.index)) push(locals_[instruction.index]);
      return;
    case Opcode::local_set:
      if (local(instruction.index)) pop(locals_[instruction.index]);
      return;
    case Opcode::local_tee:
      if (!local(instruction.index)) return;
      pop(locals_[instruction.index]);
      push(locals_[instruction.index]);
      return;
    case Opcode::global_get:
    case Opcode::global_set: {
      if (instruction.index >= module_.globals.size()) return fail(fmt::format("unknown global {}", instruction.index));
      const GlobalType& type = module_.globals[instruction.index].type;
      if (instruction.opcode == Opcode::global_get) return push(type.type);
      if (!type.is_mutable) return fail(fmt::format("global is immutable: global {}", instruction.index));
      return pop(type.type);
    }
    case Opcode::drop: pop_any(); return;
    case Opcode::select: {
      pop(ValType::i32);
      const ValType second = pop_any(), first = pop_any();
      for (const ValType type : {first, second})
        if (type == ValType::funcref || type == ValType::externref)
          fail(fmt::format("type mismatch: select without a type takes numbers, found {}", name(type)));
      if (first != second && first != kAny && second != kAny)
        fail(fmt::format("type mismatch: select of {} and {}", name(first), name(second)));
      return push(first == kAny ? second : first);
    }
    case Opcode::select_typed: return select_typed(instruction.index);
    case Opcode::call: {
      if (instruction.index >= module_.functions.size())
        return fail(fmt::format("unknown function {}", instruction.index));
      const FuncType& type = module_.type_of(instruction.index);
      pop(Types(type.params));
      return push(Types(type.results));
    }
    case Opcode::call_indirect: {
      if (!table(instruction.second)) return;
      if (module_.tables[instruction.second].element != ValType::funcref)
        return fail(fmt::format("type mismatch: call_indirect needs a table of funcref, found {}",
                                name(module_.tables[instruction.second].element)));
      if (instruction.index >= module_.types.size()) return fail(fmt::format("unknown type {}", instruction.index));
      const FuncType& type = module_.types[instruction.index];
      pop(ValType::i32);
      pop(Types(type.params));
      return push(Types(type.results));
    }
    case Opcode::ref_null: return push(instruction.type);
    case Opcode::ref_is_null: {
      const ValType type = pop_any();
      if (type != kAny && type != ValType::funcref && type != ValType::externref)
        fail(fmt::format("type mismatch: expected a reference, found {}", name(type)));
      return push(ValType::i32);
    }
    case Opcode::ref_func:
      if (instruction.index >= module_.functions.size())
        return fail(fmt::format("unknown function {}", instruction.index));
      if (!referable_[instruction.index])
        return fail(fmt::format("undeclared function reference: function {} is in no element segment, global or export",
                                instruction.index));
      return push(ValType::funcref);
    case Opcode::table_get:
    case Opcode::table_set:
    case Opcode::table_grow:
    case Opcode::table_fill: return step_table(instruction);
    default: return step_control(instruction);
  }
}

void BodyValidator::step_table(const Instruction& instruction) {
  if (instruction.opcode == Opcode::table_init) {
    if (!table(instruction.second) || !element(instruction.index)) return;
    const ValType from = module_.elements[instruction.index].type, to = module_.tables[instruction.second].element;
    if (from != to) fail(fmt::format("type mismatch: expected {}, found a segment of {}", name(to), name(from)));
    return;
  }
  if (!table(instruction.index)) return;
  const ValType type = module_.tables[instruction.index].element;
  switch (instruction.opcode) {
    case Opcode::table_get: pop(ValType::i32); return push(type);
    case Opcode::table_set: pop(type); return pop(ValType::i32);
    case Opcode::table_grow:
      pop(ValType::i32);
      pop(type);
      return push(ValType::i32);
    case Opcode::table_fill:
      pop(ValType::i32);
      pop(type);
      return pop(ValType::i32);
    case Opcode::table_copy:
      if (table(instruction.second) && module_.tables[instruction.second].element != type)
        fail(fmt::format("type mismatch: expected {}, found a table of {}", name(type),
                         name(module_.tables[instruction.second].element)));
      return;
    default: return;
  }
}

void BodyValidator::select_typed(uint32_t count) {
  if (count != 1) return fail(fmt::format("invalid result arity: select takes 1 type, found {}", count));
  const ValType type = reader_.value_type();
  if (reader_.failed()) return;
  pop(ValType::i32);
  pop(type);
  pop(type);
  push(type);
}

ValType BodyValidator::pop_any() {
  if (top_ > floor_) [[likely]]
    return operands_[--top_];
  if (!frames_.back().unreachable) fail("type mismatch: expected a value, found nothing");
  return kAny;
}

void BodyValidator::pop_slow(ValType expected) {
  if (top_ == floor_) {
    if (!frames_.back().unreachable) fail(fmt::format("type mismatch: expected {}, found nothing", name(expected)));
    return;
  }
  const ValType found = operands_[--top_];
  if (found != kAny && expected != kAny)
    fail(fmt::format("type mismatch: expected {}, found {}", name(expected), name(found)));
}

void BodyValidator::grow() {
  // Room is made even then: the rest of this instruction's values are still to come.
  if (top_ >= kMaxOperands) fail(fmt::format("operand stack too deep: the limit is {} values", kMaxOperands));
  operands_.resize(std::max<size_t>(1024, operands_.size() * 2));
}

bool BodyValidator::local(uint32_t index) {
  if (index < locals_.size()) [[likely]]
    return true;
  fail(fmt::format("unknown local {}", index));
  return false;
}

bool BodyValidator::table(uint32_t index) {
  if (index < module_.tables.size()) return true;
  fail(fmt::format("unknown table {}", index));
  return false;
}

bool BodyValidator::memory() {
  if (!module_.memories.empty()) [[likely]]
    return true;
  fail("unknown memory 0");
  return false;
}

bool BodyValidator::element(uint32_t index) {
  if (index < module_.elements.size()) return true;
  fail(fmt::format("unknown elem segment {}", index));
  return false;
}

bool BodyValidator::data(uint32_t index) {
  if (module_.data_count == Module{}.data_count) {
    fail("data count section required");
    return false;
  }
  if (index < module_.data_count) return true;
  fail(fmt::format("unknown data segment {}", index));
  return false;
}

void BodyValidator::access(const Instruction& instruction) {
  if (!memory()) return;
  const OpcodeInfo& row = info(instruction.opcode);
  if (instruction.index <= row.align) [[likely]] {
    if (row.prefix != 0xfe || instruction.index == row.align) return;
    return fail(fmt::format("atomic alignment must be natural: expected {}, found {}", 1u << row.align,
                            1u << instruction.index));
  }
  fail(fmt::format("alignment must not be larger than natural: {} bytes, found 2^{}", 1u << row.align,
                   instruction.index));
}

}  // namespace rustg::wasm::detail
