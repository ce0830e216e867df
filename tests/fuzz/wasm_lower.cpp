// A valid module becomes a well-formed program, before and after the passes. Seeds: the modules of the specification's tests.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <span>

#include "ir/passes.h"
#include "ir/verify.h"
#include "wasm/link.h"
#include "wasm/lower.h"
#include "wasm/module.h"

namespace {

void check(const rustg::ir::Program& program, const char* when) {
  const auto errors = rustg::ir::verify(program);
  if (errors.empty()) return;
  fmt::print(stderr, "{}: {}\n", when, errors.front());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rustg;
  const auto module = wasm::decode({data, size});
  if (!module || !wasm::validate(*module)) return 0;
  ir::Program program;
  // The host implements every function, of the type that is asked for.
  wasm::Linker linker(program, [&](std::string_view from, std::string_view name) -> const wasm::FuncType* {
    for (const wasm::Import& import : module->imports)
      if (import.kind == wasm::ExternKind::function && import.module == from && import.name == name)
        return &module->type_of(import.index);
    return nullptr;
  });
  const auto imports = linker.resolve(*module);
  if (!imports) return 0;
  if (!wasm::lower(*module, *imports, program)) return 0;
  check(program, "after lowering");
  ir::optimize(program, {.guards = true, .fuel = size % 2 == 0});
  check(program, "after the passes");
  return 0;
}
