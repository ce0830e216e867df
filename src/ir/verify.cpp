#include "ir/verify.h"

#include <fmt/format.h>

#include <optional>

#include "ir/analysis.h"
#include "ir/form.h"
#include "ir/print.h"

namespace rustg::ir {
namespace {

constexpr uint64_t kMaxPages = 65536;  // 4 GiB
constexpr uint32_t kTrapCount = 0
#define RUSTG_TRAP(name, message) +1
#include "ir/trap.def"
#undef RUSTG_TRAP
    ;

class Verifier {
 public:
  Verifier(const Program& p, uint32_t index, std::vector<std::string>& errors)
      : p_(p), f_(p.functions[index]), index_(index), errors_(errors) {}

  void run() {
    const size_t before = errors_.size();
    if (f_.signature.value >= p_.signatures.size()) return error("there is no sig{}", f_.signature.value);
    columns();
    if (errors_.size() != before || p_.is_host(FunctionId{index_})) return;
    blocks();
    if (errors_.size() != before) return;
    scopes();
    branches();
    if (errors_.size() != before) return;
    if (const size_t params = p_.signatures[f_.signature.value].params.size(); f_.param_count(0) != params)
      error("the entry has {} parameters, sig{} {}", f_.param_count(0), f_.signature.value, params);
    block_of_ = blocks_of(f_);
    flow_.emplace(f_);
    for (uint32_t k = 0; k < f_.block_count(); ++k)
      for (uint32_t i = f_.block_begin[k]; i < f_.block_begin[k + 1]; ++i) instruction(i);
  }

 private:
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) {
    errors_.push_back(
        fmt::format("fn{} \"{}\": {}", index_, f_.name, fmt::format(format, std::forward<Args>(args)...)));
  }
  template <class... Args>
  void error_at(uint32_t i, fmt::format_string<Args...> format, Args&&... args) {
    error("block{}: `{}`: {}", block_of_[i], print_instruction(f_, i),
          fmt::format(format, std::forward<Args>(args)...));
  }

  void columns();
  void blocks();
  void scopes();
  void branches();
  void instruction(uint32_t i);
  void access(uint32_t i);
  void arguments(uint32_t i, std::span<const ValueId> args, const std::vector<Type>& types, const char* what);
  void results(uint32_t i, SignatureId signature);
  void edge_arguments(uint32_t i);
  Type use(uint32_t i, ValueId v);

  void expect_type(uint32_t i, bool ok, const char* expected) {
    if (!ok) error_at(i, "the result must be {}", expected);
  }
  void expect_operand(uint32_t i, uint32_t n, Type expected) {
    const Type found = use(i, f_.operand(i, n));
    if (found != Type::none && found != expected)
      error_at(i, "v{} is {}, expected {}", f_.operand(i, n).value, name(found), name(expected));
  }
  void expect_below(uint32_t i, uint32_t number, size_t count, const char* what) {
    if (number >= count) error_at(i, "there is no {}{}", what, number);
  }

  const Program& p_;
  const Function& f_;
  const uint32_t index_;
  std::vector<std::string>& errors_;
  std::vector<uint32_t> block_of_;
  std::optional<ControlFlow> flow_;
};

void Verifier::columns() {
  const size_t n = f_.op.size();
  if (p_.is_host(FunctionId{index_})) {
    if (p_.host[index_] >= p_.host_functions.size()) error("there is no host{}", p_.host[index_]);
    if (n != 0 || f_.block_count() != 0) error("a host function has no body");
    return;
  }
  if (f_.type.size() != n || f_.aux.size() != n || f_.a.size() != n || f_.b.size() != n || f_.c.size() != n ||
      f_.imm.size() != n || f_.loc.size() != n)
    return error("the columns differ in length");
  for (uint32_t i = 0; i < n; ++i) {
    if (static_cast<uint32_t>(f_.op[i]) >= kOpCount) return error("instruction {} has no operation", i);
    if (static_cast<uint32_t>(f_.type[i]) > static_cast<uint32_t>(Type::ref))
      return error("instruction {} has no type", i);
  }
  if (f_.block_count() == 0) return error("there is no block");
  if (f_.block_begin.front() != 0 || f_.block_begin.back() != n) error("the blocks do not cover the instructions");
  for (uint32_t k = 0; k < f_.block_count(); ++k)
    if (f_.block_begin[k] > f_.block_begin[k + 1]) error("block{} ends before it begins", k);
  if (f_.edge_begin.size() != f_.edge_target.size() + 1) return error("edges and their arguments differ in number");
  for (uint32_t e = 0; e <= f_.edge_count(); ++e)
    if (f_.edge_begin[e] > f_.operands.size() || (e != 0 && f_.edge_begin[e] < f_.edge_begin[e - 1]))
      error("edge {} has arguments that are not there", e);
}

void Verifier::blocks() {
  std::vector<uint8_t> used(f_.edge_count(), 0);
  for (uint32_t k = 0; k < f_.block_count(); ++k) {
    const uint32_t begin = f_.block_begin[k], end = f_.block_begin[k + 1];
    if (begin == end) {
      error("block{} is empty", k);
      continue;
    }
    bool body = false;
    for (uint32_t i = begin; i < end; ++i) {
      if (f_.op[i] == Op::param && body) error("block{}: v{} is a parameter behind other instructions", k, i);
      body |= f_.op[i] != Op::param;
      if (info(f_.op[i]).terminator != (i + 1 == end)) {
        if (i + 1 == end)
          error("block{} has no end: `{}` is its last instruction", k, print_instruction(f_, i));
        else
          error("block{}: `{}` is not the last instruction", k, print_instruction(f_, i));
      }
    }
    const auto [first, count] = f_.edges(end - 1);
    if (f_.op[end - 1] == Op::br_table && count == 0) error("block{}: a br_table needs a default", k);
    for (uint64_t e = first; e < static_cast<uint64_t>(first) + count; ++e) {
      if (e >= f_.edge_count()) {
        error("block{} ends with edges that are not there", k);
        break;
      }
      if (used[e]++) error("block{}: edge {} leaves another block too", k, e);
      if (f_.edge_target[e].value >= f_.block_count())
        error("block{}: there is no block{}", k, f_.edge_target[e].value);
    }
  }
  for (uint32_t e = 0; e < f_.edge_count(); ++e)
    if (!used[e]) error("edge {} leaves no block", e);
}

void Verifier::scopes() {
  std::vector<uint32_t> open;  // ends of the scopes around
  uint32_t previous = 0;
  for (const Scope& s : f_.scopes) {
    const uint32_t first = s.first.value, end = s.end.value;
    if (first >= end || end > f_.block_count()) {
      error("the scope block{}..block{} has no extent", first, end);
      continue;
    }
    if (first < previous) error("the scope block{}..block{} stands behind a later one", first, end);
    previous = first;
    while (!open.empty() && open.back() <= first) open.pop_back();
    if (!open.empty() && end > open.back())
      error("the scope block{}..block{} crosses one that ends at block{}", first, end, open.back());
    open.push_back(end);
  }
}

// Where branches may go, and that every block is reached. A forward branch needs a scope around it that ends at its
// target: that is one whose `first` is not behind it, so the smallest `first` among the scopes with that end decides.
// Likewise for loops.
void Verifier::branches() {
  const uint32_t blocks = f_.block_count();
  std::vector<uint32_t> first_of_end(blocks + 1, BlockId::kNone), end_of_loop(blocks + 1, 0);
  for (const Scope& s : f_.scopes) {
    if (s.first.value >= s.end.value || s.end.value > blocks) continue;
    first_of_end[s.end.value] = std::min(first_of_end[s.end.value], s.first.value);
    if (s.kind == Scope::Kind::loop) end_of_loop[s.first.value] = std::max(end_of_loop[s.first.value], s.end.value);
  }
  std::vector<uint8_t> reached(blocks, 0);
  reached[0] = 1;
  for (uint32_t k = 0; k < blocks; ++k) {
    if (!reached[k]) error("block{} is unreachable", k);
    const auto [first, count] = f_.edges(f_.block_begin[k + 1] - 1);
    for (uint32_t e = first; e < first + count; ++e) {
      const uint32_t target = f_.edge_target[e].value;
      if (target == 0)
        error("block{} branches to the entry", k);
      else if (target > k) {
        reached[target] = 1;
        if (target != k + 1 && first_of_end[target] > k)
          error("block{} branches to block{}, which is not the end of a scope around it", k, target);
      } else if (end_of_loop[target] <= k) {
        error("block{} branches back to block{}, which is not the first of a loop around it", k, target);
      }
    }
  }
}

// The type of an operand; none, after an error, if it has none.
Type Verifier::use(uint32_t i, ValueId v) {
  if (v.value >= f_.size()) return error_at(i, "there is no v{}", v.value), Type::none;
  if (f_.type[v.value] == Type::none) return error_at(i, "v{} has no value", v.value), Type::none;
  const uint32_t def = block_of_[v.value], here = block_of_[i];
  if (def == here ? v.value >= i : !flow_->dominates(def, here)) {
    error_at(i, "v{} is not defined on every way here", v.value);
    return Type::none;
  }
  return f_.type[v.value];
}

void Verifier::arguments(uint32_t i, std::span<const ValueId> args, const std::vector<Type>& types, const char* what) {
  if (args.size() != types.size())
    return error_at(i, "{} takes {} values, there are {}", what, types.size(), args.size());
  for (size_t n = 0; n < args.size(); ++n) {
    const Type found = use(i, args[n]);
    if (found != Type::none && found != types[n])
      error_at(i, "v{} is {}, expected {}", args[n].value, name(found), name(types[n]));
  }
}

void Verifier::edge_arguments(uint32_t i) {
  const auto [first, count] = f_.edges(i);
  for (uint32_t e = first; e < first + count; ++e) {
    const uint32_t target = f_.edge_target[e].value;
    const auto args = f_.edge_args(e);
    const uint32_t params = f_.param_count(target);
    if (args.size() != params) {
      error_at(i, "block{} takes {} values, there are {}", target, params, args.size());
      continue;
    }
    for (uint32_t n = 0; n < params; ++n) {
      const Type found = use(i, args[n]), expected = f_.type[f_.block_begin[target] + n];
      if (found != Type::none && found != expected)
        error_at(i, "v{} is {}, block{} expects {}", args[n].value, name(found), target, name(expected));
    }
  }
}

void Verifier::results(uint32_t i, SignatureId signature) {
  const auto& results = p_.signatures[signature.value].results;
  const Type expected = results.size() == 1 ? results[0] : Type::none;
  if (f_.type[i] != expected) error_at(i, "the call's type is {}, expected {}", name(f_.type[i]), name(expected));
  for (uint32_t r = i + 1; r < f_.size() && f_.op[r] == Op::result; ++r) {
    if (f_.a[r] != i)
      error_at(r, "it does not follow its call");
    else if (results.size() < 2)
      error_at(r, "the call is its only result");
    else if (f_.imm[r] >= results.size())
      error_at(r, "the call has {} results", results.size());
    else if (f_.type[r] != results[f_.imm[r]])
      error_at(r, "the result is {}", name(results[f_.imm[r]]));
  }
}

void Verifier::access(uint32_t i) {
  const Access access = Access::unpack(f_.aux[i]);
  const Op op = f_.op[i];
  const Form form = form_of(op);
  const bool flat = access.memory == Access::kFlat;
  if (!flat && access.memory >= p_.memories.size()) error_at(i, "there is no mem{}", access.memory);
  if (form != Form::access && f_.aux[i] != memory_aux(access.memory)) error_at(i, "aux names more than a memory");
  if (form != Form::access && form != Form::guard) {
    if (flat) error_at(i, "the flat space has no such operation");
    return;
  }
  expect_operand(i, 0, flat ? Type::i64 : Type::i32);
  if (form == Form::guard) return;

  Type value = op == Op::load || op == Op::atomic_load ? f_.type[i] : use(i, f_.operand(i, 1));
  if (value == Type::none) return;
  const bool atomic = op != Op::load && op != Op::store;
  if (access.is_signed && (op != Op::load || !is_int(value) || access.bytes() >= size_of(value)))
    error_at(i, "only a narrow integer load sign-extends");
  if (!is_int(value) && (atomic || !is_float(value)))
    error_at(i, "{} cannot be accessed so", name(value));
  else if (access.bytes() > size_of(value) || (is_float(value) && access.bytes() != size_of(value)))
    error_at(i, "{} bits are no access of {}", 8 * access.bytes(), name(value));
  if (op == Op::atomic_wait || op == Op::atomic_notify) {
    expect_type(i, f_.type[i] == Type::i32, "i32");
    if (access.bytes() != size_of(value) || (op == Op::atomic_notify && value != Type::i32))
      error_at(i, "{} bits are no access of {}", 8 * access.bytes(), name(value));
    if (op == Op::atomic_wait) expect_operand(i, 2, Type::i64);
  } else if (op != Op::load && op != Op::store && op != Op::atomic_load && op != Op::atomic_store) {
    expect_type(i, f_.type[i] == value, name(value));
    if (op == Op::atomic_cmpxchg) expect_operand(i, 2, value);
  }
}

void Verifier::instruction(uint32_t i) {
  const Op op = f_.op[i];
  const Type type = f_.type[i];
  const OpInfo& about = info(op);
  const uint32_t imm = f_.imm[i];
  if (about.no_result && type != Type::none) return error_at(i, "it has no result");
  if (!about.no_result && !about.by_signature && type == Type::none) return error_at(i, "it needs a type");

  switch (op) {
    case Op::param: {
      const auto& params = p_.signatures[f_.signature.value].params;
      if (block_of_[i] == 0 && (i >= params.size() || params[i] != type))
        error_at(i, "it is not what sig{} says", f_.signature.value);
      return;
    }
    case Op::iconst:
      expect_type(i, is_int(type), "i32 or i64");
      if (type == Type::i32 && f_.b[i] != 0) error_at(i, "an i32 has no high half");
      return;
    case Op::fconst:
      expect_type(i, is_float(type), "f32 or f64");
      if (type == Type::f32 && f_.b[i] != 0) error_at(i, "an f32 has no high half");
      return;
    case Op::ref_func: expect_below(i, imm, p_.functions.size(), "fn"); [[fallthrough]];
    case Op::ref_null: return expect_type(i, type == Type::ref, "ref");
    case Op::ref_is_null: expect_type(i, type == Type::i32, "i32"); return expect_operand(i, 0, Type::ref);

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
      expect_type(i, is_int(type), "i32 or i64");
      expect_operand(i, 0, type);
      return expect_operand(i, 1, type);
    case Op::clz:
    case Op::ctz:
    case Op::popcnt:
    case Op::sext8:
    case Op::sext16: expect_type(i, is_int(type), "i32 or i64"); return expect_operand(i, 0, type);
    case Op::sext32: expect_type(i, type == Type::i64, "i64"); return expect_operand(i, 0, Type::i64);
    case Op::ieqz:
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
    case Op::feq:
    case Op::fne:
    case Op::flt:
    case Op::fgt:
    case Op::fle:
    case Op::fge: {
      expect_type(i, type == Type::i32, "i32");
      const Type operand = use(i, f_.operand(i, 0));
      if (operand == Type::none) return;
      if (op >= Op::feq && op <= Op::fge ? !is_float(operand) : !is_int(operand))
        error_at(i, "it cannot compare {}", name(operand));
      if (op != Op::ieqz) expect_operand(i, 1, operand);
      return;
    }
    case Op::fadd:
    case Op::fsub:
    case Op::fmul:
    case Op::fdiv:
    case Op::fmin:
    case Op::fmax:
    case Op::fcopysign:
      expect_type(i, is_float(type), "f32 or f64");
      expect_operand(i, 0, type);
      return expect_operand(i, 1, type);
    case Op::fabs:
    case Op::fneg:
    case Op::fceil:
    case Op::ffloor:
    case Op::ftrunc:
    case Op::fnearest:
    case Op::fsqrt: expect_type(i, is_float(type), "f32 or f64"); return expect_operand(i, 0, type);

    case Op::wrap: expect_type(i, type == Type::i32, "i32"); return expect_operand(i, 0, Type::i64);
    case Op::sextend:
    case Op::zextend: expect_type(i, type == Type::i64, "i64"); return expect_operand(i, 0, Type::i32);
    case Op::trunc_s:
    case Op::trunc_u:
    case Op::trunc_sat_s:
    case Op::trunc_sat_u: {
      expect_type(i, is_int(type), "i32 or i64");
      const Type operand = use(i, f_.operand(i, 0));
      if (operand != Type::none && !is_float(operand)) error_at(i, "it takes a float, not {}", name(operand));
      return;
    }
    case Op::convert_s:
    case Op::convert_u: {
      expect_type(i, is_float(type), "f32 or f64");
      const Type operand = use(i, f_.operand(i, 0));
      if (operand != Type::none && !is_int(operand)) error_at(i, "it takes an integer, not {}", name(operand));
      return;
    }
    case Op::fdemote: expect_type(i, type == Type::f32, "f32"); return expect_operand(i, 0, Type::f64);
    case Op::fpromote: expect_type(i, type == Type::f64, "f64"); return expect_operand(i, 0, Type::f32);
    case Op::bitcast: {
      const Type operand = use(i, f_.operand(i, 0));
      if (operand != Type::none && (size_of(operand) != size_of(type) ||
                                    !((is_int(operand) && is_float(type)) || (is_float(operand) && is_int(type)))))
        error_at(i, "no bitcast from {} to {}", name(operand), name(type));
      return;
    }
    case Op::select:
      expect_operand(i, 0, type);
      expect_operand(i, 1, type);
      return expect_operand(i, 2, Type::i32);

    case Op::load:
    case Op::store:
    case Op::guard:
    case Op::atomic_load:
    case Op::atomic_store:
    case Op::atomic_rmw_add:
    case Op::atomic_rmw_sub:
    case Op::atomic_rmw_and:
    case Op::atomic_rmw_or:
    case Op::atomic_rmw_xor:
    case Op::atomic_rmw_xchg:
    case Op::atomic_cmpxchg:
    case Op::atomic_wait:
    case Op::atomic_notify: return access(i);
    case Op::fence: return;
    case Op::memory_size: access(i); return expect_type(i, type == Type::i32, "i32");
    case Op::memory_grow:
      access(i);
      expect_type(i, type == Type::i32, "i32");
      return expect_operand(i, 0, Type::i32);
    case Op::memory_init: expect_below(i, imm, p_.data.size(), "data"); [[fallthrough]];
    case Op::memory_fill:
    case Op::memory_copy:
      access(i);
      for (uint32_t n = 0; n < 3; ++n) expect_operand(i, n, Type::i32);
      return;
    case Op::data_drop: return expect_below(i, imm, p_.data.size(), "data");

    case Op::table_get:
      expect_below(i, imm, p_.tables.size(), "table");
      expect_type(i, type == Type::ref, "ref");
      return expect_operand(i, 0, Type::i32);
    case Op::table_set:
      expect_below(i, imm, p_.tables.size(), "table");
      expect_operand(i, 0, Type::i32);
      return expect_operand(i, 1, Type::ref);
    case Op::table_size:
      expect_below(i, imm, p_.tables.size(), "table");
      return expect_type(i, type == Type::i32, "i32");
    case Op::table_grow:
      expect_below(i, imm, p_.tables.size(), "table");
      expect_type(i, type == Type::i32, "i32");
      expect_operand(i, 0, Type::ref);
      return expect_operand(i, 1, Type::i32);
    case Op::table_fill:
      expect_below(i, imm, p_.tables.size(), "table");
      expect_operand(i, 0, Type::i32);
      expect_operand(i, 1, Type::ref);
      return expect_operand(i, 2, Type::i32);
    case Op::table_copy:
    case Op::table_init:
      expect_below(i, f_.aux[i], p_.tables.size(), "table");
      op == Op::table_copy ? expect_below(i, imm, p_.tables.size(), "table")
                           : expect_below(i, imm, p_.elements.size(), "elem");
      for (uint32_t n = 0; n < 3; ++n) expect_operand(i, n, Type::i32);
      return;
    case Op::elem_drop: return expect_below(i, imm, p_.elements.size(), "elem");

    case Op::global_get:
      if (imm >= p_.globals.size()) return error_at(i, "there is no global{}", imm);
      return expect_type(i, type == p_.globals[imm].type, name(p_.globals[imm].type));
    case Op::global_set:  // the init function sets immutable ones too
      if (imm >= p_.globals.size()) return error_at(i, "there is no global{}", imm);
      return expect_operand(i, 0, p_.globals[imm].type);

    case Op::call: {
      if (imm >= p_.functions.size()) return error_at(i, "there is no fn{}", imm);
      if (static_cast<uint64_t>(f_.a[i]) + f_.b[i] > f_.operands.size())
        return error_at(i, "its operands are not there");
      const SignatureId signature = p_.functions[imm].signature;
      if (signature.value >= p_.signatures.size()) return;  // said where that function is looked at
      arguments(i, f_.call_args(i), p_.signatures[signature.value].params, "the function");
      return results(i, signature);
    }
    case Op::call_indirect:
      expect_below(i, f_.aux[i], p_.tables.size(), "table");
      if (imm >= p_.signatures.size()) return error_at(i, "there is no sig{}", imm);
      if (static_cast<uint64_t>(f_.a[i]) + f_.b[i] > f_.operands.size())
        return error_at(i, "its operands are not there");
      if (const Type index = use(i, ValueId{f_.c[i]}); index != Type::none && index != Type::i32)
        error_at(i, "the index is {}, expected i32", name(index));
      arguments(i, f_.call_args(i), p_.signatures[imm].params, "the signature");
      return results(i, SignatureId{imm});
    case Op::result:
      if (f_.op[i - (i != 0)] != Op::result && !info(f_.op[i - (i != 0)]).by_signature)
        error_at(i, "it does not follow a call");
      return;  // the rest is checked at the call

    case Op::fuel: return;
    case Op::br: return edge_arguments(i);
    case Op::br_if:
    case Op::br_table: expect_operand(i, 0, Type::i32); return edge_arguments(i);
    case Op::ret:
      if (static_cast<uint64_t>(f_.a[i]) + f_.b[i] > f_.operands.size())
        return error_at(i, "its operands are not there");
      return arguments(i, f_.call_args(i), p_.signatures[f_.signature.value].results, "the function");
    case Op::trap:
      if (imm == 0 || imm >= kTrapCount) error_at(i, "there is no trap {}", imm);
      return;
  }
}

}  // namespace

std::vector<std::string> verify(const Program& p) {
  std::vector<std::string> errors;
  auto error = [&]<class... Args>(fmt::format_string<Args...> format, Args&&... args) {
    errors.push_back(fmt::format(format, std::forward<Args>(args)...));
  };
  for (size_t s = 0; s < p.signatures.size(); ++s)
    for (const auto* types : {&p.signatures[s].params, &p.signatures[s].results})
      for (Type t : *types)
        if (t == Type::none || t > Type::ref) error("sig{}: a value needs a type", s);
  for (size_t m = 0; m < p.memories.size(); ++m)
    if (p.memories[m].min_pages > p.memories[m].max_pages || p.memories[m].max_pages > kMaxPages)
      error("mem{}: {}..{} pages", m, p.memories[m].min_pages, p.memories[m].max_pages);
  if (p.memories.size() > Access::kFlat) error("there are more than {} memories", Access::kFlat);
  for (size_t t = 0; t < p.tables.size(); ++t)
    if (p.tables[t].min > p.tables[t].max) error("table{}: {}..{}", t, p.tables[t].min, p.tables[t].max);
  for (size_t g = 0; g < p.globals.size(); ++g)
    if (p.globals[g].type == Type::none) error("global{} needs a type", g);
  for (size_t e = 0; e < p.elements.size(); ++e)
    for (uint64_t ref : p.elements[e])
      if (ref > p.functions.size()) error("elem{}: there is no fn{}", e, ref - 1);
  if (p.host.size() != p.functions.size()) {
    error("{} functions, but {} entries that say which are the host's", p.functions.size(), p.host.size());
    return errors;
  }
  for (uint32_t f = 0; f < p.functions.size(); ++f) Verifier(p, f, errors).run();
  return errors;
}

}  // namespace rustg::ir
