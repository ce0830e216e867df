// The state of instruction selection, which walks a function from its end to its beginning: a consumer is seen before the values
// it reads, so it can take over ("fuse") a value that nothing else reads, and what nothing has asked for is never emitted.
#pragma once
#include "target/bytecode/function.h"

namespace rustg::bytecode {

class Selector {
 public:
  explicit Selector(FunctionState& state) : s_(state), fn_(*state.fn) {}
  void run();

 private:
  // select.cpp
  void instruction(uint32_t i);
  void terminator(uint32_t i);
  void call(uint32_t i);
  void push(Op op, uint32_t i, std::initializer_list<uint32_t> fields);
  void constant_into(Value dest, uint64_t bits);
  Value slot(uint32_t value);  // the value is read from a slot
  bool immediate(uint32_t value, int64_t& out) const;
  bool fusible(uint32_t value) const;  // made in this block and read only here
  // select_integer.cpp
  void integer(uint32_t i);
  uint32_t low(uint32_t i, uint32_t value) const;
  bool pair(uint32_t i, uint32_t kind, bool other_immediate, uint32_t other, uint32_t inner_value, bool swapped);
  void compare(uint32_t i);
  struct Compare {
    bool is_float = false, immediate = false, wide = false;
    uint32_t condition = 0;  // in the order of RUSTG_COMPARISONS_I or RUSTG_FLOAT_COMPARISONS
    uint32_t a = 0, b = 0;   // b: value, or the immediate
  };
  static Compare six(Compare c);
  bool comparison(uint32_t value, bool negate, Compare& out) const;
  void branch(uint32_t i);
  Value operand(const Compare& c, uint32_t value);
  bool step(uint32_t i, const Compare& c);
  void select_value(uint32_t i);
  // select_float.cpp
  void floating(uint32_t i);
  void convert(uint32_t i);
  // select_memory.cpp
  void load(uint32_t i);
  void store(uint32_t i);
  void other_memory(uint32_t i);
  void global(uint32_t i);
  struct Address {
    uint32_t base = 0, immediate = 0, offset = 0;  // slot + immediate (16 bits, wrapping) + offset (16 bits)
  };
  Address address_of(uint32_t i) const;  // of load or store i, whose offset fits
  // A load of `bytes` that instruction `consumer` can do itself: read nowhere else, nothing in between that it must not pass.
  bool fusible_load(uint32_t value, uint32_t consumer, uint32_t bytes, bool extended) const;
  bool loaded(uint32_t i, Op op, uint32_t a, uint32_t load);
  bool global_sum(uint32_t i, uint32_t sum);
  bool hash(uint32_t i);
  bool branch_on_load(uint32_t i, const Compare& c);
  bool index_address(uint32_t address, uint32_t& base, uint32_t& index, uint32_t& shift);

  Value dest(uint32_t i) { return s_.outgoing[i] != 0 ? kOutgoing + s_.outgoing[i] : i; }
  uint32_t add_value() { return s_.value_count++; }

  FunctionState& s_;
  const ir::Function& fn_;
  uint32_t block_ = 0;
  uint32_t calls_seen_ = 0;               // in this block, from its end
  std::vector<uint32_t> wanted_by_call_;  // per IR value: calls_seen_ + 1 when it became the argument of a call
  std::vector<uint8_t> done_;             // per IR value: emitted as a part of another instruction
  struct Constant {
    uint64_t bits;
    Value value;
  };
  std::vector<Constant> pending_;                       // to be put before the instruction being pushed
  std::vector<std::pair<uint32_t, Constant>> hoisted_;  // (block before an outermost loop, constant)
};

}  // namespace rustg::bytecode
