#include "target/ptx/alignment.h"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <bit>

namespace rustg::ptx {
namespace {

using ir::Op;

uint8_t of_bits(uint64_t bits) { return static_cast<uint8_t>(std::min<int>(std::countr_zero(bits), kMaxAlign)); }

bool is_constant(const ir::Function& f, uint32_t v) { return f.op[v] == Op::iconst; }

// The alignment of value i from its operands', all that is but a block parameter.
uint8_t transfer(const ir::Function& f, uint32_t i, const std::vector<uint8_t>& align, const Facts& facts) {
  auto a = [&] { return align[f.a[i]]; };
  auto b = [&] { return align[f.b[i]]; };
  auto capped = [](int n) { return static_cast<uint8_t>(std::clamp<int>(n, 0, kMaxAlign)); };
  switch (f.op[i]) {
    case Op::iconst: return of_bits(f.constant(i));
    case Op::iadd:
    case Op::isub:
    case Op::ior:
    case Op::ixor: return std::min(a(), b());
    case Op::iand: return std::max(a(), b());
    case Op::imul: return capped(a() + b());
    case Op::shl:
      if (!is_constant(f, f.b[i])) return a();
      return capped(a() + static_cast<int>(f.a[f.b[i]] & (f.type[i] == ir::Type::i64 ? 63 : 31)));
    case Op::select: return std::min(a(), b());
    case Op::wrap:
    case Op::sextend:
    case Op::zextend:
    case Op::sext32: return a();
    case Op::global_get: return facts.global_align[f.imm[i]];
    case Op::call: return f.type[i] == ir::Type::none ? 0 : facts.result_align[f.imm[i]][0];
    case Op::result: return f.op[f.a[i]] == Op::call ? facts.result_align[f.imm[f.a[i]]][f.imm[i]] : 0;
    default: return 0;
  }
}

}  // namespace

std::vector<uint8_t> value_alignment(const ir::Program& program, ir::FunctionId function, const Facts& facts) {
  const ir::Function& f = program.functions[function.value];
  std::vector<uint8_t> align(f.size(), kMaxAlign);
  const uint32_t entry_params = f.param_count(0);
  for (uint32_t k = 0; k < entry_params; ++k) align[k] = facts.param_align[function.value][k];
  for (bool changed = true; changed;) {
    changed = false;
    auto lower = [&](uint32_t v, uint8_t to) {
      if (to < align[v]) align[v] = to, changed = true;
    };
    for (uint32_t i = 0; i < f.size(); ++i) {
      if (f.op[i] != Op::param && f.type[i] != ir::Type::none) lower(i, transfer(f, i, align, facts));
      auto edges = f.edges(i);
      for (uint32_t e = edges.first; e < edges.first + edges.count; ++e) {
        uint32_t param = f.block_begin[f.edge_target[e].value];
        for (ir::ValueId argument : f.edge_args(e)) lower(param++, align[argument.value]);
      }
    }
  }
  return align;
}

void infer_alignment(const ir::Program& program, Facts& facts, std::span<const ir::FunctionId> entries) {
  const auto n = static_cast<uint32_t>(program.functions.size());
  for (const ir::Global& g : program.globals)
    facts.global_align.push_back(ir::is_int(g.type) ? of_bits(g.initial) : uint8_t{0});
  facts.param_align.resize(n);
  facts.result_align.resize(n);
  for (uint32_t k = 0; k < n; ++k) {
    const ir::Signature& s = program.signatures[program.functions[k].signature.value];
    // Host functions answer as they please, and whoever calls through a reference passes what it pleases.
    facts.result_align[k].assign(s.results.size(), program.is_host(ir::FunctionId{k}) ? 0 : kMaxAlign);
    facts.param_align[k].assign(s.params.size(), facts.address_taken[k] ? 0 : kMaxAlign);
  }
  for (ir::FunctionId e : entries) std::ranges::fill(facts.param_align[e.value], uint8_t{0});

  // What one function shows of others: lowered together after each round, so that rounds do not depend on the threads' timing.
  struct Seen {
    enum class Kind : uint8_t { global, param, result } kind;
    uint32_t which, index;
    uint8_t align;
  };
  std::vector<std::vector<Seen>> seen(n);
  auto look = [&](uint32_t k) {
    const ir::Function& f = program.functions[k];
    seen[k].clear();
    if (!f.size()) return;
    auto align = value_alignment(program, ir::FunctionId{k}, facts);
    for (uint32_t i = 0; i < f.size(); ++i) {
      if (f.op[i] == Op::global_set) seen[k].push_back({Seen::Kind::global, f.imm[i], 0, align[f.a[i]]});
      if (f.op[i] != Op::call && f.op[i] != Op::ret) continue;
      uint32_t index = 0;
      const bool call = f.op[i] == Op::call;
      for (ir::ValueId v : f.call_args(i))
        seen[k].push_back(
            {call ? Seen::Kind::param : Seen::Kind::result, call ? f.imm[i] : k, index++, align[v.value]});
    }
  };
  constexpr int kRounds = 12;
  for (int round = 0;; ++round) {
    tbb::parallel_for(uint32_t{0}, n, look);
    bool changed = false;
    for (const auto& list : seen)
      for (const Seen& s : list) {
        uint8_t& fact = s.kind == Seen::Kind::global  ? facts.global_align[s.which]
                        : s.kind == Seen::Kind::param ? facts.param_align[s.which][s.index]
                                                      : facts.result_align[s.which][s.index];
        if (s.align < fact) fact = s.align, changed = true;
      }
    if (!changed) return;
    if (round == kRounds) break;
  }
  // Not at rest after so many rounds: an optimistic fact that may still fall is no fact. Know nothing instead.
  std::ranges::fill(facts.global_align, uint8_t{0});
  for (auto& list : facts.param_align) std::ranges::fill(list, uint8_t{0});
  for (auto& list : facts.result_align) std::ranges::fill(list, uint8_t{0});
}

}  // namespace rustg::ptx
