#include "ir/builder.h"

#include <algorithm>
#include <cassert>

namespace rustg::ir {

BlockId FunctionBuilder::new_block() {
  position_.push_back(BlockId::kNone);
  return BlockId{position_.size() - 1};
}

void FunctionBuilder::switch_to(BlockId block) {
  if (!is_placed(block)) {
    position_[block.value] = placed_blocks();
    order_.push_back(block);
  }
  current_ = block;
}

void FunctionBuilder::open_scope(Scope::Kind kind) {
  uint32_t first = placed_blocks();
  if (kind == Scope::Kind::block && current_.is_some()) first = position_[current_.value];
  const uint32_t parent = open_scopes_.empty() ? BlockId::kNone : open_scopes_.back();
  open_scopes_.push_back(static_cast<uint32_t>(scopes_.size()));
  scopes_.push_back({kind, first, 0, parent});
}

void FunctionBuilder::close_scope() {
  assert(!open_scopes_.empty());
  scopes_[open_scopes_.back()].end = placed_blocks();
  open_scopes_.pop_back();
}

ValueId FunctionBuilder::emit(Op op, Type type, uint32_t a, uint32_t b, uint32_t c, uint32_t imm, uint16_t aux) {
  ValueId id{draft_.size()};
  draft_.op.push_back(op);
  draft_.type.push_back(type);
  draft_.aux.push_back(aux);
  draft_.a.push_back(a);
  draft_.b.push_back(b);
  draft_.c.push_back(c);
  draft_.imm.push_back(imm);
  draft_.loc.push_back(loc_);
  block_of_.push_back(current_);
  return id;
}

ValueId FunctionBuilder::param(BlockId block, Type type) {
  ValueId id = emit(Op::param, type);
  block_of_.back() = block;
  return id;
}

ValueId FunctionBuilder::call(FunctionId function, Type type, Values args) {
  auto first = static_cast<uint32_t>(draft_.operands.size());
  draft_.operands.insert(draft_.operands.end(), args.begin(), args.end());
  return emit(Op::call, type, first, static_cast<uint32_t>(args.size()), 0, function.value);
}

ValueId FunctionBuilder::call_indirect(SignatureId signature, TableId table, Type type, ValueId index, Values args) {
  auto first = static_cast<uint32_t>(draft_.operands.size());
  draft_.operands.insert(draft_.operands.end(), args.begin(), args.end());
  return emit(Op::call_indirect, type, first, static_cast<uint32_t>(args.size()), index.value, signature.value,
              static_cast<uint16_t>(table.value));
}

EdgeId FunctionBuilder::new_edge(BlockId target, Values args) {
  EdgeId id{edges_.size()};
  edges_.push_back({target, EdgeId::kNone, EdgeId::kNone});
  for (ValueId v : args) add_argument(id, v);
  return id;
}

void FunctionBuilder::add_argument(EdgeId edge, ValueId value) {
  DraftEdge& e = edges_[edge.value];
  auto n = static_cast<uint32_t>(arguments_.size());
  arguments_.push_back({value, EdgeId::kNone});
  if (e.last == EdgeId::kNone)
    e.first = n;
  else
    arguments_[e.last].next = n;
  e.last = n;
}

EdgeId FunctionBuilder::br(BlockId target, Values args) {
  EdgeId e = new_edge(target, args);
  emit(Op::br, Type::none, 0, 0, 0, e.value);
  return e;
}

EdgeId FunctionBuilder::br_if(ValueId condition, BlockId then, BlockId otherwise, Values then_args,
                              Values otherwise_args) {
  EdgeId e = new_edge(then, then_args);
  new_edge(otherwise, otherwise_args);
  emit(Op::br_if, Type::none, condition.value, 0, 0, e.value);
  return e;
}

EdgeId FunctionBuilder::br_table(ValueId index, std::span<const BlockId> targets) {
  EdgeId e{edges_.size()};
  for (BlockId target : targets) new_edge(target, {});
  emit(Op::br_table, Type::none, index.value, static_cast<uint32_t>(targets.size()), 0, e.value);
  return e;
}

void FunctionBuilder::ret(Values values) {
  auto first = static_cast<uint32_t>(draft_.operands.size());
  draft_.operands.insert(draft_.operands.end(), values.begin(), values.end());
  emit(Op::ret, Type::none, first, static_cast<uint32_t>(values.size()));
}

void FunctionBuilder::replace(ValueId value, ValueId by) {
  while (replaced_.size() < draft_.size()) replaced_.push_back(ValueId{replaced_.size()});
  by = resolve(by);
  assert(by != value);
  replaced_[value.value] = by;
}

ValueId FunctionBuilder::resolve(ValueId value) {
  // Follow the chain with path halving. Values made since the last `replace` are beyond the table: they are themselves.
  while (value.value < replaced_.size() && replaced_[value.value] != value) {
    ValueId next = replaced_[value.value];
    if (next.value < replaced_.size()) replaced_[value.value] = next = replaced_[next.value];
    value = next;
  }
  return value;
}

Function FunctionBuilder::finish(std::string name, SignatureId signature) {
  assert(open_scopes_.empty());
  const uint32_t n = draft_.size();
  const uint32_t blocks = placed_blocks();
  auto is_replaced = [&](uint32_t i) { return i < replaced_.size() && replaced_[i].value != i; };
  auto place = [&](uint32_t i) { return is_replaced(i) ? BlockId::kNone : position_[block_of_[i].value]; };

  // Count: per block its parameters and its other instructions.
  std::vector<uint32_t> params(blocks + 1, 0), others(blocks + 1, 0);
  std::vector<uint32_t> all_params(position_.size() + 1, 0);  // per draft block, replaced ones included
  for (uint32_t i = 0; i < n; ++i) {
    const bool is_param = draft_.op[i] == Op::param;
    if (is_param) ++all_params[block_of_[i].value];
    const uint32_t k = place(i);
    if (k != BlockId::kNone) ++(is_param ? params : others)[k];
  }
  // Scan.
  Function f;
  f.name = std::move(name);
  f.signature = signature;
  f.block_begin.resize(blocks + 1);
  uint32_t total = 0;
  for (uint32_t k = 0; k < blocks; ++k) {
    f.block_begin[k] = total;
    const uint32_t p = params[k], o = others[k];
    params[k] = total;
    others[k] = total + p;
    total += p + o;
  }
  f.block_begin[blocks] = total;
  uint32_t listed = 0;
  for (uint32_t& p : all_params) {
    const uint32_t count = p;
    p = listed;
    listed += count;
  }
  // Which parameters of each draft block stay; an edge's arguments stay with them.
  std::vector<uint8_t> stays(listed);
  new_id_.assign(n, ValueId{});
  {
    std::vector<uint32_t> cursor(all_params.begin(), all_params.end());
    for (uint32_t i = 0; i < n; ++i) {
      const bool is_param = draft_.op[i] == Op::param;
      if (is_param) stays[cursor[block_of_[i].value]++] = !is_replaced(i);
      const uint32_t k = place(i);
      if (k != BlockId::kNone) new_id_[i] = ValueId{(is_param ? params : others)[k]++};
    }
  }
  auto final_id = [&](ValueId v) { return new_id_[resolve(v).value]; };

  // Emit: the columns first, then, in the new order, the lists they refer to.
  f.op.resize(total);
  f.type.resize(total);
  f.aux.resize(total);
  f.a.resize(total);
  f.b.resize(total);
  f.c.resize(total);
  f.imm.resize(total);
  f.loc.resize(total);
  for (uint32_t i = 0; i < n; ++i) {
    if (!new_id_[i].is_some()) continue;
    const uint32_t to = new_id_[i].value;
    const uint8_t values = info(draft_.op[i]).values;
    f.op[to] = draft_.op[i];
    f.type[to] = draft_.type[i];
    f.aux[to] = draft_.aux[i];
    f.a[to] = values > 0 ? final_id(ValueId{draft_.a[i]}).value : draft_.a[i];
    f.b[to] = values > 1 ? final_id(ValueId{draft_.b[i]}).value : draft_.b[i];
    f.c[to] = values > 2 || draft_.op[i] == Op::call_indirect ? final_id(ValueId{draft_.c[i]}).value : draft_.c[i];
    f.imm[to] = draft_.imm[i];
    f.loc[to] = draft_.loc[i];
  }
  f.operands.reserve(draft_.operands.size() + arguments_.size());
  f.edge_target.reserve(edges_.size());
  f.edge_begin.reserve(edges_.size() + 1);
  for (uint32_t i = 0; i < total; ++i) {
    if (f.op[i] != Op::call && f.op[i] != Op::call_indirect && f.op[i] != Op::ret) continue;
    const uint32_t from = f.a[i];
    f.a[i] = static_cast<uint32_t>(f.operands.size());
    for (uint32_t j = 0; j < f.b[i]; ++j) f.operands.push_back(final_id(draft_.operands[from + j]));
  }
  std::vector<uint32_t> last_back(blocks, BlockId::kNone);  // per block: the last one that branches back to it
  std::vector<uint8_t> is_end(blocks + 1, 0);               // per block: a branch jumps forward to it
  for (uint32_t k = 0; k < blocks; ++k) {
    const uint32_t i = f.block_begin[k + 1] - 1;
    if (f.block_begin[k + 1] == f.block_begin[k]) continue;  // an unfinished block: the verifier's to say
    const auto [first, count] = f.edges(i);
    if (count != 0) f.imm[i] = f.edge_count();
    for (uint32_t e = first; e < first + count; ++e) {
      const DraftEdge& edge = edges_[e];
      assert(is_placed(edge.target));
      const uint32_t target = position_[edge.target.value];
      if (target <= k)
        last_back[target] = k;
      else if (target != k + 1)
        is_end[target] = 1;
      f.edge_target.push_back(BlockId{target});
      f.edge_begin.push_back(static_cast<uint32_t>(f.operands.size()));
      uint32_t which = all_params[edge.target.value];
      const uint32_t end = all_params[edge.target.value + 1];
      for (uint32_t j = edge.first; j != EdgeId::kNone; j = arguments_[j].next, ++which)
        if (which >= end || stays[which]) f.operands.push_back(final_id(arguments_[j].value));
    }
  }
  f.edge_begin.push_back(static_cast<uint32_t>(f.operands.size()));
  finish_scopes(f, last_back, is_end);

  clear();
  return f;
}

// Keep the scopes that branches need, inner ones first: a loop ends after its last back edge and what is kept inside,
// so that the block that leaves it, and whatever opens there, is outside.
void FunctionBuilder::finish_scopes(Function& f, std::span<const uint32_t> last_back, std::span<const uint8_t> is_end) {
  std::vector<uint32_t> inner_end(scopes_.size(), 0);
  size_t kept = 0;
  for (size_t s = scopes_.size(); s-- != 0;) {
    DraftScope& scope = scopes_[s];
    uint32_t end = 0;
    if (scope.first < f.block_count()) {
      if (scope.kind == Scope::Kind::block && scope.end > scope.first && is_end[scope.end])
        end = scope.end;
      else if (scope.kind == Scope::Kind::loop && last_back[scope.first] != BlockId::kNone)
        end = std::max(last_back[scope.first] + 1, inner_end[s]);
    }
    if (scope.parent != BlockId::kNone)
      inner_end[scope.parent] = std::max({inner_end[scope.parent], inner_end[s], end});
    scope.end = end;
    kept += end != 0;
  }
  f.scopes.reserve(kept);
  for (const DraftScope& scope : scopes_)
    if (scope.end != 0) f.scopes.push_back({scope.kind, BlockId{scope.first}, BlockId{scope.end}});
}

void FunctionBuilder::clear() {
  draft_.op.clear();
  draft_.type.clear();
  draft_.aux.clear();
  draft_.a.clear();
  draft_.b.clear();
  draft_.c.clear();
  draft_.imm.clear();
  draft_.loc.clear();
  draft_.operands.clear();
  block_of_.clear();
  replaced_.clear();
  position_.clear();
  order_.clear();
  edges_.clear();
  arguments_.clear();
  scopes_.clear();
  current_ = {};
  loc_ = 0;
}

}  // namespace rustg::ir
