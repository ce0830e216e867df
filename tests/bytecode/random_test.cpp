// Random programs, run by the engine and by the reference: same results, same memory, same globals, same trap. Loops, branches, calls
// and the shapes that are fused turn up in all combinations; the seed names a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "bytecode/reference.h"
#include "ir/builder.h"
#include "ir/passes.h"
#include "ir/verify.h"
#include "runtime/engine.h"

namespace rustg {
namespace {

using ir::Op;
using ir::Type;
using ir::ValueId;

constexpr uint32_t kTypes = 4;  // i32 i64 f32 f64
constexpr Type kType[kTypes] = {Type::i32, Type::i64, Type::f32, Type::f64};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  ir::Program program() {
    ir::Program p;
    p.memories.push_back({1, 1, false});
    for (const Type t : {Type::i32, Type::i32, Type::i64}) p.globals.push_back({t, true, 4096});
    const ir::SignatureId leaf = p.intern({{Type::i32, Type::i64}, {Type::i64}, {}});
    const ir::SignatureId pair = p.intern({{Type::f64, Type::i32, Type::i32}, {Type::i32, Type::f64}, {}});
    const ir::SignatureId top =
        p.intern({{Type::i32, Type::i64, Type::f32, Type::f64}, {Type::i32, Type::i64, Type::f32, Type::f64}, {}});
    signatures_ = {leaf, pair, top};
    for (const ir::SignatureId s : signatures_) {
      p.functions.push_back(function(p, s));
      p.host.push_back(ir::FunctionId::kNone);
    }
    return p;
  }

 private:
  uint32_t below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  ValueId pick(uint32_t t) {
    auto& pool = pools_[t];
    // Mostly a recent one, so that chains form.
    const size_t n = pool.size(), back = below(4) ? below(4) : below(static_cast<uint32_t>(n));
    return pool[n - 1 - std::min(n - 1, static_cast<size_t>(back))];
  }
  void keep(ValueId v) { pools_[static_cast<uint32_t>(build_.type_of(v)) - 1].push_back(v); }

  uint64_t interesting(uint32_t t) {
    static constexpr uint64_t kInts[] = {0,
                                         1,
                                         2,
                                         3,
                                         5,
                                         7,
                                         8,
                                         16,
                                         31,
                                         32,
                                         63,
                                         255,
                                         4096,
                                         0x7fff,
                                         0x8000,
                                         0xffff,
                                         0x12345,
                                         0x7fffffff,
                                         0x80000000,
                                         0x00ff00ff,
                                         ~0ull,
                                         ~0ull - 6,
                                         0x7fffffffffffffff,
                                         0x8000000000000000,
                                         0xffffffff80000000};
    static constexpr double kFloats[] = {0.0,  -0.0, 1.0,    -1.5,         0.5,      2.0,       1e9,
                                         -3e9, 1e20, -1e300, 4294967295.0, INFINITY, -INFINITY, NAN};
    if (t == 0) return kInts[below(25)] & 0xffffffff;
    if (t == 1) return kInts[below(25)];
    const double d = kFloats[below(14)];
    return t == 2 ? reference::as<uint64_t>(static_cast<float>(d)) : reference::as<uint64_t>(d);
  }
  ValueId constant(uint32_t t) {
    return t < 2 ? build_.iconst(kType[t], interesting(t)) : build_.fconst(kType[t], interesting(t));
  }
  ValueId operand(uint32_t t) { return below(3) == 0 ? constant(t) : pick(t); }

  ValueId condition() {
    if (below(5) == 0) return pick(0);
    ValueId v;
    if (const uint32_t t = below(kTypes); t < 2)
      v = build_.op2(static_cast<Op>(static_cast<uint32_t>(Op::ieq) + below(10)), Type::i32, pick(t), operand(t));
    else
      v = build_.op2(static_cast<Op>(static_cast<uint32_t>(Op::feq) + below(6)), Type::i32, pick(t), operand(t));
    return below(4) == 0 ? build_.op1(Op::ieqz, Type::i32, v) : v;
  }

  // An address that is nearly always in the page.
  ValueId address() {
    ValueId a = build_.op2(Op::iand, Type::i32, pick(0), build_.iconst(Type::i32, 0xfff8));
    if (below(3) == 0) a = build_.op2(Op::iadd, Type::i32, a, build_.iconst(Type::i32, below(2) ? 40 : 0xfffffff8));
    if (below(3) == 0) {
      const ValueId index = build_.op2(Op::iand, Type::i32, pick(0), build_.iconst(Type::i32, 15));
      a = build_.op2(Op::iadd, Type::i32, a,
                     below(2) ? build_.op2(Op::shl, Type::i32, index, build_.iconst(Type::i32, below(4))) : index);
    }
    return a;
  }
  uint32_t offset() { return below(12) == 0 ? 70000 : below(4) * 8; }

  void statement(ir::Program& p, uint32_t depth) {
    const uint32_t t = below(kTypes);
    switch (below(depth < 3 ? 20 : 16)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4: {
        static constexpr Op kOps[] = {Op::iadd, Op::isub, Op::imul, Op::iand, Op::ior, Op::ixor,
                                      Op::shl,  Op::sshr, Op::ushr, Op::rotl, Op::rotr};
        keep(build_.op2(kOps[below(11)], kType[t & 1], operand(t & 1), operand(t & 1)));
        return;
      }
      case 5: {
        static constexpr Op kOps[] = {Op::sdiv, Op::udiv, Op::srem, Op::urem};
        const ValueId one = build_.iconst(kType[t & 1], 1);
        const ValueId divisor = below(20) ? build_.op2(Op::ior, kType[t & 1], pick(t & 1), one) : pick(t & 1);
        keep(build_.op2(kOps[below(4)], kType[t & 1], pick(t & 1), divisor));
        return;
      }
      case 6: {
        static constexpr Op kOps[] = {Op::clz, Op::ctz, Op::popcnt, Op::sext8, Op::sext16};
        keep(build_.op1(kOps[below(5)], kType[t & 1], pick(t & 1)));
        return;
      }
      case 7:
      case 8: {
        static constexpr Op kOps[] = {Op::fadd, Op::fsub, Op::fmul, Op::fdiv, Op::fmin,
                                      Op::fmax, Op::fadd, Op::fsub, Op::fmul};
        keep(build_.op2(kOps[below(9)], kType[2 + (t & 1)], operand(2 + (t & 1)), operand(2 + (t & 1))));
        return;
      }
      case 9: {
        static constexpr Op kOps[] = {Op::fabs, Op::fneg, Op::fceil, Op::ffloor, Op::ftrunc, Op::fnearest, Op::fsqrt};
        keep(build_.op1(kOps[below(7)], kType[2 + (t & 1)], pick(2 + (t & 1))));
        return;
      }
      case 10: {
        const uint32_t f = 2 + (t & 1), i = below(2);
        switch (below(8)) {
          case 0: keep(build_.op1(Op::wrap, Type::i32, pick(1))); return;
          case 1: keep(build_.op1(Op::zextend, Type::i64, pick(0))); return;
          case 2: keep(build_.op1(Op::sextend, Type::i64, pick(0))); return;
          case 3: keep(build_.op1(below(2) ? Op::trunc_sat_s : Op::trunc_sat_u, kType[i], pick(f))); return;
          case 4: keep(build_.op1(below(2) ? Op::convert_s : Op::convert_u, kType[f], pick(i))); return;
          case 5: keep(build_.op1(Op::fdemote, Type::f32, pick(3))); return;
          case 6: keep(build_.op1(Op::fpromote, Type::f64, pick(2))); return;
          default: keep(build_.op1(Op::sext32, Type::i64, pick(1))); return;
        }
      }
      case 11: keep(condition()); return;
      case 12: keep(build_.op3(Op::select, kType[t], operand(t), operand(t), condition())); return;
      case 13: {
        const uint32_t i = t & 1, width = below(i == 0 ? 3 : 4);
        keep(build_.load(kType[i], {static_cast<uint8_t>(width), width < 2 + i && below(2) != 0, false, 0}, address(),
                         offset()));
        return;
      }
      case 14: {
        const uint32_t i = t & 1, width = below(i == 0 ? 3 : 4);
        const ir::Access access{static_cast<uint8_t>(width), false, false, 0};
        const ValueId value = below(3) ? operand(i) : build_.load(kType[i], access, address(), offset());
        build_.store(access, address(), value, offset());
        return;
      }
      case 15:
        if (below(2)) {
          const uint32_t g = below(3);
          const ValueId v = build_.op0(Op::global_get, p.globals[g].type, g);
          keep(v);
          if (below(2)) {
            const ValueId sum = build_.op2(Op::iadd, p.globals[g].type, v, build_.iconst(p.globals[g].type, 16));
            build_.op1(Op::global_set, Type::none, sum, g);
            keep(sum);
          }
        } else if (!p.functions.empty()) {
          const uint32_t f = below(static_cast<uint32_t>(p.functions.size()));
          const ir::Signature& s = p.signatures[signatures_[f].value];
          std::vector<ValueId> args;
          for (const Type param : s.params) args.push_back(operand(static_cast<uint32_t>(param) - 1));
          const ValueId call = build_.call(ir::FunctionId{f}, s.results.size() == 1 ? s.results[0] : Type::none, args);
          if (s.results.size() == 1) return keep(call);
          std::vector<ValueId> results;
          for (uint32_t r = 0; r < s.results.size(); ++r) results.push_back(build_.result(call, s.results[r], r));
          for (const ValueId r : results) keep(r);
        }
        return;
      case 16:
      case 17: return branch(p, depth);
      default: return loop(p, depth);
    }
  }

  void statements(ir::Program& p, uint32_t depth) {
    for (uint32_t n = 1 + below(depth == 0 ? 24 : 8); n > 0; --n) statement(p, depth);
  }

  // if/else that joins in two parameters
  void branch(ir::Program& p, uint32_t depth) {
    const ir::BlockId then = build_.new_block(), otherwise = build_.new_block(), join = build_.new_block();
    const uint32_t t = below(kTypes), u = below(kTypes);
    const ValueId c = condition();
    const auto outer = pools_;
    build_.open_scope(ir::Scope::Kind::block);
    build_.open_scope(ir::Scope::Kind::block);
    build_.br_if(c, then, otherwise);
    const auto arm = [&](ir::BlockId block) {
      build_.switch_to(block);
      statements(p, depth + 1);
      const std::vector<ValueId> args = {operand(t), operand(u)};
      build_.br(join, args);
      pools_ = outer;
    };
    arm(then);
    build_.close_scope();
    arm(otherwise);
    build_.close_scope();
    build_.switch_to(join);
    keep(build_.param(join, kType[t]));
    keep(build_.param(join, kType[u]));
  }

  // A loop of a few turns that carries three values, sometimes exchanging two.
  void loop(ir::Program& p, uint32_t depth) {
    const ir::BlockId header = build_.new_block(), exit = build_.new_block();
    const uint32_t t = below(kTypes), u = below(kTypes);
    const bool down = below(2) != 0;
    const uint32_t turns = 1 + below(5);
    build_.br(header,
              std::vector<ValueId>{build_.iconst(Type::i32, down ? turns : 0), operand(t), operand(u), operand(u)});
    build_.open_scope(ir::Scope::Kind::loop);
    build_.switch_to(header);
    const ValueId counter = build_.param(header, Type::i32), x = build_.param(header, kType[t]),
                  y = build_.param(header, kType[u]), z = build_.param(header, kType[u]);
    const auto outer = pools_;
    keep(counter), keep(x), keep(y), keep(z);
    statements(p, depth + 1);
    const ValueId next = build_.op2(Op::iadd, Type::i32, counter, build_.iconst(Type::i32, down ? ~0u : 1));
    const ValueId again =
        down ? next : build_.op2(below(2) ? Op::ult : Op::slt, Type::i32, next, build_.iconst(Type::i32, turns));
    const std::vector<ValueId> back = {next, operand(t), below(2) ? z : operand(u), below(2) ? y : operand(u)};
    const std::vector<ValueId> out = {back[1], y};
    if (below(2)) {
      build_.br_if(again, header, exit, back, out);
    } else {
      // The other way round: the exit is the first edge.
      build_.br_if(build_.op1(Op::ieqz, Type::i32, again), exit, header, out, back);
    }
    build_.close_scope();
    pools_ = outer;
    build_.switch_to(exit);
    keep(build_.param(exit, kType[t]));
    keep(build_.param(exit, kType[u]));
  }

  ir::Function function(ir::Program& p, ir::SignatureId id) {
    const ir::Signature signature = p.signatures[id.value];
    for (auto& pool : pools_) pool.clear();
    const ir::BlockId entry = build_.new_block();
    build_.switch_to(entry);
    for (const Type t : signature.params) keep(build_.param(entry, t));
    for (uint32_t t = 0; t < kTypes; ++t)
      if (pools_[t].empty()) keep(constant(t));
    statements(p, 0);
    std::vector<ValueId> results;
    for (const Type t : signature.results) results.push_back(pick(static_cast<uint32_t>(t) - 1));
    build_.ret(results);
    return build_.finish("f", id);
  }

  std::mt19937_64 random_;
  ir::FunctionBuilder build_;
  std::array<std::vector<ValueId>, kTypes> pools_;
  std::vector<ir::SignatureId> signatures_;
};

bool same(Type t, uint64_t a, uint64_t b) {
  if (t == Type::f64 && std::isnan(reference::as<double>(a))) return std::isnan(reference::as<double>(b));
  if (t == Type::f32 && std::isnan(reference::as<float>(a))) return std::isnan(reference::as<float>(b));
  return ir::size_of(t) == 4 ? static_cast<uint32_t>(a) == static_cast<uint32_t>(b) : a == b;
}

void check(uint64_t seed) {
  const ir::Program program = Generator(seed).program();
  const auto errors = ir::verify(program);
  ASSERT_TRUE(errors.empty()) << errors.front();
  // Half of them go through the passes first: then accesses are unchecked behind guards, and a trap may come early.
  ir::Program optimized = program;
  if (seed % 2 == 1) ir::optimize(optimized, {.guards = true});
  auto code = runtime::compile(optimized, seed % 5 == 0);
  ASSERT_TRUE(code.ok()) << code.error().message;
  auto instance = runtime::Instance::create(*code, {});
  ASSERT_TRUE(instance.ok());
  reference::Machine machine{program, std::vector<uint8_t>(65536), {4096, 4096, 4096}};
  std::mt19937_64 random(seed);
  for (uint32_t i = 0; i < 65536; ++i)
    machine.memory[i] = (*instance)->state().memory0.base[i] = static_cast<uint8_t>(random());
  for (int round = 0; round < 3; ++round) {
    const std::vector<uint64_t> args = {random() & (round ? 0xffffffff : 0xff), random() >> (round * 20),
                                        reference::as<uint64_t>(static_cast<float>(random() % 1000)),
                                        reference::as<uint64_t>(0.25 * (random() % 999))};
    const std::vector<uint64_t> expected = reference::run(machine, ir::FunctionId{2}, args);
    uint64_t results[4] = {};
    const abi::Outcome outcome = (*instance)->call(ir::FunctionId{2}, args, results);
    ASSERT_EQ(machine.trap == ir::Trap::none, outcome.trap == 0) << "seed " << seed;
    if (seed % 2 == 0) {
      ASSERT_EQ(static_cast<uint32_t>(machine.trap), outcome.trap) << "seed " << seed;
    }
    if (outcome.trap != 0) return;
    for (uint32_t i = 0; i < 4; ++i)
      ASSERT_TRUE(same(kType[i], expected[i], results[i])) << "seed " << seed << " result " << i << ": " << std::hex
                                                           << expected[i] << " expected, got " << results[i] << "\n";
    ASSERT_EQ(std::memcmp(machine.memory.data(), (*instance)->state().memory0.base, 65536), 0)
        << "memory, seed " << seed;
    for (uint32_t g = 0; g < 3; ++g)
      ASSERT_EQ(machine.globals[g], (*instance)->state().globals[g]) << "global, seed " << seed;
  }
}

class Random : public testing::TestWithParam<uint64_t> {};
TEST_P(Random, AgreesWithTheReference) {
  for (uint64_t seed = GetParam() * 250; seed < (GetParam() + 1) * 250; ++seed) {
    check(seed);
    if (HasFatalFailure()) return;
  }
}
INSTANTIATE_TEST_SUITE_P(Programs, Random, testing::Range<uint64_t>(0, 16));

}  // namespace
}  // namespace rustg
