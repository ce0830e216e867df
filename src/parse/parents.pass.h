#pragma once
#include "parse/parents.h"

namespace rustg::parse {

template <class Queue>
void parents(Queue& queue, const TreeRef& nodes, device::Count count, uint32_t* out) {
  const TreeRef tree = nodes;
  queue.for_each(count, [=] RUSTG_HD(uint32_t node) {
    for (ChildrenBackward children(tree, node); !children.done();) out[children.take()] = node;
    if (tree.kind(node) == NodeKind::file) out[node] = kNoNode;
  });
}

}  // namespace rustg::parse
