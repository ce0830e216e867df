#include "ir/passes.h"

namespace rustg::ir {
namespace {

// Whether the value is global g, read in this function, plus or minus something or aligned downwards.
bool is_moved(const Function& f, uint32_t value, uint32_t g) {
  for (;;) {
    switch (f.op[value]) {
      case Op::global_get: return f.imm[value] == g;
      case Op::iadd:
      case Op::isub:
      case Op::iand: value = f.a[value]; break;  // operands come before their users: this ends
      default: return false;
    }
  }
}

}  // namespace

GlobalId shadow_stack_pointer(const Program& p) {
  if (p.memories.empty()) return {};
  const uint64_t size = p.memories[0].min_pages * kPageSize;
  std::vector<uint32_t> moves(p.globals.size(), 0);
  std::vector<uint8_t> excluded(p.globals.size(), 0);
  for (size_t g = 0; g < p.globals.size(); ++g)
    excluded[g] = !p.globals[g].is_mutable || p.globals[g].type != Type::i32 || p.globals[g].initial > size;
  for (const Function& f : p.functions)
    for (uint32_t i = 0; i < f.size(); ++i) {
      if (f.op[i] != Op::global_set) continue;
      const uint32_t g = f.imm[i], value = f.a[i];
      if (is_moved(f, value, g))
        ++moves[g];
      else if (f.op[value] != Op::iconst || f.constant(value) > size)
        excluded[g] = 1;
    }
  GlobalId best;
  for (size_t g = 0; g < p.globals.size(); ++g)
    if (!excluded[g] && moves[g] != 0 && (!best.is_some() || moves[g] > moves[best.value])) best = GlobalId{g};
  return best;
}

}  // namespace rustg::ir
