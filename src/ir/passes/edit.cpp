#include "ir/passes/edit.h"

#include <algorithm>
#include <numeric>

namespace rustg::ir {

void Edit::replace(ValueId value, ValueId by) {
  if (replaced_.empty()) {
    replaced_.resize(f_.size());
    for (uint32_t i = 0; i < f_.size(); ++i) replaced_[i] = ValueId{i};
  }
  replaced_[value.value] = resolve(by);
}

ValueId Edit::resolve(ValueId value) {
  if (replaced_.empty()) return value;
  while (replaced_[value.value] != value) {
    replaced_[value.value] = replaced_[replaced_[value.value].value];
    value = replaced_[value.value];
  }
  return value;
}

void Edit::remove(uint32_t instruction) {
  if (removed_.empty()) removed_.resize(f_.size());
  removed_[instruction] = 1;
}

void Edit::apply() {
  // The insertions by where they go; their ids stay those of their making.
  std::vector<uint32_t> order(insertions_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t x, uint32_t y) { return insertions_[x].before < insertions_[y].before; });
  const uint32_t n = f_.size();
  auto is_removed = [&](uint32_t i) { return !removed_.empty() && removed_[i]; };

  // Where every instruction goes: old index → new index.
  std::vector<ValueId> to(n + insertions_.size());
  uint32_t total = 0;
  {
    size_t inserted = 0;
    for (uint32_t i = 0; i < n; ++i) {
      for (; inserted < order.size() && insertions_[order[inserted]].before == i; ++inserted)
        to[n + order[inserted]] = ValueId{total++};
      if (!is_removed(i)) to[i] = ValueId{total++};
    }
  }
  auto moved = [&](ValueId v) { return to[v.value < n ? resolve(v).value : v.value]; };

  Function out;
  out.name = std::move(f_.name);
  out.signature = f_.signature;
  out.scopes = std::move(f_.scopes);
  out.op.reserve(total);
  out.type.reserve(total);
  out.aux.reserve(total);
  out.a.reserve(total);
  out.b.reserve(total);
  out.c.reserve(total);
  out.imm.reserve(total);
  out.loc.reserve(total);
  out.operands.reserve(f_.operands.size());
  out.edge_target.reserve(f_.edge_count());
  out.edge_begin.reserve(f_.edge_count() + 1);
  auto push = [&](Op op, Type type, uint16_t aux, uint32_t a, uint32_t b, uint32_t c, uint32_t imm, uint32_t loc) {
    out.op.push_back(op);
    out.type.push_back(type);
    out.aux.push_back(aux);
    out.a.push_back(a);
    out.b.push_back(b);
    out.c.push_back(c);
    out.imm.push_back(imm);
    out.loc.push_back(loc);
  };
  out.block_begin.reserve(f_.block_begin.size());
  size_t inserted = 0;
  for (uint32_t k = 0; k < f_.block_count(); ++k) {
    out.block_begin.push_back(out.size());
    for (uint32_t i = f_.block_begin[k]; i < f_.block_begin[k + 1]; ++i) {
      for (; inserted < order.size() && insertions_[order[inserted]].before == i; ++inserted) {
        const Insertion& in = insertions_[order[inserted]];
        const uint8_t values = info(in.op).values;
        push(in.op, in.type, in.aux, values > 0 ? moved(ValueId{in.a}).value : in.a,
             values > 1 ? moved(ValueId{in.b}).value : in.b, 0, in.imm, f_.loc[i]);
      }
      if (is_removed(i)) continue;
      const Op op = f_.op[i];
      const uint8_t values = op == Op::call_indirect ? 0 : info(op).values;
      uint32_t a = values > 0 ? moved(ValueId{f_.a[i]}).value : f_.a[i];
      const uint32_t b = values > 1 ? moved(ValueId{f_.b[i]}).value : f_.b[i];
      const uint32_t c = values > 2 || op == Op::call_indirect ? moved(ValueId{f_.c[i]}).value : f_.c[i];
      if (op == Op::call || op == Op::call_indirect || op == Op::ret) {
        a = static_cast<uint32_t>(out.operands.size());
        for (ValueId v : f_.call_args(i)) out.operands.push_back(moved(v));
      }
      push(op, f_.type[i], f_.aux[i], a, b, c, f_.imm[i], f_.loc[i]);
    }
  }
  out.block_begin.push_back(out.size());

  for (uint32_t k = 0; k < f_.block_count(); ++k) {
    const uint32_t end = out.block_begin[k + 1] - 1;
    const auto [first, count] = out.edges(end);
    if (count != 0) out.imm[end] = out.edge_count();
    for (uint32_t e = first; e < first + count; ++e) {
      const uint32_t target = f_.edge_target[e].value;
      out.edge_target.push_back(BlockId{target});
      out.edge_begin.push_back(static_cast<uint32_t>(out.operands.size()));
      uint32_t param = f_.block_begin[target];
      for (ValueId v : f_.edge_args(e))
        if (!is_removed(param++)) out.operands.push_back(moved(v));
    }
  }
  out.edge_begin.push_back(static_cast<uint32_t>(out.operands.size()));
  f_ = std::move(out);
  replaced_.clear();
  removed_.clear();
  insertions_.clear();
}

}  // namespace rustg::ir
