// Validation of function bodies: the algorithm of the specification's appendix, one forward pass over the instructions with a
// stack of operand types and a stack of open blocks.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wasm/instruction.h"
#include "wasm/module.h"

namespace rustg::wasm::detail {

class BodyValidator {
 public:
  // `referable[f]`: whether ref.func may name function f: it occurs outside of the bodies. The object serves many bodies, one
  // after the other, with the same scratch memory.
  BodyValidator(const Module& module, std::span<const uint8_t> referable) : module_(module), referable_(referable) {}

  // Validate the body of module.bodies[index].
  Status validate(uint32_t index);

 private:
  using Types = std::span<const ValType>;
  static constexpr auto kAny = static_cast<ValType>(0);  // an operand of unreachable code: it takes every type

  static constexpr uint32_t kPadding = 2;  // below the stack, so that the two topmost operands can always be read

  struct Frame {
    Opcode opcode;  // block for the body itself
    bool unreachable;
    uint32_t height;  // of the operand stack below the block's parameters
    Types params, results;
    Types label_types() const { return opcode == Opcode::loop ? params : results; }
  };

  void read_locals();
  void run_common();  // as many instructions as the fast path takes
  void step(const Instruction& instruction);  // the instructions with a rule of their own
  void step_control(const Instruction& instruction);
  void step_table(const Instruction& instruction);
  void branch_table(uint32_t count);
  void select_typed(uint32_t count);
  void end();

  void push(ValType type) {
    if (top_ == operands_.size()) [[unlikely]]
      grow();
    operands_[top_++] = type;
  }
  void push(Types types) {
    for (const ValType type : types) push(type);
  }
  void pop(ValType expected) {
    if (top_ > floor_ && operands_[top_ - 1] == expected) [[likely]] {
      --top_;
      return;
    }
    pop_slow(expected);
  }
  void pop(Types expected) {
    for (size_t i = expected.size(); i-- > 0;) pop(expected[i]);
  }
  ValType pop_any();
  void pop_slow(ValType expected);
  void grow();
  void push_frame(Opcode opcode, Types params, Types results);
  Frame pop_frame();
  void set_unreachable();

  const Frame* label(uint32_t depth);
  bool block_types(const Instruction& instruction, Types& params, Types& results);
  bool local(uint32_t index);
  bool table(uint32_t index);
  bool memory();
  bool element(uint32_t index);
  bool data(uint32_t index);
  void access(const Instruction& instruction);
  void fail(std::string message) { reader_.fail_at(at_, std::move(message)); }

  const Module& module_;
  std::span<const uint8_t> referable_;
  Reader reader_{std::span<const uint8_t>{}};
  std::vector<ValType> locals_;
  std::vector<ValType> operands_;  // the stack, above kPadding; its size is what there is room for
  std::vector<Frame> frames_;
  uint32_t top_ = 0;    // operands on the stack
  uint32_t floor_ = 0;  // frames_.back().height
  uint64_t at_ = 0;     // of the current instruction
  Opcode opcode_ = Opcode::nop;
};

}  // namespace rustg::wasm::detail
