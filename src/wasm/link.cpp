#include "wasm/link.h"

#include <fmt/format.h>

namespace rustg::wasm {

namespace {

std::string describe(const Limits& limits) {
  std::string text = std::to_string(limits.min);
  if (limits.has_max) text += ".." + std::to_string(limits.max);
  return limits.shared ? text + " shared" : text;
}
std::string describe(const GlobalType& type) {
  return std::string(type.is_mutable ? "mutable " : "") + name(type.type);
}

std::string list(const std::vector<ValType>& types) {
  std::string text = "(";
  for (size_t i = 0; i < types.size(); ++i) text += (i != 0 ? ", " : "") + std::string(name(types[i]));
  return text + ")";
}

std::string label(const Import& import) {
  return fmt::format("{} \"{}\" of module \"{}\"", name(import.kind), import.name, import.module);
}

Error incompatible(const Import& import, const std::string& wanted, const std::string& found) {
  return {fmt::format("incompatible import type: {} is imported as {}, but it is {}", label(import), wanted, found)};
}

// Spec, core 2.0 section 3.3.2 "Limits": limits of what is found are within what is wanted.
bool matches(const Limits& found, const Limits& wanted) {
  return found.min >= wanted.min && (!wanted.has_max || (found.has_max && found.max <= wanted.max)) &&
         found.shared == wanted.shared;
}

}  // namespace

std::string describe(const FuncType& type) { return list(type.params) + " -> " + list(type.results); }

ir::Signature signature_of(const FuncType& type) {
  ir::Signature signature;
  for (ValType t : type.params) {
    signature.params.push_back(ir_type(t));
    signature.tag.push_back(static_cast<uint8_t>(t));
  }
  for (ValType t : type.results) {
    signature.results.push_back(ir_type(t));
    signature.tag.push_back(static_cast<uint8_t>(t));
  }
  return signature;
}

Extern extern_of(const Module& module, const Linked& linked, const Export& item) {
  Extern e{.kind = item.kind};
  switch (item.kind) {
    case ExternKind::function:
      e.id = linked.functions[item.index].value;
      e.function = module.type_of(item.index);
      break;
    case ExternKind::table:
      e.id = linked.tables[item.index].value;
      e.table = module.tables[item.index];
      break;
    case ExternKind::memory:
      e.id = linked.memories[item.index].value;
      e.memory = module.memories[item.index];
      break;
    case ExternKind::global:
      e.id = linked.globals[item.index].value;
      e.global = module.globals[item.index].type;
      break;
  }
  return e;
}

void Linker::define(std::string_view module, std::string_view name, Extern item) {
  modules_[std::string(module)].insert_or_assign(std::string(name), std::move(item));
}

void Linker::define(std::string_view module_name, const Module& module, const Linked& linked) {
  Names names;
  for (const Export& item : module.exports) names.emplace(item.name, extern_of(module, linked, item));
  modules_.insert_or_assign(std::string(module_name), std::move(names));
}

Result<Imports> Linker::resolve(const Module& module) {
  Imports imports;
  for (const Import& import : module.imports) {
    RUSTG_LET(found, find(module, import));
    RUSTG_TRY(check(module, import, found));
    switch (import.kind) {
      case ExternKind::function: imports.functions.push_back(ir::FunctionId{found.id}); break;
      case ExternKind::table: imports.tables.push_back(ir::TableId{found.id}); break;
      case ExternKind::memory: imports.memories.push_back(ir::MemoryId{found.id}); break;
      case ExternKind::global: imports.globals.push_back(ir::GlobalId{found.id}); break;
    }
  }
  return imports;
}

Result<Extern> Linker::find(const Module& module, const Import& import) {
  const auto names = modules_.find(std::string(import.module));
  if (names != modules_.end())
    if (const auto found = names->second.find(std::string(import.name)); found != names->second.end())
      return found->second;
  if (import.kind == ExternKind::function && host_) {
    if (const FuncType* type = host_(import.module, import.name)) {
      // Checked before it is made, so that a failed link leaves nothing behind.
      RUSTG_TRY(check(module, import, Extern{.function = *type}));
      Extern made = add_host_function(import, *type);
      define(import.module, import.name, made);
      return made;
    }
  }
  return Error{fmt::format(
      "unknown import: {}{} is not provided by rustg", label(import),
      import.kind == ExternKind::function ? " " + wasm::describe(module.type_of(import.index)) : std::string())};
}

Extern Linker::add_host_function(const Import& import, const FuncType& type) {
  ir::Function function;
  function.name = import.name;
  function.signature = program_.intern(signature_of(type));
  program_.host.push_back(static_cast<uint32_t>(program_.host_functions.size()));
  program_.host_functions.push_back({std::string(import.module), std::string(import.name)});
  program_.functions.push_back(std::move(function));
  return {.id = static_cast<uint32_t>(program_.functions.size() - 1), .function = type};
}

Status Linker::check(const Module& module, const Import& import, const Extern& found) const {
  if (import.kind != found.kind)
    return incompatible(import, std::string("a ") + name(import.kind), std::string("a ") + name(found.kind));
  const auto grown = [&](Limits limits) {
    if (current_size_) limits.min = current_size_(found.kind, found.id);
    return limits;
  };
  switch (import.kind) {
    case ExternKind::function: {
      const FuncType& wanted = module.type_of(import.index);
      if (wanted != found.function) return incompatible(import, wasm::describe(wanted), wasm::describe(found.function));
      break;
    }
    case ExternKind::table: {
      const TableType& wanted = module.tables[import.index];
      const Limits limits = grown(found.table.limits);
      if (wanted.element != found.table.element || !matches(limits, wanted.limits))
        return incompatible(import, fmt::format("{} {}", name(wanted.element), describe(wanted.limits)),
                            fmt::format("{} {}", name(found.table.element), describe(limits)));
      break;
    }
    case ExternKind::memory: {
      const Limits& wanted = module.memories[import.index];
      const Limits limits = grown(found.memory);
      if (!matches(limits, wanted)) return incompatible(import, describe(wanted), describe(limits));
      break;
    }
    case ExternKind::global: {
      const GlobalType& wanted = module.globals[import.index].type;
      if (wanted.type != found.global.type || wanted.is_mutable != found.global.is_mutable)
        return incompatible(import, describe(wanted), describe(found.global));
      break;
    }
  }
  return ok();
}

}  // namespace rustg::wasm
