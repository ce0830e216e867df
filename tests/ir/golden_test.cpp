// Runs the golden files: parses, verifies, runs the passes that the first line asks for (`; passes: fold dce`), verifies again and
// prints. Printing must be what parsing reads.
#include "golden/golden.h"

#include <fmt/format.h>

#include <sstream>

#include "ir/parse.h"
#include "ir/passes.h"
#include "ir/print.h"
#include "ir/verify.h"

namespace {

using namespace rustg;

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

bool run_pass(const std::string& pass, ir::Program& p, std::string& notes) {
  const ir::GlobalId stack_pointer = ir::shadow_stack_pointer(p);
  for (uint32_t i = 0; i < p.functions.size(); ++i) {
    if (p.is_host(ir::FunctionId{i})) continue;
    ir::Function& f = p.functions[i];
    if (pass == "params") {
      ir::remove_redundant_params(f);
    } else if (pass == "fold") {
      ir::fold(f);
    } else if (pass == "dce") {
      ir::eliminate_dead_code(f);
    } else if (pass == "guards" || pass == "guards-precise") {
      const auto n = ir::place_guards(f, p, {.imprecise = pass == "guards", .stack_pointer = stack_pointer});
      notes += fmt::format("fn{}: {} accesses, {} checked, {} guards\n", i, n.accesses, n.checked, n.guards);
    } else if (pass == "fuel") {
      ir::insert_fuel(f);
    } else {
      return false;
    }
  }
  return true;
}

golden::Outcome stage(const std::string& input) {
  auto program = ir::parse(input);
  if (!program) return {false, program.error().message};
  if (auto errors = ir::verify(*program); !errors.empty()) return {false, joined(errors)};
  const std::string printed = ir::print(*program);
  auto again = ir::parse(printed);
  if (!again) return {false, "what was printed does not parse: " + again.error().message};
  if (ir::print(*again) != printed) return {false, "printed, parsed and printed again it differs"};

  std::string notes;
  constexpr std::string_view kPasses = "; passes: ";
  if (input.starts_with(kPasses)) {
    std::istringstream passes(input.substr(kPasses.size(), input.find('\n') - kPasses.size()));
    for (std::string pass; passes >> pass;) {
      if (!run_pass(pass, *program, notes)) return {false, "there is no pass " + pass};
      if (auto errors = ir::verify(*program); !errors.empty()) return {false, "after " + pass + ": " + joined(errors)};
    }
  }
  return {true, notes + ir::print(*program)};
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const bool autoupdate = argc > 1 && std::string(argv[1]) == "--autoupdate";
  golden::add_tests("Golden", RUSTG_SOURCE_DIR "/tests/ir/golden", ".ir", ";>", stage, autoupdate);
  return RUN_ALL_TESTS();
}
