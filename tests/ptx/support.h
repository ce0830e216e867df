// PTX in tests: assembling units where there is a ptxas, and a runtime of stubs to link with.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "target/ptx/emit.h"
#include "target/ptx/function.h"
#include "target/ptx/process.h"
#include "target/ptx/toolchain.h"

namespace rustg::ptx::testing {

// A unit that defines every runtime call to do nothing, and a kernel that invokes.
inline Unit stub_runtime(uint32_t version) {
  std::string text = version >= 90 ? ".version 9.0\n" : ".version 8.0\n";
  text += ".target sm_90\n.address_size 64\n";
  for (uint32_t k = 0; k < kRuntimeCalls; ++k)
    text += ".visible " + runtime_prototype(static_cast<RuntimeCall>(k)) + " { st.param.b32 [ret], 0; ret; }\n";
  text += R"(
.extern .func (.param .b32 trap) rustg_invoke(.param .b64 instance, .param .b32 function, .param .b64 slots);
.visible .entry rustg_kernel(.param .u64 instance, .param .u64 slots) {
.reg .b64 %i, %s; .reg .b32 %r;
ld.param.b64 %i, [instance];
ld.param.b64 %s, [slots];
{ .param .b64 a; .param .b32 b; .param .b64 c; .param .b32 r;
st.param.b64 [a], %i; st.param.b32 [b], 0; st.param.b64 [c], %s;
call (r), rustg_invoke, (a, b, c);
ld.param.b32 %r, [r]; }
st.global.b32 [%s], %r;
ret;
}
)";
  return {"stub_runtime", text};
}

// A folder of this test's own, gone with the object.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rustg-test-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

// ptxas on every unit, on all cores. The empty string, or what the first one that failed said.
inline std::string assemble_each(const std::vector<Unit>& units, const Toolchain& tools, uint32_t sm = 90) {
  Folder folder;
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::string wrong;
  auto work = [&] {
    for (size_t k; (k = next++) < units.size();) {
      const std::string source = folder.path / (std::to_string(k) + ".ptx");
      std::ofstream(source) << units[k].text;
      const auto done =
          run_process({tools.ptxas, "-c", "-arch=sm_" + std::to_string(sm), source, "-o", source + ".cubin"},
                      std::chrono::seconds(120));
      if (done) continue;
      const std::lock_guard lock(mutex);
      if (wrong.empty()) wrong = units[k].name + ": " + done.error().message;
    }
  };
  std::vector<std::thread> threads(std::max(1u, std::thread::hardware_concurrency()));
  for (auto& t : threads) t = std::thread(work);
  for (auto& t : threads) t.join();
  return wrong;
}

// A lane must come back to its kernel for the next instance, so no unit may end it.
inline std::string forbidden(const Unit& unit) {
  for (const char* word : {"exit;", "trap;", "brkpt;"})
    for (size_t at = 0; (at = unit.text.find(word, at)) != std::string::npos; ++at)
      if (at == 0 || unit.text[at - 1] == '\n' || unit.text[at - 1] == ' ') return unit.name + " holds " + word;
  return {};
}

inline std::vector<ir::FunctionId> all_functions(const ir::Program& program) {
  std::vector<ir::FunctionId> all;
  for (uint32_t k = 0; k < program.functions.size(); ++k)
    if (!program.is_host(ir::FunctionId{k})) all.push_back(ir::FunctionId{k});
  return all;
}

}  // namespace rustg::ptx::testing

// In a test: `tools`, or the test is skipped.
#define RUSTG_NEEDS_PTXAS(tools)                                                           \
  const auto tools##_found = rustg::ptx::find_toolchain();                                 \
  if (!tools##_found || tools##_found->ptxas.empty()) GTEST_SKIP() << "ptxas is not here"; \
  const rustg::ptx::Toolchain& tools = *tools##_found
