// Every pass on thousands of random programs: what the program does before and after, by the evaluator, must be the same.
#include <gtest/gtest.h>

#include "evaluate.h"
#include "ir/parse.h"
#include "ir/passes.h"
#include "ir/print.h"
#include "ir/verify.h"
#include "random_function.h"

namespace {

using namespace rustg;
using ir::testing::Run;
constexpr int kPrograms = 2000;
constexpr uint64_t kSteps = 2000;

std::string first_error(const ir::Program& p) {
  const auto errors = ir::verify(p);
  return errors.empty() ? "" : errors[0];
}

// `state`: also what memory and globals hold after a trap.
void expect_same(const ir::Program& before, const ir::Program& after, std::mt19937& random, bool state_after_trap) {
  const ir::FunctionId main{1};
  for (int n = 0; n < 6; ++n) {
    std::vector<uint64_t> args;
    for (int i = 0; i < 4; ++i) args.push_back(ir::testing::random_argument(random));
    // What does not end must not end afterwards either; no pass makes a program ten times faster.
    const Run x = ir::testing::evaluate(before, main, args, 10 * kSteps);
    const Run y = ir::testing::evaluate(after, main, args, kSteps);
    if (y.end == Run::End::out_of_steps) continue;
    ASSERT_EQ(x.end, y.end) << ir::print(before) << ir::print(after);
    ASSERT_EQ(x.trap, y.trap) << ir::print(before) << ir::print(after);
    ASSERT_EQ(x.results, y.results) << ir::print(before) << ir::print(after);
    if (x.end == Run::End::returned || state_after_trap) {
      ASSERT_EQ(x.memory, y.memory) << ir::print(before) << ir::print(after);
      ASSERT_EQ(x.globals, y.globals) << ir::print(before) << ir::print(after);
    }
  }
}

template <class Pass>
void test_pass(Pass&& pass, bool state_after_trap = true) {
  for (int seed = 0; seed < kPrograms; ++seed) {
    std::mt19937 random(seed);
    const ir::Program before = ir::testing::random_program(random);
    ir::Program after = before;
    for (ir::Function& f : after.functions) pass(f, after);
    ASSERT_EQ(first_error(after), "") << "seed " << seed << "\n" << ir::print(before) << ir::print(after);
    expect_same(before, after, random, state_after_trap);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(Random, IsWellFormedAndPrintsAndParses) {
  for (int seed = 0; seed < kPrograms; ++seed) {
    std::mt19937 random(seed);
    const ir::Program p = ir::testing::random_program(random);
    ASSERT_EQ(first_error(p), "") << "seed " << seed << "\n" << ir::print(p);
    const std::string text = ir::print(p);
    auto again = ir::parse(text);
    ASSERT_TRUE(again.ok()) << again.error().message;
    ASSERT_EQ(ir::print(*again), text);
  }
}

TEST(Random, RedundantParameters) {
  test_pass([](ir::Function& f, const ir::Program&) { ir::remove_redundant_params(f); });
}

TEST(Random, Fold) {
  test_pass([](ir::Function& f, const ir::Program&) { ir::fold(f); });
}

TEST(Random, DeadCode) {
  test_pass([](ir::Function& f, const ir::Program&) { ir::eliminate_dead_code(f); });
}

TEST(Random, Fuel) {
  test_pass([](ir::Function& f, const ir::Program&) { ir::insert_fuel(f); });
}

TEST(Random, GuardsPrecise) {
  test_pass([](ir::Function& f, const ir::Program& p) { ir::place_guards(f, p, {.imprecise = false}); });
}

TEST(Random, GuardsImprecise) {
  test_pass([](ir::Function& f,
               const ir::Program& p) { ir::place_guards(f, p, {.imprecise = true, .stack_pointer = ir::GlobalId{0}}); },
            false);
}

TEST(Random, All) {
  test_pass(
      [](ir::Function& f, const ir::Program& p) {
        ir::remove_redundant_params(f);
        ir::fold(f);
        ir::eliminate_dead_code(f);
        ir::place_guards(f, p, {.imprecise = true, .stack_pointer = ir::GlobalId{0}});
        ir::eliminate_dead_code(f);
      },
      false);
}

// Guards are there to save checks: over all these runs there must be far fewer.
TEST(Random, GuardsSaveChecks) {
  uint64_t before = 0, after = 0;
  for (int seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    ir::Program p = ir::testing::random_program(random);
    std::vector<uint64_t> args;
    for (int i = 0; i < 4; ++i) args.push_back(1000 + random() % 1000);
    before += ir::testing::evaluate(p, ir::FunctionId{1}, args, kSteps).checks;
    for (ir::Function& f : p.functions) ir::place_guards(f, p, {.imprecise = true, .stack_pointer = ir::GlobalId{0}});
    after += ir::testing::evaluate(p, ir::FunctionId{1}, args, kSteps).checks;
  }
  EXPECT_LT(after * 10, before * 9);
}

}  // namespace
