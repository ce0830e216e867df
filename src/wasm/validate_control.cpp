// Blocks and branches (spec, appendix "Validation Algorithm").
#include <fmt/format.h>

#include <algorithm>

#include "wasm/limits.h"
#include "wasm/validate_body.h"

namespace rustg::wasm::detail {

namespace {

// A one-element span of a block's only result.
std::span<const ValType> only(ValType type) {
  static constexpr ValType kTypes[] = {ValType::i32, ValType::i64,     ValType::f32,
                                       ValType::f64, ValType::funcref, ValType::externref};
  for (const ValType& candidate : kTypes)
    if (candidate == type) return {&candidate, 1};
  return {};
}

}  // namespace

void BodyValidator::step_control(const Instruction& instruction) {
  switch (instruction.opcode) {
    case Opcode::if_:
    case Opcode::block:
    case Opcode::loop: {
      Types params, results;
      if (!block_types(instruction, params, results)) return;
      if (instruction.opcode == Opcode::if_) pop(ValType::i32);
      pop(params);
      return push_frame(instruction.opcode, params, results);
    }
    case Opcode::else_: {
      if (frames_.back().opcode != Opcode::if_) return fail("unexpected else: expected it within an if");
      const Frame frame = pop_frame();
      return push_frame(Opcode::else_, frame.params, frame.results);
    }
    case Opcode::end: return end();
    case Opcode::br:
      if (const Frame* target = label(instruction.index)) {
        pop(target->label_types());
        set_unreachable();
      }
      return;
    case Opcode::br_if:
      if (const Frame* target = label(instruction.index)) {
        const Types types = target->label_types();
        pop(ValType::i32);
        pop(types);
        push(types);
      }
      return;
    case Opcode::br_table: return branch_table(instruction.index);
    case Opcode::return_: pop(frames_.front().results); return set_unreachable();
    default: return set_unreachable();  // unreachable itself: no other is left
  }
}

void BodyValidator::end() {
  const Frame frame = pop_frame();
  // An if without an else hands its parameters on.
  if (frame.opcode == Opcode::if_ &&
      !std::equal(frame.params.begin(), frame.params.end(), frame.results.begin(), frame.results.end()))
    fail("type mismatch: an if without an else has results unlike its parameters");
  if (!frames_.empty()) push(frame.results);
}

void BodyValidator::branch_table(uint32_t count) {
  if (count > kMaxLabels) return fail(fmt::format("too many labels: {}, the limit is {}", count, kMaxLabels));
  pop(ValType::i32);
  // Every label is checked against the operands as they are; only the last, the default one, takes them.
  const uint32_t top = top_;
  Types checked;
  bool any = false;
  size_t arity = 0;
  for (uint32_t i = 0; i <= count && !reader_.failed(); ++i) {
    const Frame* target = label(reader_.u32());
    if (!target) return;
    const Types types = target->label_types();
    if (any && types.size() != arity)
      return fail(fmt::format("type mismatch: labels of a br_table take {} and {} values", arity, types.size()));
    if (any && types.data() == checked.data()) continue;
    any = true;
    arity = types.size();
    checked = types;
    pop(types);
    // What was popped still lies above the top; what unreachable code made up is made up again for the next label.
    top_ = top;
  }
  set_unreachable();
}

void BodyValidator::push_frame(Opcode opcode, Types params, Types results) {
  frames_.push_back({opcode, false, top_, params, results});
  floor_ = top_;
  push(params);
}

BodyValidator::Frame BodyValidator::pop_frame() {
  const Frame frame = frames_.back();
  pop(frame.results);
  if (top_ != floor_)
    fail(fmt::format("type mismatch: expected no more values at the end of the block, found {}", top_ - floor_));
  top_ = frame.height;
  frames_.pop_back();
  if (!frames_.empty()) floor_ = frames_.back().height;
  return frame;
}

void BodyValidator::set_unreachable() {
  top_ = floor_;
  frames_.back().unreachable = true;
}

const BodyValidator::Frame* BodyValidator::label(uint32_t depth) {
  if (reader_.failed()) return nullptr;
  if (depth < frames_.size()) [[likely]]
    return &frames_[frames_.size() - 1 - depth];
  fail(fmt::format("unknown label {}", depth));
  return nullptr;
}

bool BodyValidator::block_types(const Instruction& instruction, Types& params, Types& results) {
  if (instruction.index == kBlockEmpty) return true;
  if (instruction.index == kBlockValue) {
    results = only(instruction.type);
    return true;
  }
  if (instruction.index >= module_.types.size()) {
    fail(fmt::format("unknown type {}", instruction.index));
    return false;
  }
  params = module_.types[instruction.index].params;
  results = module_.types[instruction.index].results;
  return true;
}

}  // namespace rustg::wasm::detail
