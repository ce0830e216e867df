#include "ir/analysis.h"
#include "ir/passes.h"
#include "ir/passes/edit.h"

namespace rustg::ir {

void insert_fuel(Function& f) {
  const ControlFlow flow(f);
  Edit edit(f);
  // From the last block back: what runs for sure from a block on, up to the next charge.
  std::vector<uint32_t> run(f.block_count());
  for (uint32_t k = f.block_count(); k-- != 0;) {
    const uint32_t begin = f.block_begin[k] + f.param_count(k), end = f.block_begin[k + 1];
    run[k] = end - begin;
    const auto [first, count] = f.edges(end - 1);
    if (count == 1) {
      const uint32_t next = f.edge_target[first].value;
      if (next > k && !flow.is_loop_header(next)) run[k] += run[next];
    }
    if (k == 0 || flow.is_loop_header(k)) edit.insert({.before = begin, .op = Op::fuel, .imm = run[k]});
  }
  edit.apply();
}

}  // namespace rustg::ir
