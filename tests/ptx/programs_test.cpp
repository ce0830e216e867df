// Real modules through to the assembler: the specification's, and the examples as rustc compiles them. All of them take minutes: without
// RUSTG_LONG_TESTS=1 only the largest of the small modules in each of the specification's files, and one example.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "driver/compiler.h"
#include "ir/passes.h"
#include "ir/wasm_program.h"
#include "ptx/support.h"
#include "wasm/spec_corpus.h"

namespace {

using namespace rustg;
namespace fs = std::filesystem;

constexpr size_t kSmall = 6000;  // bytes of a module: half a second of ptxas, perhaps

bool all_of_them() {
  const char* asked = std::getenv("RUSTG_LONG_TESTS");
  return asked && *asked == '1';
}

// The units of a module, which must end no lane; none if it is no module that runs.
std::vector<ptx::Unit> units_of(std::span<const uint8_t> bytes, const ptx::Toolchain& tools, bool trusted,
                                const std::string& name) {
  std::string error;
  auto program = ir::testing::program_of(bytes, error);
  if (!program) return {};
  ir::optimize(*program, {.guards = true, .imprecise = trusted, .fuel = true});
  const auto entries = ptx::testing::all_functions(*program);
  auto units = ptx::emit(
      *program,
      {.sm = 90, .version = tools.ptx_version, .entries = entries, .trust_alignment = trusted, .imprecise = trusted});
  for (ptx::Unit& unit : units) {
    unit.name = name + " " + unit.name;
    EXPECT_EQ(ptx::testing::forbidden(unit), "");
  }
  return units;
}

TEST(Programs, SpecificationAssembles) {
  RUSTG_NEEDS_PTXAS(tools);
  std::string reason;
  const auto& corpus = wasm::testing::spec_corpus(reason);
  if (corpus.empty()) GTEST_SKIP() << reason;
  std::vector<ptx::Unit> units;
  uint32_t modules = 0;
  for (const auto& file : corpus) {
    std::vector<const wasm::testing::SpecCommand*> chosen;
    for (const auto& command : file.commands)
      if (command.type == "module" && (all_of_them() || command.bytes.size() < kSmall)) chosen.push_back(&command);
    if (!all_of_them() && !chosen.empty())
      chosen = {*std::ranges::max_element(chosen, {}, [](auto* c) { return c->bytes.size(); })};
    for (const auto* command : chosen) {
      auto made = units_of(command->bytes, tools, false, command->name);
      modules += !made.empty();
      for (auto& unit : made) units.push_back(std::move(unit));
    }
  }
  EXPECT_GT(modules, 60u);
  EXPECT_EQ(ptx::testing::assemble_each(units, tools), "");
}

TEST(Programs, ExamplesAssemble) {
  RUSTG_NEEDS_PTXAS(tools);
  const auto rustc = driver::find_compiler();
  if (!rustc) GTEST_SKIP() << rustc.error().message;
  ptx::testing::Folder folder;
  uint32_t programs = 0;
  for (const auto& entry : fs::directory_iterator(RUSTG_SOURCE_DIR "/examples")) {
    if (entry.path().extension() != ".rs" || (!all_of_them() && entry.path().stem() != "char_count")) continue;
    const std::string out = folder.path / "a.wasm";
    std::vector<std::string> command{rustc->rustc};
    command.insert(command.end(), rustc->args.begin(), rustc->args.end());
    command.insert(command.end(),
                   {"--edition=2021", "-Cpanic=abort", "-O", "--target", driver::kRustTarget, entry.path(), "-o", out});
    const auto built = ptx::run_process(command, std::chrono::seconds(120));
    ASSERT_TRUE(built) << built.error().message;
    std::ifstream in(out, std::ios::binary);
    const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(in)), {});
    for (bool trusted : {false, true}) {
      const auto units = units_of(bytes, tools, trusted, entry.path().filename());
      EXPECT_FALSE(units.empty());
      EXPECT_EQ(ptx::testing::assemble_each(units, tools), "");
    }
    ++programs;
  }
  EXPECT_GT(programs, 0u);
}

}  // namespace
