// ir_measure FILE.wasm…: what the passes bring on real modules, as docs/ir.md reports it.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "ir/passes.h"
#include "ir/print.h"
#include "ir/verify.h"
#include "wasm_program.h"

namespace {

using namespace rustg;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Counts {
  size_t instructions = 0, params = 0, blocks = 0;
};
Counts count(const ir::Program& p) {
  Counts c;
  for (const ir::Function& f : p.functions) {
    c.instructions += f.size();
    c.blocks += f.block_count();
    for (uint32_t k = 1; k < f.block_count(); ++k) c.params += f.param_count(k);
  }
  return c;
}

template <class Run>
double for_each_function(ir::Program& p, Run&& run) {
  const auto start = Clock::now();
  for (uint32_t i = 0; i < p.functions.size(); ++i)
    if (!p.is_host(ir::FunctionId{i})) run(p.functions[i]);
  return ms_since(start);
}

void measure(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  std::string error;
  auto program = ir::testing::program_of(bytes, error);
  if (!program) return fmt::print("{}: {}\n", path, error);
  ir::Program& p = *program;
  const Counts before = count(p);
  fmt::print("{}: {} functions, {} instructions, {} parameters, {} blocks\n", path, p.functions.size(),
             before.instructions, before.params, before.blocks);
  auto report = [&](const char* pass, double ms) {
    const Counts now = count(p);
    const auto errors = ir::verify(p);
    fmt::print("  {:8} {:7} instructions  {:6} parameters  {:6.2f} ms{}\n", pass, now.instructions, now.params, ms,
               errors.empty() ? "" : "  BROKEN: " + errors[0]);
  };
  report("params", for_each_function(p, ir::remove_redundant_params));
  report("fold", for_each_function(p, ir::fold));
  report("dce", for_each_function(p, ir::eliminate_dead_code));
  for (bool imprecise : {false, true}) {
    ir::Program copy = p;
    for (ir::Memory& m : copy.memories) m.max_pages = std::min<uint64_t>(m.max_pages, 65535);
    const ir::GlobalId stack_pointer = ir::shadow_stack_pointer(copy);
    ir::GuardCounts n;
    const double ms = for_each_function(copy, [&](ir::Function& f) {
      const auto c = ir::place_guards(f, copy, {.imprecise = imprecise, .stack_pointer = stack_pointer});
      n.accesses += c.accesses;
      n.checked += c.checked;
      n.guards += c.guards;
    });
    const auto errors = ir::verify(copy);
    fmt::print("  guards ({}): {} accesses, {} checked + {} guards = {:.1f} % of the checks left  {:.2f} ms{}\n",
               imprecise ? "imprecise" : "precise", n.accesses, n.checked, n.guards,
               100.0 * (n.checked + n.guards) / std::max(1u, n.accesses), ms,
               errors.empty() ? "" : "  BROKEN: " + errors[0]);
  }
  report("fuel", for_each_function(p, ir::insert_fuel));
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) measure(argv[i]);
}
