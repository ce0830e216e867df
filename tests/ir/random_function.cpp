#include "random_function.h"

#include "ir/builder.h"

namespace rustg::ir::testing {
namespace {

constexpr Op kBinary[] = {Op::iadd, Op::isub, Op::imul, Op::sdiv, Op::udiv, Op::srem, Op::urem, Op::iand,
                          Op::ior,  Op::ixor, Op::shl,  Op::sshr, Op::ushr, Op::rotl, Op::rotr};
constexpr Op kUnary[] = {Op::clz, Op::ctz, Op::popcnt, Op::sext8, Op::sext16};
constexpr Op kCompare[] = {Op::ieq, Op::ine, Op::slt, Op::ult, Op::sgt, Op::ugt, Op::sle, Op::ule, Op::sge, Op::uge};

class Generator {
 public:
  Generator(std::mt19937& random, uint32_t callable) : random_(random), callable_(callable) {}

  Function run(SignatureId signature) {
    const BlockId entry = b_.new_block();
    b_.switch_to(entry);
    for (int i = 0; i < 3; ++i) add(b_.param(entry, Type::i32));
    add(b_.param(entry, Type::i64));
    if (chance(2)) {  // a frame
      const ValueId sp = b_.op0(Op::global_get, Type::i32, 0);
      const ValueId fp = b_.op2(Op::isub, Type::i32, sp, b_.iconst(Type::i32, 16 * pick(8)));
      b_.op1(Op::global_set, Type::none, fp, 0);
      add(fp);
      add(fp);
    }
    body(0);
    const ValueId results[] = {any(Type::i32), any(Type::i64)};
    b_.ret(results);
    return b_.finish("f", signature);
  }

 private:
  uint32_t pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  bool chance(uint32_t one_in) { return pick(one_in) == 0; }
  void add(ValueId v) { (b_.type_of(v) == Type::i32 ? narrow_ : wide_).push_back(v); }
  // The later ones more often.
  ValueId any(Type type) {
    auto& values = type == Type::i32 ? narrow_ : wide_;
    const auto n = static_cast<uint32_t>(values.size());
    return values[chance(2) ? pick(n) : n - 1 - pick(std::min(n, 4u))];
  }
  ValueId constant(Type type) {
    static constexpr uint64_t kSome[] = {0,          1,     2,     3,     4,      8,         16,    31,
                                         32,         127,   128,   255,   256,    65535,     65536, 0x7fffffff,
                                         0x80000000, ~0ull, ~1ull, ~3ull, ~15ull, 1ull << 63};
    return b_.iconst(type, kSome[pick(std::size(kSome))]);
  }

  // Mostly between neighbours, at times as far as can be.
  uint32_t distance() {
    static constexpr uint32_t kFar[] = {65535, 65536, 65537, 0x7fffff00, 0x80000000, 0xffff0000};
    return chance(4) ? kFar[pick(std::size(kFar))] + pick(3) : pick(64) - 16;
  }

  void operation() {
    const Type type = chance(3) ? Type::i64 : Type::i32;
    switch (pick(12)) {
      case 0: return add(constant(type));
      case 1: return add(b_.op1(kUnary[pick(std::size(kUnary))], type, any(type)));
      case 2:
        return add(
            b_.op2(kCompare[pick(std::size(kCompare))], Type::i32, any(type), chance(3) ? constant(type) : any(type)));
      case 3: return add(b_.op1(Op::ieqz, Type::i32, any(type)));
      case 4: return add(b_.op3(Op::select, type, any(type), any(type), any(Type::i32)));
      case 5:
        if (type == Type::i64) return add(b_.op1(chance(2) ? Op::zextend : Op::sextend, Type::i64, any(Type::i32)));
        return add(b_.op1(Op::wrap, Type::i32, any(Type::i64)));
      case 6:
        if (chance(8))
          return add(b_.op1(Op::memory_grow, Type::i32, b_.iconst(Type::i32, pick(2)), 0, Access{}.pack()));
        if (callable_ != FunctionId::kNone && chance(4)) {
          const ValueId args[] = {any(Type::i32), any(Type::i32), any(Type::i32), any(Type::i64)};
          const ValueId call = b_.call(FunctionId{callable_}, Type::none, args);
          add(b_.result(call, Type::i32, 0));
          return add(b_.result(call, Type::i64, 1));
        }
        return;
      case 7:
        return add(
            b_.op2(chance(2) ? Op::iadd : Op::isub, Type::i32, any(Type::i32), b_.iconst(Type::i32, distance())));
      case 8:
      case 9:
      case 10: return access();
      default: {
        const Op op = kBinary[pick(std::size(kBinary))];
        const bool divides = op == Op::sdiv || op == Op::udiv || op == Op::srem || op == Op::urem;
        if (divides && !chance(4)) return;
        const ValueId x = chance(4) ? constant(type) : any(type);
        return add(b_.op2(op, type, x, chance(2) ? constant(type) : any(type)));
      }
    }
  }

  void access() {
    static constexpr uint32_t kOffsets[] = {0, 0, 1, 4, 8, 12, 60, 65528, 65535, 0xfffffff0};
    const Type type = chance(3) ? Type::i64 : Type::i32;
    const uint8_t width = static_cast<uint8_t>(pick(type == Type::i64 ? 4 : 3));
    Access access{.width_log2 = width};
    const uint32_t offset = kOffsets[pick(chance(8) ? std::size(kOffsets) : 7)];
    if (chance(2)) return b_.store(access, any(Type::i32), any(type), offset);
    access.is_signed = access.bytes() < size_of(type) && chance(2);
    const ValueId loaded = b_.load(type, access, any(Type::i32), offset);
    add(loaded);
  }

  void straight() {
    for (uint32_t n = pick(8); n != 0; --n) operation();
  }

  void body(int depth) {
    straight();
    for (uint32_t n = depth < 3 ? pick(3) : 0; n != 0; --n) {
      const size_t narrow = narrow_.size(), wide = wide_.size();
      auto leave = [&] { narrow_.resize(narrow), wide_.resize(wide); };
      if (chance(3)) {  // a loop over two values
        const BlockId header = b_.new_block(), after = b_.new_block();
        const ValueId first[] = {any(Type::i32), any(Type::i64)};
        b_.br(header, first);
        b_.open_scope(Scope::Kind::loop);
        b_.switch_to(header);
        const ValueId x = b_.param(header, Type::i32), y = b_.param(header, Type::i64);
        add(x), add(y);
        body(depth + 1);
        const ValueId again[] = {chance(3)   ? x
                                 : chance(2) ? b_.op2(Op::iadd, Type::i32, x, b_.iconst(Type::i32, pick(9)))
                                             : any(Type::i32),
                                 chance(3) ? y : any(Type::i64)};
        b_.br_if(any(Type::i32), header, after, again);
        b_.close_scope();
        b_.switch_to(after);
      } else {  // if, or if … else, joining with two values
        const BlockId then = b_.new_block(), other = b_.new_block(), join = b_.new_block();
        b_.open_scope(Scope::Kind::block);
        b_.open_scope(Scope::Kind::block);
        b_.br_if(chance(8) ? constant(Type::i32) : any(Type::i32), then, other);
        b_.switch_to(then);
        body(depth + 1);
        if (chance(8)) {
          b_.trap(Trap::unreachable);
        } else {
          const ValueId given[] = {any(Type::i32), any(Type::i64)};
          b_.br(join, given);
        }
        leave();
        b_.close_scope();
        b_.switch_to(other);
        if (chance(2)) body(depth + 1);
        const ValueId given[] = {any(Type::i32), any(Type::i64)};
        b_.br(join, given);
        leave();
        b_.close_scope();
        b_.switch_to(join);
        add(b_.param(join, Type::i32));
        add(b_.param(join, Type::i64));
      }
      straight();
    }
  }

  std::mt19937& random_;
  const uint32_t callable_;
  FunctionBuilder b_;
  std::vector<ValueId> narrow_, wide_;
};

}  // namespace

Program random_program(std::mt19937& random) {
  Program p;
  p.memories.push_back({1, random() % 2 ? 65536u : 3u});
  p.globals.push_back({Type::i32, true, 65536 - 16 * (random() % 3)});
  const SignatureId signature = p.intern({{Type::i32, Type::i32, Type::i32, Type::i64}, {Type::i32, Type::i64}, {}});
  p.functions.push_back(Generator(random, FunctionId::kNone).run(signature));
  p.functions.push_back(Generator(random, 0).run(signature));
  p.host = {FunctionId::kNone, FunctionId::kNone};
  return p;
}

uint64_t random_argument(std::mt19937& random) {
  static constexpr uint64_t kNear[] = {0, 100, 65536, 0x80000000, 0x100000000, 65000, 1000};
  return (kNear[random() % std::size(kNear)] + random() % 80 - 40) & 0xffffffff;
}

}  // namespace rustg::ir::testing
