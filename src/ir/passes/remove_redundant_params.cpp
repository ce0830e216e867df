#include "ir/analysis.h"
#include "ir/passes.h"
#include "ir/passes/edit.h"

namespace rustg::ir {

// Optimistic: every parameter is thought to be nothing yet, then the one value that comes in, and itself as soon as two differ.
// The assumption holds once a whole round changes nothing; a round is one walk in block order, and rounds are needed for
// values that travel around loops only.
void remove_redundant_params(Function& f) {
  const ControlFlow flow(f);
  constexpr uint32_t kNone = ValueId::kNone;
  std::vector<uint32_t> is(f.size());
  bool any = false;
  for (uint32_t i = 0; i < f.size(); ++i) is[i] = i;
  for (uint32_t k = 1; k < f.block_count(); ++k)
    for (uint32_t i = f.block_begin[k]; f.op[i] == Op::param; ++i) is[i] = kNone, any = true;
  if (!any) return;

  constexpr int kMaxRounds = 64;  // more only when loops nest deeper than people write; then all stay
  int round = 0;
  for (bool changed = true; changed;) {
    if (++round > kMaxRounds) return;
    changed = false;
    for (uint32_t k = 1; k < f.block_count(); ++k) {
      const uint32_t begin = f.block_begin[k];
      for (uint32_t i = begin; f.op[i] == Op::param; ++i) {
        if (is[i] == i) continue;
        uint32_t value = kNone;
        for (uint32_t e : flow.edges_into(k)) {
          const uint32_t in = is[f.edge_args(e)[i - begin].value];
          if (in == kNone || in == value) continue;
          value = value == kNone ? in : i;
          if (value == i) break;
        }
        if (value != is[i]) is[i] = value, changed = true;
      }
    }
  }
  Edit edit(f);
  for (uint32_t k = 1; k < f.block_count(); ++k)
    for (uint32_t i = f.block_begin[k]; f.op[i] == Op::param; ++i)
      if (is[i] != i && is[i] != kNone) {
        edit.replace(ValueId{i}, ValueId{is[i]});
        edit.remove(i);
      }
  if (!edit.empty()) edit.apply();
}

}  // namespace rustg::ir
