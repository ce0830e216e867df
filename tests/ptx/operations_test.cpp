// Every operation of the IR with every type it has, with its operands in registers and as constants: ptxas takes what is emitted.
#include "ir/builder.h"
#include "ir/form.h"
#include "ir/verify.h"
#include "ptx/support.h"

namespace {

using namespace rustg;
using ir::Access;
using ir::Op;
using ir::Type;
using ir::ValueId;

constexpr Type kInts[] = {Type::i32, Type::i64};
constexpr Type kFloats[] = {Type::f32, Type::f64};

// One function for each case: its parameters are two values of every type, or constants stand in for them.
class Cases {
 public:
  explicit Cases(ir::Program& program) : program_(program) {
    program.memories = {{1, 65536, false}, {0, 4, true}};
    program.tables = {{2, 10}, {0, 5}};
    program.globals = {
        {Type::i32, true, 64}, {Type::i64, true, 0}, {Type::f32, true, 0}, {Type::f64, true, 0}, {Type::ref, true, 0}};
    program.data = {{1, 2, 3}};
    program.elements = {{0, 1}};
    signature_ = program.intern(
        {{Type::i32, Type::i32, Type::i64, Type::i64, Type::f32, Type::f32, Type::f64, Type::f64, Type::ref, Type::ref},
         {},
         {}});
    several_ = program.intern({{Type::i32, Type::f64, Type::ref}, {Type::i32, Type::f64, Type::i32, Type::f32}, {}});
    one_ = program.intern({{Type::f32}, {Type::f32}, {}});
    host(several_);
    host(one_);
  }

  // `body` is given a way to make the k-th value of a type, and appends to the builder.
  using Make = std::function<ValueId(Type, int)>;
  void add(const std::function<void(ir::FunctionBuilder&, const Make&)>& body) {
    for (bool constants : {false, true}) {
      ir::FunctionBuilder b;
      const ir::BlockId entry = b.new_block();
      b.switch_to(entry);
      std::vector<ValueId> params;
      for (Type t : program_.signatures[signature_.value].params) params.push_back(b.param(entry, t));
      body(b, [&](Type t, int k) {
        const ValueId param = params[2 * (static_cast<int>(t) - 1) + k];
        if (!constants || t == Type::ref) return param;
        if (ir::is_int(t)) return b.iconst(t, k == 0 ? 40 : 0xfffffffffffffff9 & (t == Type::i32 ? 0xffffffff : ~0ull));
        return b.fconst(t, t == Type::f32 ? 0x7fa00000 : 0xc000000000000000);
      });
      b.ret({});
      program_.functions.push_back(b.finish("case", signature_));
      program_.host.push_back(ir::FunctionId::kNone);
    }
  }
  ir::SignatureId several() const { return several_; }

 private:
  void host(ir::SignatureId signature) {
    ir::Function f;
    f.signature = signature;
    program_.host.push_back(static_cast<uint32_t>(program_.host_functions.size()));
    program_.host_functions.push_back({"env", "host"});
    program_.functions.push_back(f);
  }
  ir::Program& program_;
  ir::SignatureId signature_, several_, one_;
};

// A value is only emitted if it is used: its bits, for instance, in a store.
void use(ir::FunctionBuilder& b, ValueId v) {
  const Type t = b.type_of(v);
  b.op1(Op::global_set, Type::none, v,
        t == Type::i32   ? 0
        : t == Type::i64 ? 1
        : t == Type::f32 ? 2
        : t == Type::f64 ? 3
                         : 4);
}

void add_cases(Cases& cases, Op op) {
  auto unary = [&](Type from, Type to) { cases.add([=](auto& b, auto& v) { use(b, b.op1(op, to, v(from, 0))); }); };
  auto binary = [&](Type from, Type to) {
    cases.add([=](auto& b, auto& v) { use(b, b.op2(op, to, v(from, 0), v(from, 1))); });
  };
  const auto accesses = [&](auto&& each) {
    for (uint32_t memory : {0u, 1u, Access::kFlat})
      for (uint8_t width = 0; width < 4; ++width)
        for (uint32_t offset : {0u, 1u, 16u, 0xfffffff0u})
          if (memory == 0 || offset == 1 || (offset == 0 && width == 3))
            each(Access{width, false, false, memory}, offset);
  };
  auto address = [](auto& v, const Access& a) { return v(a.memory == Access::kFlat ? Type::i64 : Type::i32, 0); };
  const auto runtime = [&](uint32_t operands) {
    cases.add([=](auto& b, auto& v) {
      b.emit(op, Type::none, operands > 0 ? v(Type::i32, 0).value : 0, operands > 1 ? v(Type::i32, 1).value : 0,
             operands > 2 ? v(Type::i32, 0).value : 0, 0,
             ir::form_of(op) == ir::Form::memory || ir::form_of(op) == ir::Form::memory_data ? ir::memory_aux(0)
                                                                                             : uint16_t{0});
    });
  };
  switch (op) {
    case Op::param:
    case Op::iconst:
    case Op::fconst:
    case Op::result: return;  // in the others
    case Op::ref_null: return cases.add([=](auto& b, auto&) { use(b, b.op0(op, Type::ref)); });
    case Op::ref_func: return cases.add([=](auto& b, auto&) { use(b, b.op0(op, Type::ref, 1)); });
    case Op::ref_is_null: return unary(Type::ref, Type::i32);
    case Op::iadd:
    case Op::isub:
    case Op::imul:
    case Op::sdiv:
    case Op::udiv:
    case Op::srem:
    case Op::urem:
    case Op::iand:
    case Op::ior:
    case Op::ixor:
    case Op::shl:
    case Op::sshr:
    case Op::ushr:
    case Op::rotl:
    case Op::rotr:
      for (Type t : kInts) binary(t, t);
      return;
    case Op::clz:
    case Op::ctz:
    case Op::popcnt:
    case Op::sext8:
    case Op::sext16:
      for (Type t : kInts) unary(t, t);
      return;
    case Op::sext32: return unary(Type::i64, Type::i64);
    case Op::ieqz:
      for (Type t : kInts) unary(t, Type::i32);
      return;
    case Op::ieq:
    case Op::ine:
    case Op::slt:
    case Op::ult:
    case Op::sgt:
    case Op::ugt:
    case Op::sle:
    case Op::ule:
    case Op::sge:
    case Op::uge:
      for (Type t : kInts) binary(t, Type::i32);
      return;
    case Op::fadd:
    case Op::fsub:
    case Op::fmul:
    case Op::fdiv:
    case Op::fmin:
    case Op::fmax:
    case Op::fcopysign:
      for (Type t : kFloats) binary(t, t);
      return;
    case Op::fabs:
    case Op::fneg:
    case Op::fceil:
    case Op::ffloor:
    case Op::ftrunc:
    case Op::fnearest:
    case Op::fsqrt:
      for (Type t : kFloats) unary(t, t);
      return;
    case Op::feq:
    case Op::fne:
    case Op::flt:
    case Op::fgt:
    case Op::fle:
    case Op::fge:
      for (Type t : kFloats) binary(t, Type::i32);
      return;
    case Op::wrap: return unary(Type::i64, Type::i32);
    case Op::sextend:
    case Op::zextend: return unary(Type::i32, Type::i64);
    case Op::trunc_s:
    case Op::trunc_u:
    case Op::trunc_sat_s:
    case Op::trunc_sat_u:
      for (Type f : kFloats)
        for (Type i : kInts) unary(f, i);
      return;
    case Op::convert_s:
    case Op::convert_u:
      for (Type f : kFloats)
        for (Type i : kInts) unary(i, f);
      return;
    case Op::fdemote: return unary(Type::f64, Type::f32);
    case Op::fpromote: return unary(Type::f32, Type::f64);
    case Op::bitcast:
      unary(Type::i32, Type::f32), unary(Type::f32, Type::i32);
      return unary(Type::i64, Type::f64), unary(Type::f64, Type::i64);
    case Op::select:
      for (Type t : {Type::i32, Type::i64, Type::f32, Type::f64, Type::ref})
        cases.add([=](auto& b, auto& v) { use(b, b.op3(op, t, v(t, 0), v(t, 1), v(Type::i32, 1))); });
      return;
    case Op::load:
      accesses([&](Access a, uint32_t offset) {
        for (bool is_signed : {false, true})
          for (bool unaligned : {false, true})
            for (Type t : {Type::i32, Type::i64, Type::f32, Type::f64}) {
              if (a.bytes() > ir::size_of(t) || (ir::is_float(t) && a.bytes() != ir::size_of(t))) continue;
              a.is_signed = is_signed && a.bytes() < ir::size_of(t) && ir::is_int(t), a.unaligned = unaligned;
              if (is_signed != a.is_signed) continue;
              cases.add([=](auto& b, auto& v) { use(b, b.load(t, a, address(v, a), offset)); });
            }
      });
      return;
    case Op::store:
      accesses([&](Access a, uint32_t offset) {
        for (bool unaligned : {false, true})
          for (Type t : {Type::i32, Type::i64, Type::f32, Type::f64}) {
            if (a.bytes() > ir::size_of(t) || (ir::is_float(t) && a.bytes() != ir::size_of(t))) continue;
            a.unaligned = unaligned;
            cases.add([=](auto& b, auto& v) { b.store(a, address(v, a), v(t, 1), offset); });
          }
      });
      return;
    case Op::guard:
      for (uint32_t memory : {0u, 1u})
        for (uint32_t end : {0u, 1u, 64u, 65537u, 0xfffffff0u})
          cases.add(
              [=](auto& b, auto& v) { b.op1(op, Type::none, v(Type::i32, 0), end, Access{.memory = memory}.pack()); });
      return;
    case Op::atomic_load:
    case Op::atomic_store:
    case Op::atomic_rmw_add:
    case Op::atomic_rmw_sub:
    case Op::atomic_rmw_and:
    case Op::atomic_rmw_or:
    case Op::atomic_rmw_xor:
    case Op::atomic_rmw_xchg:
    case Op::atomic_cmpxchg:
      accesses([&](Access a, uint32_t offset) {
        for (Type t : kInts) {
          if (a.bytes() > ir::size_of(t)) continue;
          cases.add([=](auto& b, auto& v) {
            const ValueId at = address(v, a);
            const uint16_t aux = a.pack();
            if (op == Op::atomic_load)
              use(b, b.op1(op, t, at, offset, aux));
            else if (op == Op::atomic_store)
              b.op2(op, Type::none, at, v(t, 1), offset, aux);
            else if (op == Op::atomic_cmpxchg)
              use(b, b.op3(op, t, at, v(t, 0), v(t, 1), offset, aux));
            else
              use(b, b.op2(op, t, at, v(t, 1), offset, aux));
          });
        }
      });
      return;
    case Op::atomic_wait:
      for (Type t : kInts)
        cases.add([=](auto& b, auto& v) {
          const Access a{static_cast<uint8_t>(t == Type::i32 ? 2 : 3), false, false, 1};
          use(b, b.op3(op, Type::i32, v(Type::i32, 0), v(t, 1), v(Type::i64, 1), 8, a.pack()));
        });
      return;
    case Op::atomic_notify:
      return cases.add([=](auto& b, auto& v) {
        use(b, b.op2(op, Type::i32, v(Type::i32, 0), v(Type::i32, 1), 8, Access{2, false, false, 1}.pack()));
      });
    case Op::fence: return runtime(0);
    case Op::memory_size: return cases.add([=](auto& b, auto&) { use(b, b.op0(op, Type::i32, 0, ir::memory_aux(1))); });
    case Op::memory_grow:
      return cases.add([=](auto& b, auto& v) { use(b, b.op1(op, Type::i32, v(Type::i32, 0), 0, ir::memory_aux(0))); });
    case Op::memory_fill:
    case Op::memory_copy:
    case Op::memory_init:
    case Op::table_copy:
    case Op::table_init: return runtime(3);
    case Op::data_drop:
    case Op::elem_drop: return runtime(0);
    case Op::table_get: return cases.add([=](auto& b, auto& v) { use(b, b.op1(op, Type::ref, v(Type::i32, 0))); });
    case Op::table_set:
      return cases.add([=](auto& b, auto& v) { b.op2(op, Type::none, v(Type::i32, 0), v(Type::ref, 0)); });
    case Op::table_size: return cases.add([=](auto& b, auto&) { use(b, b.op0(op, Type::i32, 1)); });
    case Op::table_grow:
      return cases.add([=](auto& b, auto& v) { use(b, b.op2(op, Type::i32, v(Type::ref, 0), v(Type::i32, 0))); });
    case Op::table_fill:
      return cases.add(
          [=](auto& b, auto& v) { b.op3(op, Type::none, v(Type::i32, 0), v(Type::ref, 0), v(Type::i32, 1)); });
    case Op::global_get: return cases.add([=](auto& b, auto&) { use(b, b.op0(op, Type::f64, 3)); });
    case Op::global_set: return cases.add([=](auto& b, auto& v) { use(b, v(Type::f32, 0)); });
    case Op::call:
    case Op::call_indirect:
      return cases.add([=, several = cases.several()](auto& b, auto& v) {
        const ValueId args[] = {v(Type::i32, 0), v(Type::f64, 0), v(Type::ref, 0)}, one[] = {v(Type::f32, 1)};
        const ValueId call = op == Op::call
                                 ? b.call(ir::FunctionId{0}, Type::none, args)
                                 : b.call_indirect(several, ir::TableId{1}, Type::none, v(Type::i32, 1), args);
        const Type types[] = {Type::i32, Type::f64, Type::i32, Type::f32};
        std::vector<ValueId> results;
        for (uint32_t k = 0; k < 4; ++k) results.push_back(b.result(call, types[k], k));
        for (ValueId r : results) use(b, r);
        use(b, b.call(ir::FunctionId{1}, Type::f32, one));
      });
    case Op::fuel: return cases.add([=](auto& b, auto&) { b.op0(op, Type::none, 12); });
    case Op::br:
    case Op::br_if:
    case Op::br_table:
    case Op::ret:
    case Op::trap: return;  // golden/control.ir
  }
}

TEST(Operations, AssembleInEveryForm) {
  RUSTG_NEEDS_PTXAS(tools);
  ir::Program program;
  Cases cases(program);
  for (uint32_t op = 0; op < ir::kOpCount; ++op) add_cases(cases, static_cast<Op>(op));
  ASSERT_TRUE(ir::verify(program).empty()) << ir::verify(program)[0];
  const auto entries = ptx::testing::all_functions(program);
  for (bool trusted : {false, true}) {
    auto units = ptx::emit(
        program,
        {.sm = 90, .version = tools.ptx_version, .entries = entries, .trust_alignment = trusted, .imprecise = trusted});
    for (const auto& unit : units) EXPECT_EQ(ptx::testing::forbidden(unit), "");
    units.pop_back();  // an entrance with thousands of entries would take ptxas longer than all of them
    EXPECT_EQ(ptx::testing::assemble_each(units, tools), "");
  }
}

TEST(Operations, AssembleForOtherDevices) {
  RUSTG_NEEDS_PTXAS(tools);
  ir::Program program;
  Cases cases(program);
  for (Op op : {Op::fmin, Op::fmax, Op::fnearest, Op::rotl, Op::call_indirect, Op::table_get}) add_cases(cases, op);
  const auto entries = ptx::testing::all_functions(program);
  for (uint32_t sm : {75u, 80u, 86u, 89u, 100u}) {
    if (sm == 100 && tools.ptx_version < 90) continue;
    const auto units = ptx::emit(program, {.sm = sm, .version = tools.ptx_version, .entries = entries});
    EXPECT_EQ(ptx::testing::assemble_each(units, tools, sm), "") << sm;
  }
}

}  // namespace
