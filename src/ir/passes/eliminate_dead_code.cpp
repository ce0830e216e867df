#include "ir/analysis.h"
#include "ir/passes.h"
#include "ir/passes/edit.h"

namespace rustg::ir {
namespace {

// Whether the instruction must stay though nobody uses its value.
bool is_root(const Function& f, uint32_t i) {
  const OpInfo& about = info(f.op[i]);
  if (f.op[i] == Op::load) return !Access::unpack(f.aux[i]).unchecked;
  if (f.op[i] == Op::udiv || f.op[i] == Op::urem) {  // cannot trap by a constant other than 0
    const uint32_t divisor = f.b[i];
    return f.op[divisor] != Op::iconst || f.constant(divisor) == 0;
  }
  return about.terminator || about.writes || about.may_trap || about.no_result;
}

}  // namespace

void eliminate_dead_code(Function& f) {
  const ControlFlow flow(f);
  std::vector<uint8_t> live(f.size(), 0);
  std::vector<uint32_t> work;
  auto use = [&](ValueId v) {
    if (live[v.value]) return;
    live[v.value] = 1;
    work.push_back(v.value);
  };
  const uint32_t arguments = f.param_count(0);
  for (uint32_t i = 0; i < f.size(); ++i)
    if (i < arguments || is_root(f, i)) use(ValueId{i});
  std::vector<uint32_t> block;
  while (!work.empty()) {
    const uint32_t i = work.back();
    work.pop_back();
    const Op op = f.op[i];
    if (op == Op::param) {
      if (i < arguments) continue;
      if (block.empty()) block = blocks_of(f);
      for (uint32_t e : flow.edges_into(block[i])) use(f.edge_args(e)[i - f.block_begin[block[i]]]);
      continue;
    }
    for (uint32_t n = 0; n < info(op).values; ++n) use(f.operand(i, n));
    if (op == Op::call_indirect) use(ValueId{f.c[i]});
    if (op == Op::call || op == Op::call_indirect || op == Op::ret)
      for (ValueId v : f.call_args(i)) use(v);
  }
  Edit edit(f);
  for (uint32_t i = 0; i < f.size(); ++i)
    if (!live[i]) edit.remove(i);
  if (!edit.empty()) edit.apply();
}

}  // namespace rustg::ir
