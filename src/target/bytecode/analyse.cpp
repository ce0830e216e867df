// What select and allocate want to know of a function's control flow and uses.
#include "target/bytecode/function.h"

namespace rustg::bytecode {

void analyse(FunctionState& state) {
  const ir::Function& fn = *state.fn;
  const uint32_t blocks = fn.block_count(), size = fn.size();

  state.error.clear();
  state.block_of.resize(size);
  state.alias.resize(size);
  state.effects.resize(size);
  state.uses.assign(size, 0);
  uint32_t effects = 0;
  const auto use = [&](uint32_t value) { ++state.uses[state.alias[value]]; };

  for (uint32_t b = 0; b < blocks; ++b) {
    for (uint32_t i = fn.block_begin[b]; i < fn.block_begin[b + 1]; ++i) {
      state.block_of[i] = b;
      // A slot holds 32-bit values zero-extended: these change no bit of it.
      const bool same_bits = fn.op[i] == ir::Op::zextend || fn.op[i] == ir::Op::bitcast;
      state.alias[i] = same_bits ? state.alias[fn.a[i]] : i;
      if (same_bits) continue;
      const ir::OpInfo& info = ir::info(fn.op[i]);
      state.effects[i] = effects;
      effects += info.writes || (info.may_trap && fn.op[i] != ir::Op::load);
      const bool in_memory = (fn.op[i] >= ir::Op::load && fn.op[i] <= ir::Op::atomic_notify) ||
                             (fn.op[i] >= ir::Op::memory_size && fn.op[i] <= ir::Op::memory_init);
      if (in_memory && ir::Access::unpack(fn.aux[i]).memory == ir::Access::kFlat)
        state.error = "uses the flat 64-bit address space, which the bytecode has not";
      for (uint32_t k = 0; k < info.values; ++k) use(fn.operand(i, k).value);
      if (fn.op[i] == ir::Op::call || fn.op[i] == ir::Op::call_indirect || fn.op[i] == ir::Op::ret)
        for (const ir::ValueId v : fn.call_args(i)) use(v.value);
      if (fn.op[i] == ir::Op::call_indirect) use(fn.c[i]);
    }
  }
  // The arguments of edges may come later than the edge.
  for (uint32_t e = 0; e < fn.edge_count(); ++e)
    for (const ir::ValueId v : fn.edge_args(e)) use(v.value);

  // Predecessors, by counting.
  state.pred_begin.assign(blocks + 1, 0);
  const auto each_edge = [&](auto&& visit) {
    for (uint32_t b = 0; b < blocks; ++b) {
      const auto [first, count] = fn.edges(fn.block_begin[b + 1] - 1);
      for (uint32_t e = first; e < first + count; ++e) visit(b, fn.edge_target[e].value);
    }
  };
  each_edge([&](uint32_t, uint32_t to) { ++state.pred_begin[to + 1]; });
  for (uint32_t b = 0; b < blocks; ++b) state.pred_begin[b + 1] += state.pred_begin[b];
  state.preds.resize(state.pred_begin[blocks]);
  each_edge([&](uint32_t from, uint32_t to) { state.preds[state.pred_begin[to]++] = from; });
  for (uint32_t b = blocks; b > 0; --b) state.pred_begin[b] = state.pred_begin[b - 1];
  state.pred_begin[0] = 0;

  // Loops: scopes are nested and sorted by their first block, outer before inner.
  state.outer_loop.assign(blocks, kNone);
  state.loop_depth.assign(blocks + 1, 0);
  uint32_t outer_end = 0;
  for (const ir::Scope& scope : fn.scopes) {
    if (scope.kind != ir::Scope::Kind::loop) continue;
    ++state.loop_depth[scope.first.value];
    --state.loop_depth[scope.end.value];
    if (scope.first.value < outer_end) continue;
    outer_end = scope.end.value;
    for (uint32_t b = scope.first.value; b < outer_end; ++b) state.outer_loop[b] = scope.first.value;
  }
  for (uint32_t b = 1; b < blocks; ++b) state.loop_depth[b] += state.loop_depth[b - 1];
}

}  // namespace rustg::bytecode
