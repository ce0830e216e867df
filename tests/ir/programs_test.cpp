// Real modules through lowering and every pass: well-formed at each step, and the printed form reads back the same. The modules are
// the specification's, and the examples as rustc compiles them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "ir/parse.h"
#include "ir/passes.h"
#include "ir/print.h"
#include "ir/verify.h"
#include "wasm/spec_corpus.h"
#include "wasm_program.h"

namespace {

using namespace rustg;
namespace fs = std::filesystem;

// The empty string, or what is wrong.
std::string check(ir::Program& p) {
  auto problem = [&](const char* when) {
    const auto errors = ir::verify(p);
    return errors.empty() ? std::string() : std::string(when) + ": " + errors[0];
  };
  if (auto wrong = problem("lowered"); !wrong.empty()) return wrong;
  const std::string text = ir::print(p);
  auto again = ir::parse(text);
  if (!again) return "printed form: " + again.error().message;
  if (ir::print(*again) != text) return "the printed form reads back otherwise";
  for (const bool imprecise : {false, true}) {
    ir::Program copy = *again;
    ir::optimize(copy, {.guards = true, .imprecise = imprecise, .fuel = true});
    const auto errors = ir::verify(copy);
    if (!errors.empty()) return "optimized: " + errors[0];
  }
  // Serial or parallel, the passes give the same.
  ir::optimize(p, {.guards = true});
  return problem("optimized");
}

TEST(Programs, SpecificationModules) {
  std::string reason;
  const auto& files = wasm::testing::spec_corpus(reason);
  if (files.empty()) GTEST_SKIP() << reason;
  size_t lowered = 0;
  for (const auto& file : files)
    for (const auto& command : file.commands) {
      if (command.type != "module") continue;
      std::string error;
      auto p = ir::testing::program_of(command.bytes, error);
      if (!p) continue;  // the decoder's tests say which must be refused
      ++lowered;
      const std::string wrong = check(*p);
      EXPECT_EQ(wrong, "") << command.name;
    }
  EXPECT_GT(lowered, 1000u);
}

// The command that compiles for wasm32-wasip1: rustc by itself, or with the sysroot that `./x sysroot` made.
std::string rustc_command() {
  auto variable = [](const char* name) { return std::string(std::getenv(name) ? std::getenv(name) : ""); };
  auto line = [](const fs::path& path) {
    std::string text;
    std::ifstream in(path);
    std::getline(in, text);
    return text;
  };
  const std::string options = " --target wasm32-wasip1 -Cpanic=abort -O ";
  const fs::path cache =
      variable("XDG_CACHE_HOME").empty() ? fs::path(variable("HOME")) / ".cache" : fs::path(variable("XDG_CACHE_HOME"));
  for (const fs::path& sysroot : {fs::path(variable("RUSTG_SYSROOT")), cache / "rustg/sysroot"})
    if (const std::string rustc = line(sysroot / "rustc"); !rustc.empty())
      return rustc + options + "--sysroot '" + sysroot.string() + "' -Clinker=" + line(sysroot / "linker") + " ";
  return (variable("RUSTC").empty() ? "rustc" : variable("RUSTC")) + options;
}

TEST(Programs, Examples) {
  const std::string rustc = rustc_command();
  std::string folder = (fs::temp_directory_path() / "rustg-ir-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  size_t compiled = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(RUSTG_SOURCE_DIR) / "examples")) {
    if (entry.path().extension() != ".rs") continue;
    const std::string wasm = folder + "/out.wasm";
    if (std::system((rustc + "'" + entry.path().string() + "' -o '" + wasm + "' 2>/dev/null").c_str()) != 0) continue;
    std::ifstream in(wasm, std::ios::binary);
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
    std::string error;
    auto p = ir::testing::program_of(bytes, error);
    ASSERT_TRUE(p.has_value()) << entry.path() << ": " << error;
    ++compiled;
    EXPECT_EQ(check(*p), "") << entry.path();
  }
  fs::remove_all(folder);
  if (compiled == 0) GTEST_SKIP() << "rustc has no std for wasm32-wasip1; `./x sysroot` makes one";
}

}  // namespace
