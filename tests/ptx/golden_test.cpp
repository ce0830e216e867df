// Runs the golden files: IR in, the PTX of its functions out. The first line may ask for options: `; options: trusted imprecise`; functions
// named entry… can be invoked, and in those named …hinted… all accesses may be unaligned. ptxas takes every one of the results.
#include "golden/golden.h"

#include "ir/parse.h"
#include "ir/verify.h"
#include "ptx/support.h"

namespace {

using namespace rustg;

golden::Outcome stage(const std::string& input) {
  auto program = ir::parse(input);
  if (!program) return {false, program.error().message};
  if (auto errors = ir::verify(*program); !errors.empty()) return {false, errors[0]};
  std::vector<ir::FunctionId> entries;
  for (uint32_t k = 0; k < program->functions.size(); ++k)
    if (program->functions[k].name.starts_with("entry")) entries.push_back(ir::FunctionId{k});
  for (ir::Function& f : program->functions)
    for (uint32_t i = 0; i < f.size() && f.name.find("hinted") != std::string::npos; ++i)
      if (f.op[i] == ir::Op::load || f.op[i] == ir::Op::store) {
        ir::Access access = ir::Access::unpack(f.aux[i]);
        access.unaligned = true;
        f.aux[i] = access.pack();
      }
  const std::string first = input.substr(0, input.find('\n'));
  const auto asks = [&](const char* option) {
    return first.starts_with("; options:") && first.find(option) != std::string::npos;
  };
  const auto units = ptx::emit(*program, {.sm = 90,
                                          .version = 80,
                                          .entries = entries,
                                          .trust_alignment = asks("trusted"),
                                          .imprecise = asks("imprecise")});
  std::string out;
  for (const ptx::Unit& unit : units) {
    if (auto wrong = ptx::testing::forbidden(unit); !wrong.empty()) return {false, wrong};
    if (unit.name != "entry" || asks("entry")) out += unit.text.substr(unit.text.find("64\n") + 3);
  }
  if (const auto tools = ptx::find_toolchain(); tools && !tools->ptxas.empty())
    if (auto wrong = ptx::testing::assemble_each(units, *tools); !wrong.empty()) return {false, wrong};
  return {true, out};
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const bool autoupdate = argc > 1 && std::string(argv[1]) == "--autoupdate";
  golden::add_tests("PtxGolden", RUSTG_SOURCE_DIR "/tests/ptx/golden", ".ir", ";>", stage, autoupdate);
  return RUN_ALL_TESTS();
}
