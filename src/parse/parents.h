// The way up in a tree: every node's parent.
#pragma once
#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "parse/tree.h"

namespace rustg::parse {

// out: room for as many nodes as `count` is bounded by; kNoNode for the root of a file. A node tells its children, so that the longest list of
// children is one item's work.
template <class Queue>
void parents(Queue& queue, const TreeRef& tree, device::Count count, uint32_t* out);

extern template void parents(device::cpu::Queue&, const TreeRef&, device::Count, uint32_t*);
extern template void parents(device::cuda::Queue&, const TreeRef&, device::Count, uint32_t*);

}  // namespace rustg::parse
