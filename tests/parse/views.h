// A pass over a tree through its views, as the next stages will be: whether every node is what its view says, and what functions are named.
#pragma once
#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "parse/tree.h"

namespace rustg::parse::test {

// matches: 1 if a node's children are its view's. names: of a function the node of its name, of a file its first item; else kNoNode.
template <class Queue>
void look_at_views(Queue& queue, const TreeRef& tree, device::Count count, uint8_t* matches, uint32_t* names);

extern template void look_at_views(device::cpu::Queue&, const TreeRef&, device::Count, uint8_t*, uint32_t*);
extern template void look_at_views(device::cuda::Queue&, const TreeRef&, device::Count, uint8_t*, uint32_t*);

}  // namespace rustg::parse::test
