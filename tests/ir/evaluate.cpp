#include "evaluate.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace rustg::ir::testing {
namespace {

struct Trapped {
  Trap trap;
};
struct Unsound {};
struct OutOfSteps {};

class Evaluator {
 public:
  Evaluator(const Program& p, Run& run, uint64_t steps) : p_(p), run_(run), steps_(steps) {}

  std::vector<uint64_t> call(uint32_t function, const std::vector<uint64_t>& args) {
    const Function& f = p_.functions[function];
    std::vector<uint64_t> v(f.size());
    std::copy(args.begin(), args.end(), v.begin());
    uint32_t block = 0;
    for (;;) {
      for (uint32_t i = f.block_begin[block] + f.param_count(block);; ++i) {
        if (steps_-- == 0) throw OutOfSteps{};
        const Op op = f.op[i];
        if (op == Op::ret) {
          std::vector<uint64_t> results;
          for (ValueId r : f.call_args(i)) results.push_back(v[r.value]);
          return results;
        }
        if (op == Op::trap) throw Trapped{static_cast<Trap>(f.imm[i])};
        if (op == Op::br || op == Op::br_if || op == Op::br_table) {
          uint32_t e = f.imm[i];
          if (op == Op::br_if) e += static_cast<uint32_t>(v[f.a[i]]) == 0;
          if (op == Op::br_table) e += static_cast<uint32_t>(std::min<uint64_t>(v[f.a[i]], f.b[i] - 1));
          std::vector<uint64_t> given;
          for (ValueId a : f.edge_args(e)) given.push_back(v[a.value]);
          block = f.edge_target[e].value;
          std::copy(given.begin(), given.end(), v.begin() + f.block_begin[block]);
          break;
        }
        if (op == Op::call) {
          std::vector<uint64_t> given;
          for (ValueId a : f.call_args(i)) given.push_back(v[a.value]);
          const auto results = call(f.imm[i], given);
          if (results.size() == 1) v[i] = results[0];
          for (; f.op[i + 1] == Op::result; ++i) v[i + 1] = results[f.imm[i + 1]];
          continue;
        }
        v[i] = one(f, i, v);
        if (f.type[i] == Type::i32) v[i] &= 0xffffffff;
      }
    }
  }

 private:
  uint8_t* address(const Function& f, uint32_t i, const std::vector<uint64_t>& v) {
    const Access access = Access::unpack(f.aux[i]);
    const uint64_t at = v[f.a[i]] + f.imm[i];
    const bool inside = at + access.bytes() <= run_.memory.size();
    run_.checks += !access.unchecked;
    if (!inside && access.unchecked) throw Unsound{};
    if (!inside) throw Trapped{Trap::memory_out_of_bounds};
    return run_.memory.data() + at;
  }

  uint64_t one(const Function& f, uint32_t i, const std::vector<uint64_t>& v) {
    const uint8_t values = info(f.op[i]).values;
    const uint64_t a = values > 0 ? v[f.a[i]] : 0, b = values > 1 ? v[f.b[i]] : 0;
    const Type operand = values > 0 ? f.type[f.a[i]] : Type::none;
    const bool wide = operand == Type::i64;
    const int bits = wide ? 64 : 32;
    const int64_t sa = wide ? static_cast<int64_t>(a) : static_cast<int32_t>(a);
    const int64_t sb = wide ? static_cast<int64_t>(b) : static_cast<int32_t>(b);
    const int64_t lowest = wide ? INT64_MIN : INT32_MIN;
    const uint64_t n = b % bits;
    switch (f.op[i]) {
      case Op::iconst: return f.constant(i);
      case Op::iadd: return a + b;
      case Op::isub: return a - b;
      case Op::imul: return a * b;
      case Op::sdiv:
        if (b == 0) throw Trapped{Trap::integer_divide_by_zero};
        if (sa == lowest && sb == -1) throw Trapped{Trap::integer_overflow};
        return static_cast<uint64_t>(sa / sb);
      case Op::udiv:
        if (b == 0) throw Trapped{Trap::integer_divide_by_zero};
        return a / b;
      case Op::srem:
        if (b == 0) throw Trapped{Trap::integer_divide_by_zero};
        return sa == lowest && sb == -1 ? 0 : static_cast<uint64_t>(sa % sb);
      case Op::urem:
        if (b == 0) throw Trapped{Trap::integer_divide_by_zero};
        return a % b;
      case Op::iand: return a & b;
      case Op::ior: return a | b;
      case Op::ixor: return a ^ b;
      case Op::shl: return a << n;
      case Op::sshr: return static_cast<uint64_t>(sa >> n);
      case Op::ushr: return a >> n;
      case Op::rotl: return n == 0 ? a : a << n | a >> (bits - n);
      case Op::rotr: return n == 0 ? a : a >> n | a << (bits - n);
      case Op::clz: {
        uint64_t zeros = 0;
        while (zeros < static_cast<uint64_t>(bits) && !(a >> (bits - 1 - zeros) & 1)) ++zeros;
        return zeros;
      }
      case Op::ctz: {
        uint64_t zeros = 0;
        while (zeros < static_cast<uint64_t>(bits) && !(a >> zeros & 1)) ++zeros;
        return zeros;
      }
      case Op::popcnt: {
        uint64_t ones = 0;
        for (int k = 0; k < bits; ++k) ones += a >> k & 1;
        return ones;
      }
      case Op::sext8: return (a & 0xff) - 2 * (a & 0x80);
      case Op::sext16: return (a & 0xffff) - 2 * (a & 0x8000);
      case Op::sext32: return (a & 0xffffffff) - 2 * (a & 0x80000000);
      case Op::ieqz: return a == 0;
      case Op::ieq: return a == b;
      case Op::ine: return a != b;
      case Op::slt: return sa < sb;
      case Op::ult: return a < b;
      case Op::sgt: return sa > sb;
      case Op::ugt: return a > b;
      case Op::sle: return sa <= sb;
      case Op::ule: return a <= b;
      case Op::sge: return sa >= sb;
      case Op::uge: return a >= b;
      case Op::wrap: return a & 0xffffffff;
      case Op::zextend: return a;
      case Op::sextend: return static_cast<uint64_t>(sa);
      case Op::select: return static_cast<uint32_t>(v[f.c[i]]) != 0 ? a : b;
      case Op::global_get: return run_.globals[f.imm[i]];
      case Op::global_set: run_.globals[f.imm[i]] = a; return 0;
      case Op::memory_size: return run_.memory.size() / kPageSize;
      case Op::memory_grow: {
        const uint64_t old = run_.memory.size() / kPageSize;
        if (old + a > p_.memories[0].max_pages || old + a > 4) return ~0ull;
        run_.memory.resize((old + a) * kPageSize);
        return old;
      }
      case Op::guard:
        ++run_.checks;
        if (a + f.imm[i] > run_.memory.size()) throw Trapped{Trap::memory_out_of_bounds};
        return 0;
      case Op::load: {
        const Access access = Access::unpack(f.aux[i]);
        uint64_t value = 0;
        std::memcpy(&value, address(f, i, v), access.bytes());
        const uint64_t sign = 1ull << (8 * access.bytes() - 1);
        return access.is_signed && (value & sign) ? value - 2 * sign : value;
      }
      case Op::store: std::memcpy(address(f, i, v), &b, Access::unpack(f.aux[i]).bytes()); return 0;
      case Op::fuel: return 0;
      default: throw std::logic_error(std::string("the evaluator has no ") + info(f.op[i]).name);
    }
  }

  const Program& p_;
  Run& run_;
  uint64_t steps_;
};

}  // namespace

Run evaluate(const Program& program, FunctionId function, const std::vector<uint64_t>& args, uint64_t max_steps) {
  Run run;
  static const std::vector<uint8_t> image = [] {
    std::vector<uint8_t> bytes(kPageSize);
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 7 + (i >> 8));
    return bytes;
  }();
  run.memory = image;
  run.memory.resize(program.memories[0].min_pages * kPageSize);
  for (const Global& g : program.globals) run.globals.push_back(g.initial);
  try {
    run.results = Evaluator(program, run, max_steps).call(function.value, args);
  } catch (const Trapped& trapped) {
    run.end = Run::End::trapped;
    run.trap = trapped.trap;
  } catch (const Unsound&) {
    run.end = Run::End::unsound;
  } catch (const OutOfSteps&) {
    run.end = Run::End::out_of_steps;
  }
  return run;
}

}  // namespace rustg::ir::testing
