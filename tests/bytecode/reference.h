// A second opinion: the IR run directly, one operation at a time, written from op.def and IEEE 754 without a look at the engine.
// Functions of integers, floats, memory 0, globals and direct calls.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ir/program.h"

namespace rustg::reference {

struct Machine {
  const ir::Program& program;
  std::vector<uint8_t> memory;
  std::vector<uint64_t> globals;
  uint64_t steps = 0;
  ir::Trap trap = ir::Trap::none;
};

template <class To, class From>
To as(From from) {
  To to{};
  std::memcpy(&to, &from, std::min(sizeof to, sizeof from));
  return to;
}

// One pure operation on the bits of its operands.
inline uint64_t evaluate(ir::Op op, ir::Type type, ir::Type of, uint64_t a, uint64_t b, uint64_t c, ir::Trap& why) {
  using enum ir::Op;
  const bool narrow = ir::size_of(of) == 4;
  const int width = narrow ? 32 : 64;
  const auto mask = [&](uint64_t v) { return ir::size_of(type) == 4 ? v & 0xffffffff : v; };
  const int64_t sa = narrow ? as<int32_t>(a) : as<int64_t>(a), sb = narrow ? as<int32_t>(b) : as<int64_t>(b);
  const uint64_t ua = narrow ? a & 0xffffffff : a, ub = narrow ? b & 0xffffffff : b;
  const unsigned n = static_cast<unsigned>(ub % static_cast<unsigned>(width));
  const auto rotate = [&](unsigned by) { return by == 0 ? ua : ua << by | ua >> (static_cast<unsigned>(width) - by); };
  const auto minimum = [&] { return narrow ? int64_t{INT32_MIN} : INT64_MIN; };
  switch (op) {
    case iadd: return mask(ua + ub);
    case isub: return mask(ua - ub);
    case imul: return mask(ua * ub);
    case sdiv:
    case srem:
      if (sb == 0) return why = ir::Trap::integer_divide_by_zero, 0;
      if (sb == -1 && sa == minimum()) return op == sdiv ? (why = ir::Trap::integer_overflow, 0) : 0;
      return mask(static_cast<uint64_t>(op == sdiv ? sa / sb : sa % sb));
    case udiv:
    case urem:
      if (ub == 0) return why = ir::Trap::integer_divide_by_zero, 0;
      return op == udiv ? ua / ub : ua % ub;
    case iand: return ua & ub;
    case ior: return ua | ub;
    case ixor: return ua ^ ub;
    case shl: return mask(ua << n);
    case sshr: return mask(static_cast<uint64_t>(sa >> n));
    case ushr: return ua >> n;
    case rotl: return mask(rotate(n));
    case rotr: return mask(rotate((static_cast<unsigned>(width) - n) % static_cast<unsigned>(width)));
    case clz: {
      uint64_t r = 0;
      for (int i = width - 1; i >= 0 && !(ua >> i & 1); --i) ++r;
      return r;
    }
    case ctz: {
      uint64_t r = 0;
      for (int i = 0; i < width && !(ua >> i & 1); ++i) ++r;
      return r;
    }
    case popcnt: {
      uint64_t r = 0;
      for (int i = 0; i < width; ++i) r += ua >> i & 1;
      return r;
    }
    case sext8: return mask(static_cast<uint64_t>(static_cast<int64_t>(as<int8_t>(a))));
    case sext16: return mask(static_cast<uint64_t>(static_cast<int64_t>(as<int16_t>(a))));
    case sext32:
    case sextend: return static_cast<uint64_t>(static_cast<int64_t>(as<int32_t>(a)));
    case zextend:
    case wrap: return a & 0xffffffff;
    case bitcast: return a;
    case ieqz: return ua == 0;
    case ieq: return ua == ub;
    case ine: return ua != ub;
    case slt: return sa < sb;
    case ult: return ua < ub;
    case sgt: return sa > sb;
    case ugt: return ua > ub;
    case sle: return sa <= sb;
    case ule: return ua <= ub;
    case sge: return sa >= sb;
    case uge: return ua >= ub;
    case select: return (c & 0xffffffff) != 0 ? a : b;
    default: break;
  }
  const auto floats = [&]<class F>(F) -> uint64_t {
    const F x = as<F>(a), y = as<F>(b);
    const auto out = [](F v) { return as<uint64_t>(v); };
    switch (op) {
      case fadd: return out(x + y);
      case fsub: return out(x - y);
      case fmul: return out(x * y);
      case fdiv: return out(x / y);
      case fmin:
        if (std::isnan(x) || std::isnan(y)) return out(std::nan(""));
        return out(x == y ? (std::signbit(x) ? x : y) : std::fmin(x, y));
      case fmax:
        if (std::isnan(x) || std::isnan(y)) return out(std::nan(""));
        return out(x == y ? (std::signbit(x) ? y : x) : std::fmax(x, y));
      case fcopysign: return out(std::copysign(x, y));
      case fabs: return out(std::fabs(x));
      case fneg: return out(-x);
      case fceil: return out(std::ceil(x));
      case ffloor: return out(std::floor(x));
      case ftrunc: return out(std::trunc(x));
      case fnearest: return out(std::nearbyint(x));
      case fsqrt: return out(std::sqrt(x));
      case feq: return x == y;
      case fne: return x != y;
      case flt: return x < y;
      case fgt: return x > y;
      case fle: return x <= y;
      case fge: return x >= y;
      case trunc_s:
      case trunc_u:
      case trunc_sat_s:
      case trunc_sat_u: {
        const bool is_signed = op == trunc_s || op == trunc_sat_s, saturates = op == trunc_sat_s || op == trunc_sat_u;
        const int bits = type == ir::Type::i32 ? 32 : 64;
        const F low = is_signed ? -std::ldexp(F{1}, bits - 1) : F{0},
                top = std::ldexp(F{1}, is_signed ? bits - 1 : bits);
        const F whole = std::trunc(x);
        if (std::isnan(x)) return saturates ? 0 : (why = ir::Trap::invalid_conversion_to_integer, 0);
        if (whole < low)
          return saturates ? mask(is_signed ? uint64_t{1} << (bits - 1) : 0) : (why = ir::Trap::integer_overflow, 0);
        if (whole >= top)
          return saturates ? mask(is_signed ? (uint64_t{1} << (bits - 1)) - 1 : ~uint64_t{0})
                           : (why = ir::Trap::integer_overflow, 0);
        return mask(is_signed ? static_cast<uint64_t>(static_cast<int64_t>(whole)) : static_cast<uint64_t>(whole));
      }
      case fdemote: return as<uint64_t>(static_cast<float>(x));
      case fpromote: return as<uint64_t>(static_cast<double>(x));
      default: return 0;
    }
  };
  if (op == convert_s)
    return type == ir::Type::f32 ? as<uint64_t>(static_cast<float>(sa)) : as<uint64_t>(static_cast<double>(sa));
  if (op == convert_u)
    return type == ir::Type::f32 ? as<uint64_t>(static_cast<float>(ua)) : as<uint64_t>(static_cast<double>(ua));
  return of == ir::Type::f32 ? floats(float{}) : floats(double{});
}

inline std::vector<uint64_t> run(Machine& m, ir::FunctionId function, const std::vector<uint64_t>& args) {
  const ir::Function& fn = m.program.functions[function.value];
  std::vector<uint64_t> values(fn.size()), incoming = args;
  std::vector<uint64_t> several;
  uint32_t block = 0;
  while (m.trap == ir::Trap::none) {
    uint32_t i = fn.block_begin[block];
    for (const uint64_t v : incoming) values[i++] = v;
    const auto go = [&](uint32_t edge) {
      incoming.clear();
      for (const ir::ValueId v : fn.edge_args(edge)) incoming.push_back(values[v.value]);
      block = fn.edge_target[edge].value;
    };
    for (bool left = false; !left && m.trap == ir::Trap::none; ++i) {
      const ir::Access access = ir::Access::unpack(fn.aux[i]);
      const uint64_t at =
          fn.op[i] == ir::Op::load || fn.op[i] == ir::Op::store ? (values[fn.a[i]] & 0xffffffff) + fn.imm[i] : 0;
      const bool inside = at + access.bytes() <= m.memory.size();
      switch (fn.op[i]) {
        case ir::Op::iconst:
        case ir::Op::fconst: values[i] = ir::size_of(fn.type[i]) == 4 ? fn.a[i] : fn.constant(i); break;
        case ir::Op::load: {
          if (!inside) {
            m.trap = ir::Trap::memory_out_of_bounds;
            break;
          }
          uint64_t v = 0;
          for (uint32_t k = 0; k < access.bytes(); ++k) v |= uint64_t{m.memory[at + k]} << 8 * k;
          const int unused = static_cast<int>(64 - 8 * access.bytes());
          if (access.is_signed) v = static_cast<uint64_t>(static_cast<int64_t>(v << unused) >> unused);
          values[i] = ir::size_of(fn.type[i]) == 4 ? v & 0xffffffff : v;
          break;
        }
        case ir::Op::store:
          if (!inside) {
            m.trap = ir::Trap::memory_out_of_bounds;
            break;
          }
          for (uint32_t k = 0; k < access.bytes(); ++k)
            m.memory[at + k] = static_cast<uint8_t>(values[fn.b[i]] >> 8 * k);
          break;
        case ir::Op::global_get: values[i] = m.globals[fn.imm[i]]; break;
        case ir::Op::global_set: m.globals[fn.imm[i]] = values[fn.a[i]]; break;
        case ir::Op::call: {
          std::vector<uint64_t> passed;
          for (const ir::ValueId v : fn.call_args(i)) passed.push_back(values[v.value]);
          several = run(m, ir::FunctionId{fn.imm[i]}, passed);
          if (several.size() == 1) values[i] = several[0];
          break;
        }
        case ir::Op::result: values[i] = several[fn.imm[i]]; break;
        case ir::Op::br: go(fn.imm[i]), left = true; break;
        case ir::Op::br_if: go(fn.imm[i] + ((values[fn.a[i]] & 0xffffffff) != 0 ? 0 : 1)), left = true; break;
        case ir::Op::br_table:
          go(fn.imm[i] + std::min<uint32_t>(static_cast<uint32_t>(values[fn.a[i]]), fn.b[i] - 1)), left = true;
          break;
        case ir::Op::ret: {
          std::vector<uint64_t> out;
          for (const ir::ValueId v : fn.call_args(i)) out.push_back(values[v.value]);
          return out;
        }
        case ir::Op::trap: m.trap = static_cast<ir::Trap>(fn.imm[i]); break;
        default: {
          const uint32_t n = ir::info(fn.op[i]).values;
          values[i] = evaluate(fn.op[i], fn.type[i], fn.type[fn.a[i]], values[fn.a[i]], n > 1 ? values[fn.b[i]] : 0,
                               n > 2 ? values[fn.c[i]] : 0, m.trap);
        }
      }
      ++m.steps;
    }
  }
  return {};
}

}  // namespace rustg::reference
