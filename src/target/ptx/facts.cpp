#include "target/ptx/facts.h"

#include "target/ptx/alignment.h"

namespace rustg::ptx {
namespace {

using ir::Op;

// A reference's function, or none (abi/instance.h).
uint32_t referenced(uint64_t reference, size_t functions) {
  return reference != 0 && reference <= functions ? static_cast<uint32_t>(reference - 1) : ir::FunctionId::kNone;
}

}  // namespace

Facts::Facts(const ir::Program& program, const Options& options) {
  const size_t n = program.functions.size();
  address_taken.resize(n);
  auto take = [&](uint64_t reference) {
    uint32_t f = referenced(reference, n);
    if (f != ir::FunctionId::kNone) address_taken[f] = true;
  };
  for (const auto& segment : program.elements)
    for (uint64_t reference : segment) take(reference);
  for (const ir::Global& g : program.globals)
    if (g.type == ir::Type::ref) take(g.initial);
  // All functions count here, reachable or not: one that only runs elsewhere may have filled a table.
  for (const ir::Function& f : program.functions)
    for (uint32_t i = 0; i < f.size(); ++i)
      if (f.op[i] == Op::ref_func) take(uint64_t{f.imm[i]} + 1);

  reachable.resize(n);
  std::vector<uint32_t> work;
  auto reach = [&](uint32_t f) {
    if (!reachable[f]) reachable[f] = true, work.push_back(f);
  };
  for (ir::FunctionId f : options.entries) reach(f.value);
  for (uint32_t f = 0; f < n; ++f)
    if (address_taken[f]) reach(f);
  std::vector<std::vector<uint32_t>> callers(n), indirect_callers(program.signatures.size());
  std::vector<uint32_t> growing;  // functions found to grow, whose callers are still to be told
  may_grow.resize(n);
  signature_may_grow.resize(program.signatures.size());
  while (!work.empty()) {
    const uint32_t k = work.back();
    work.pop_back();
    const ir::Function& f = program.functions[k];
    bool grows = false;
    for (uint32_t i = 0; i < f.size(); ++i) {
      if (f.op[i] == Op::call) callers[f.imm[i]].push_back(k), reach(f.imm[i]);
      if (f.op[i] == Op::call_indirect) indirect_callers[f.imm[i]].push_back(k);
      grows |= f.op[i] == Op::memory_grow;
    }
    if (grows) may_grow[k] = true, growing.push_back(k);
  }
  auto tell = [&](const std::vector<uint32_t>& list) {
    for (uint32_t k : list)
      if (!may_grow[k]) may_grow[k] = true, growing.push_back(k);
  };
  while (!growing.empty()) {
    const uint32_t k = growing.back();
    growing.pop_back();
    tell(callers[k]);
    const uint32_t s = program.functions[k].signature.value;
    if (address_taken[k] && !signature_may_grow[s]) signature_may_grow[s] = true, tell(indirect_callers[s]);
  }
  infer_alignment(program, *this, options.entries);
}

}  // namespace rustg::ptx
