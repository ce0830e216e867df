// What passes and the verifier ask about a function's control flow. Linear to build; valid while blocks and edges stay.
#pragma once
#include "ir/function.h"

namespace rustg::ir {

// Per block the edges that enter it, and the dominator tree. Since block order is a reverse postorder of a reducible
// graph, the edges forward alone decide who dominates whom, and one pass in block order finds it (Cooper, Harvey,
// Kennedy: A Simple, Fast Dominance Algorithm). Needs edges that end at blocks that exist.
class ControlFlow {
 public:
  explicit ControlFlow(const Function& f);

  uint32_t source(uint32_t edge) const { return source_[edge]; }  // the block that the edge leaves
  std::span<const uint32_t> edges_into(uint32_t block) const {    // by source, ascending
    return {in_.data() + in_begin_[block], in_.data() + in_begin_[block + 1]};
  }
  uint32_t idom(uint32_t block) const { return idom_[block]; }    // the entry's is itself
  uint32_t order(uint32_t block) const { return order_[block]; }  // number in a preorder of the dominator tree
  bool dominates(uint32_t a, uint32_t b) const { return order_[b] - order_[a] < subtree_[a]; }  // also when a == b
  bool is_loop_header(uint32_t block) const {
    const auto in = edges_into(block);
    return !in.empty() && source_[in.back()] >= block;
  }

 private:
  std::vector<uint32_t> source_;
  std::vector<uint32_t> in_begin_, in_;
  std::vector<uint32_t> idom_;
  std::vector<uint32_t> order_, subtree_;  // preorder number in the dominator tree, and size of the subtree
};

// The block of every instruction.
std::vector<uint32_t> blocks_of(const Function& f);

}  // namespace rustg::ir
