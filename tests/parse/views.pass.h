#pragma once
#include "parse/view.h"
#include "parse/views.h"

namespace rustg::parse::test {

template <class Queue>
void look_at_views(Queue& queue, const TreeRef& nodes, device::Count count, uint8_t* matches, uint32_t* names) {
  const TreeRef tree = nodes;
  queue.for_each(count, [=] RUSTG_HD(uint32_t node) {
    matches[node] = matches_view(tree, node);
    uint32_t name = kNoNode;
    if (tree.kind(node) == NodeKind::fn_item) name = FnItem(tree, node).name();
    if (tree.kind(node) == NodeKind::file)
      for (uint32_t item : File(tree, node).items()) name = item;
    names[node] = name;
  });
}

}  // namespace rustg::parse::test
