// A module loaded for measuring: its imports trap, its exports take one i32.
#pragma once
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "ir/passes.h"
#include "runtime/engine.h"
#include "wasm/link.h"
#include "wasm/lower.h"

namespace rustg::bench {

inline runtime::HostResult refuse(void*, runtime::GuestMemory, uint64_t*) { return {ir::Trap::host, 0}; }

struct Loaded {
  std::vector<uint8_t> bytes;
  wasm::Module module;
  ir::Program program;
  wasm::Linked linked;
  std::vector<runtime::HostFunctionPtr> host;
  std::unique_ptr<runtime::Instance> instance;

  static bool fail(const std::string& message) {
    fmt::print(stderr, "{}\n", message);
    return false;
  }
  bool open(const char* path) {
    std::ifstream file(path, std::ios::binary);
    bytes = {std::istreambuf_iterator<char>(file), {}};
    auto decoded = wasm::decode(bytes);
    if (!decoded) return fail(decoded.error().message);
    module = std::move(*decoded);
    if (auto valid = wasm::validate(module); !valid) return fail(valid.error().message);
    // Whatever it imports has the type it asks for.
    wasm::Linker linker(program, [&](std::string_view from, std::string_view name) -> const wasm::FuncType* {
      for (const wasm::Import& import : module.imports)
        if (import.module == from && import.name == name) return &module.type_of(import.index);
      return nullptr;
    });
    auto imports = linker.resolve(module);
    if (!imports) return fail(imports.error().message);
    auto lowered = wasm::lower(module, *imports, program);
    if (!lowered) return fail(lowered.error().message);
    linked = std::move(*lowered);
    ir::optimize(program, {});
    auto code = runtime::compile(program, false);
    if (!code) return fail(code.error().message);
    host.assign(program.host_functions.size(), refuse);
    auto created = runtime::Instance::create(*code, {.host_functions = host});
    if (!created) return fail(created.error().message);
    instance = std::move(*created);
    if (linked.init.is_some()) instance->call(linked.init, {}, {});
    return true;
  }
  bool call(const std::string& name, uint64_t argument, uint64_t& result) {
    const wasm::Export* found = module.find_export(name);
    if (found == nullptr || found->kind != wasm::ExternKind::function) return fail("no exported function " + name);
    const abi::Outcome outcome = instance->call(linked.functions[found->index], {&argument, 1}, {&result, 1});
    if (outcome.trap != 0) return fail(name + ": " + std::string(ir::message(static_cast<ir::Trap>(outcome.trap))));
    return true;
  }
};

}  // namespace rustg::bench
