// The shape of what the lowering makes: parameters only where values differ and are wanted, nothing unreachable, structure kept,
// sizes in proportion. What the instructions compute is for the spec tests to say.
#include "wasm/lower.h"

#include <gtest/gtest.h>

#include "ir/print.h"
#include "ir/verify.h"
#include "wasm/link.h"
#include "wasm/wat.h"

namespace rustg::wasm {
namespace {

class Lower : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::has_wat2wasm()) GTEST_SKIP() << "no wat2wasm (Debian package wabt)";
  }
};

// The program of a module without imports.
ir::Program lower_text(const std::string& text) {
  ir::Program program;
  const auto bytes = testing::from_wat(text);
  auto module = decode(bytes);
  EXPECT_TRUE(module && validate(*module)) << text;
  if (!module || !validate(*module)) return program;
  auto linked = lower(*module, {}, program);
  EXPECT_TRUE(linked) << linked.error().message;
  for (const std::string& error : ir::verify(program)) ADD_FAILURE() << error << "\n" << ir::print(program);
  return program;
}
// Of a function (param i32 i32) (local i32 i32), $p $q $x $y.
ir::Program lower_body(const std::string& body) {
  return lower_text("(module (func (param $p i32) (param $q i32) (result i32) (local $x i32) (local $y i32) " + body +
                    "))");
}

struct Shape {
  uint32_t blocks, params, scopes;  // params: not those of the entry
  bool operator==(const Shape&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Shape& s) {
  return out << s.blocks << " blocks, " << s.params << " parameters, " << s.scopes << " scopes";
}
Shape shape_of(const std::string& body) {
  const ir::Program program = lower_body(body);
  const ir::Function& f = program.functions[0];
  Shape shape{f.block_count(), 0, static_cast<uint32_t>(f.scopes.size())};
  for (uint32_t k = 1; k < f.block_count(); ++k) shape.params += f.param_count(k);
  return shape;
}

TEST_F(Lower, JoinsHaveParametersForWhatDiffers) {
  EXPECT_EQ(shape_of("local.get $p"), (Shape{1, 0, 0}));
  EXPECT_EQ(shape_of("(if (local.get $p) (then (local.set $x (i32.const 3)))) (local.get $x)"), (Shape{3, 1, 1}));
  // Both arms, two scopes: to the else and to the join.
  EXPECT_EQ(shape_of("(if (local.get $p) (then (local.set $x (i32.const 3))) (else (local.set $x (local.get $q)))) "
                     "(local.get $x)"),
            (Shape{4, 1, 2}));
  // The same value on both ways.
  EXPECT_EQ(shape_of("(if (local.get $p) (then (local.set $x (local.get $q))) (else (local.set $x (local.get $q)))) "
                     "(local.get $x)"),
            (Shape{4, 0, 2}));
  // Nobody reads it any more.
  EXPECT_EQ(shape_of("(if (local.get $p) (then (local.set $x (i32.const 3)))) (local.get $q)"), (Shape{3, 0, 1}));
  // It is written before it is read.
  EXPECT_EQ(
      shape_of("(if (local.get $p) (then (local.set $x (i32.const 3)))) (local.set $x (local.get $q)) (local.get $x)"),
      (Shape{3, 0, 1}));
  EXPECT_EQ(shape_of("(if (result i32) (local.get $p) (then (i32.const 3)) (else (i32.const 4)))"), (Shape{4, 1, 2}));
  EXPECT_EQ(shape_of("(block (result i32) (br_if 0 (local.get $q) (local.get $p)) (drop) (local.get $q))"),
            (Shape{3, 0, 1}));
}

TEST_F(Lower, LoopsHaveParametersForWhatTheyChange) {
  const std::string count = "(br_if 0 (local.tee $p (i32.sub (local.get $p) (i32.const 1))))";
  EXPECT_EQ(shape_of("(loop " + count + ") (local.get $q)"), (Shape{3, 1, 1}));
  // Read and never changed; changed and never read again; changed to itself.
  EXPECT_EQ(shape_of("(loop (local.set $y (local.get $q)) " + count + ") (local.get $y)"), (Shape{3, 1, 1}));
  EXPECT_EQ(shape_of("(loop (local.set $x (local.get $x)) " + count + ") (local.get $x)"), (Shape{3, 1, 1}));
  // Changed on the way out only.
  EXPECT_EQ(shape_of("(block (loop (if (local.get $q) (then (local.set $x (i32.const 7)) (br 2))) " + count +
                     ")) (local.get $x)"),
            (Shape{6, 2, 3}));
  // An inner loop carries what an outer one changes only if it does so too.
  EXPECT_EQ(shape_of("(loop $o (loop $i (br_if $i (local.tee $p (i32.sub (local.get $p) (i32.const 1))))) "
                     "(br_if $o (local.tee $q (i32.sub (local.get $q) (i32.const 1))))) (local.get $p)"),
            (Shape{5, 3, 2}));
  // No way back: no loop.
  EXPECT_EQ(shape_of("(loop (local.set $x (local.get $p))) (local.get $x)"), (Shape{1, 0, 0}));
}

TEST_F(Lower, UnreachableCodeLeavesNothing) {
  EXPECT_EQ(shape_of("unreachable"), (Shape{1, 0, 0}));
  EXPECT_EQ(shape_of("(return (local.get $p)) (block (loop (br 0))) (if (local.get $q) (then) (else)) i32.const 1"),
            (Shape{1, 0, 0}));
  EXPECT_EQ(shape_of("(block (br 0) (loop (br_table 0 1 (i32.const 0))) unreachable) local.get $p"), (Shape{2, 0, 0}));
  EXPECT_EQ(shape_of("(if (local.get $p) (then (return (i32.const 1))) (else unreachable)) unreachable"),
            (Shape{3, 0, 1}));
  const ir::Program program = lower_body("unreachable");
  EXPECT_EQ(program.functions[0].op, (std::vector{ir::Op::param, ir::Op::param, ir::Op::trap}));
}

TEST_F(Lower, ZeroesAreMadeForWhoReadsThem) {
  const ir::Program unread = lower_body("(local.set $x (i32.const 1)) (i32.add (local.get $x) (local.get $p))");
  EXPECT_EQ(unread.functions[0].size(), 5u);  // 2 parameters, 1, the sum, ret
  const ir::Program read = lower_body("(i32.add (local.get $x) (local.get $y))");
  EXPECT_EQ(read.functions[0].size(), 5u);  // 2 parameters, one zero for both, the sum, ret
}

TEST_F(Lower, InitializationIsInOrder) {
  const ir::Program program = lower_text(
      "(module (table 4 funcref) (memory 1) (global $g i32 (i32.const 9)) (func $start) (start $start)"
      "(data (i32.const 5) \"abc\") (data \"passive\") (elem (i32.const 1) $start) (elem declare func $start))");
  const ir::Function& init = program.functions.back();
  std::vector<ir::Op> ops;
  for (ir::Op op : init.op)
    if (op != ir::Op::iconst) ops.push_back(op);
  using ir::Op;
  EXPECT_EQ(ops, (std::vector{Op::table_init, Op::elem_drop, Op::elem_drop, Op::memory_init, Op::data_drop, Op::call,
                              Op::ret}));
  EXPECT_EQ(program.globals[0].initial, 9u);
  EXPECT_EQ(program.elements[0], (std::vector<uint64_t>{1}));
}

std::string repeat(size_t count, const std::function<std::string(size_t)>& piece) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += piece(i);
  return text;
}

// Ways to make the construction of SSA quadratic, were it not to look at liveness and assignment first.
TEST_F(Lower, SizeStaysInProportion) {
  const std::string head =
      "(module (func (param i32) (result i32) (local " + repeat(49990, [](auto) { return "i32 "; }) + ") ";
  const auto set = [](size_t local, size_t value) {
    return "i32.const " + std::to_string(value) + " local.set " + std::to_string(local) + " ";
  };
  // 2000 blocks in one another, 2000 locals written inside, one of them read behind.
  const ir::Program nested = lower_text(
      head + repeat(2000, [](auto) { return "block "; }) + repeat(2000, [&](size_t i) { return set(i + 1, i); }) +
      repeat(2000, [](size_t i) { return "local.get 0 br_if " + std::to_string(i) + " "; }) +
      repeat(2000, [&](size_t i) { return "end " + set(i + 5000, i); }) + "local.get 17))");
  EXPECT_LT(nested.functions[0].size(), 15000u);
  EXPECT_LT(nested.functions[0].operands.size(), 5000u);
  // 5000 branches out of a block that writes many locals; none is wanted behind it.
  const ir::Program leaving =
      lower_text(head + "block " + repeat(5000, [&](size_t i) { return "local.get 0 br_if 0 " + set(i + 1, i); }) +
                 "end i32.const 1))");
  EXPECT_LT(leaving.functions[0].operands.size(), 10u);
  // 20000 blocks, one after the other, in a function of 50,000 locals.
  const ir::Program wide =
      lower_text(head + repeat(20000, [](auto) { return "block local.get 0 br_if 0 end "; }) + "local.get 5))");
  EXPECT_EQ(wide.functions[0].operands.size(), 1u);
}

// SSA form itself would be enormous: refused, before memory runs out.
TEST_F(Lower, RefusesWhatExplodes) {
  const std::string locals = "(local " + repeat(49990, [](auto) { return "i32 "; }) + ") ";
  const std::string sets =
      repeat(49990, [](size_t i) { return "local.get 0 local.set " + std::to_string(i + 1) + " "; });
  const std::string sum =
      "i32.const 0 " + repeat(49990, [](size_t i) { return "local.get " + std::to_string(i + 1) + " i32.add "; });
  const auto error_of = [&](const std::string& inside) {
    const auto bytes = testing::from_wat("(module (func (param i32) (result i32) " + locals + inside + sum + "))");
    const auto module = decode(bytes);
    EXPECT_TRUE(module && validate(*module));
    ir::Program program;
    const auto linked = lower(*module, {}, program);
    return linked ? "" : linked.error().message;
  };
  const std::string table = "local.get 0 br_table " + repeat(20000, [](auto) { return "0 "; });
  EXPECT_EQ(error_of("block local.get 0 br_if 0 " + sets + table + "end "),
            "function too large: it needs more than 33554432 values");
  const std::string branches = repeat(2000, [](auto) { return "local.get 0 br_if 0 end "; });
  EXPECT_EQ(error_of(repeat(2000, [](auto) { return "block "; }) + sets + branches),
            "function too large: 49991 locals in 2001 nested blocks");
}

}  // namespace
}  // namespace rustg::wasm
