// A module as a program on its own: whatever it imports is made up with the type it asks for.
#pragma once
#include "wasm/link.h"

namespace rustg::ir::testing {

// Nothing if the module does not decode or validate, or is refused by lowering; then `error` says why.
inline std::optional<Program> program_of(std::span<const uint8_t> bytes, std::string& error) {
  auto module = wasm::decode(bytes);
  if (!module) return error = module.error().message, std::nullopt;
  if (auto valid = wasm::validate(*module); !valid) return error = valid.error().message, std::nullopt;
  Program program;
  wasm::Imports imports;
  for (const wasm::Import& import : module->imports) {
    switch (import.kind) {
      case wasm::ExternKind::function: {
        imports.functions.push_back(FunctionId{program.functions.size()});
        Function& f = program.functions.emplace_back();
        f.name = std::string(import.name);
        f.signature = program.intern(wasm::signature_of(module->type_of(import.index)));
        program.host.push_back(static_cast<uint32_t>(program.host_functions.size()));
        program.host_functions.push_back({std::string(import.module), std::string(import.name)});
        break;
      }
      case wasm::ExternKind::memory: {
        const wasm::Limits& limits = module->memories[import.index];
        imports.memories.push_back(MemoryId{program.memories.size()});
        program.memories.push_back({limits.min, limits.has_max ? limits.max : 65536, limits.shared});
        break;
      }
      case wasm::ExternKind::table: {
        const wasm::Limits& limits = module->tables[import.index].limits;
        imports.tables.push_back(TableId{program.tables.size()});
        program.tables.push_back(
            {static_cast<uint32_t>(limits.min), static_cast<uint32_t>(limits.has_max ? limits.max : ~0u)});
        break;
      }
      case wasm::ExternKind::global: {
        const wasm::GlobalType& type = module->globals[import.index].type;
        imports.globals.push_back(GlobalId{program.globals.size()});
        program.globals.push_back({wasm::ir_type(type.type), type.is_mutable, 0});
        break;
      }
    }
  }
  auto linked = wasm::lower(*module, imports, program);
  if (!linked) return error = linked.error().message, std::nullopt;
  return program;
}

}  // namespace rustg::ir::testing
