// Changes to a function, gathered while a pass looks at it unchanged and then made at once: count, scan, emit.
#pragma once
#include "ir/function.h"

namespace rustg::ir {

class Edit {
 public:
  explicit Edit(Function& f) : f_(f) {}

  // Every use of `value` becomes a use of `by`. It does not remove the instruction.
  void replace(ValueId value, ValueId by);
  ValueId resolve(ValueId value);
  // The instruction goes. For a parameter, so do the arguments that edges give it.
  void remove(uint32_t instruction);
  // A new instruction right before `before`, behind others inserted there. Its value, if it has one, can be used by later
  // insertions.
  struct Insertion {
    uint32_t before;
    Op op;
    Type type = Type::none;
    uint16_t aux = 0;
    uint32_t a = 0, b = 0, imm = 0;
  };
  ValueId insert(const Insertion& insertion) {
    insertions_.push_back(insertion);
    return ValueId{f_.size() + insertions_.size() - 1};
  }

  bool empty() const { return replaced_.empty() && removed_.empty() && insertions_.empty(); }
  // Makes the changes. Edges that no block end names any more go too.
  void apply();

 private:
  Function& f_;
  std::vector<ValueId> replaced_;
  std::vector<uint8_t> removed_;
  std::vector<Insertion> insertions_;
};

}  // namespace rustg::ir
