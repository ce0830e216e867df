#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>

#include "ir/passes.h"

namespace rustg::ir {
namespace {

// Fewer instructions than this take less time than starting the threads.
constexpr uint64_t kParallelFrom = 100'000;

void add(GuardCounts& to, const GuardCounts& counts) {
  to.accesses += counts.accesses;
  to.checked += counts.checked;
  to.guards += counts.guards;
}

GuardCounts optimize_function(Program& program, uint32_t index, const Options& options, GlobalId stack_pointer) {
  Function& f = program.functions[index];
  GuardCounts counts;
  if (options.fold) {
    remove_redundant_params(f);
    fold(f);
    eliminate_dead_code(f);
  }
  if (options.guards) {
    counts = place_guards(f, program, {.imprecise = options.imprecise, .stack_pointer = stack_pointer});
    eliminate_dead_code(f);  // loads that need no check need not run for it
  }
  if (options.fuel) insert_fuel(f);
  return counts;
}

}  // namespace

GuardCounts optimize(Program& program, const Options& options) {
  const auto count = static_cast<uint32_t>(program.functions.size());
  uint64_t instructions = 0;
  for (const Function& f : program.functions) instructions += f.size();
  GlobalId stack_pointer;
  if (options.guards) {
    // Growing to the very last page may always fail.
    for (Memory& m : program.memories)
      if (m.min_pages < 65536) m.max_pages = std::min<uint64_t>(m.max_pages, 65535);
    if (options.imprecise) stack_pointer = shadow_stack_pointer(program);
  }
  GuardCounts total;
  if (instructions < kParallelFrom) {
    for (uint32_t i = 0; i < count; ++i)
      if (!program.is_host(FunctionId{i})) add(total, optimize_function(program, i, options, stack_pointer));
    return total;
  }
  tbb::enumerable_thread_specific<GuardCounts> counts;
  tbb::parallel_for(uint32_t{0}, count, [&](uint32_t i) {
    if (!program.is_host(FunctionId{i})) add(counts.local(), optimize_function(program, i, options, stack_pointer));
  });
  for (const GuardCounts& c : counts) add(total, c);
  return total;
}

}  // namespace rustg::ir
