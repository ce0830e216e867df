#include "ir/analysis.h"

namespace rustg::ir {

ControlFlow::ControlFlow(const Function& f) {
  const uint32_t blocks = f.block_count();
  source_.assign(f.edge_count(), BlockId::kNone);
  in_begin_.assign(blocks + 1, 0);
  for (uint32_t k = 0; k < blocks; ++k) {
    const auto [first, count] = f.edges(f.block_begin[k + 1] - 1);
    for (uint32_t e = first; e < first + count; ++e) {
      source_[e] = k;
      ++in_begin_[f.edge_target[e].value + 1];
    }
  }
  for (uint32_t k = 0; k < blocks; ++k) in_begin_[k + 1] += in_begin_[k];
  in_.resize(in_begin_[blocks]);
  std::vector<uint32_t> cursor(in_begin_.begin(), in_begin_.end() - 1);
  for (uint32_t k = 0; k < blocks; ++k) {
    const auto [first, count] = f.edges(f.block_begin[k + 1] - 1);
    for (uint32_t e = first; e < first + count; ++e) in_[cursor[f.edge_target[e].value]++] = e;
  }

  // From the nearest predecessor back: then the walk up the tree from it passes each ancestor once, however many join
  // here.
  idom_.assign(blocks, 0);
  for (uint32_t k = 1; k < blocks; ++k) {
    uint32_t dominator = BlockId::kNone;
    const auto in = edges_into(k);
    for (size_t n = in.size(); n-- != 0;) {
      uint32_t other = source_[in[n]];
      if (other >= k) continue;
      if (dominator == BlockId::kNone) dominator = other;
      while (dominator != other) {
        while (dominator > other) dominator = idom_[dominator];
        while (other > dominator) other = idom_[other];
      }
    }
    idom_[k] = dominator == BlockId::kNone ? 0 : dominator;
  }
  subtree_.assign(blocks, 1);
  for (uint32_t k = blocks; k-- > 1;) subtree_[idom_[k]] += subtree_[k];
  order_.assign(blocks, 0);
  std::vector<uint32_t> next(blocks, 1);
  for (uint32_t k = 1; k < blocks; ++k) {
    order_[k] = next[idom_[k]];
    next[idom_[k]] += subtree_[k];
    next[k] = order_[k] + 1;
  }
}

std::vector<uint32_t> blocks_of(const Function& f) {
  std::vector<uint32_t> block(f.size());
  for (uint32_t k = 0; k < f.block_count(); ++k)
    for (uint32_t i = f.block_begin[k]; i < f.block_begin[k + 1]; ++i) block[i] = k;
  return block;
}

}  // namespace rustg::ir
