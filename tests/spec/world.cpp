#include "spec/world.h"

#include <bit>

#include "ir/verify.h"

namespace rustg::spec {

namespace {

using wasm::ExternKind;
using wasm::ValType;

struct HostFunction {
  const char *module, *name;
  wasm::FuncType type;
};
// The specification's tests import from `spectest`, wasm-opt's random modules (fuzz.mjs) from `fuzzing-support`.
const std::vector<HostFunction>& host_functions_there_are() {
  static const std::vector<HostFunction> functions = {
      {"spectest", "print", {}},
      {"spectest", "print_i32", {{ValType::i32}, {}}},
      {"spectest", "print_i64", {{ValType::i64}, {}}},
      {"spectest", "print_f32", {{ValType::f32}, {}}},
      {"spectest", "print_f64", {{ValType::f64}, {}}},
      {"spectest", "print_i32_f32", {{ValType::i32, ValType::f32}, {}}},
      {"spectest", "print_f64_f64", {{ValType::f64, ValType::f64}, {}}},
      {"fuzzing-support", "log-i32", {{ValType::i32}, {}}},
      {"fuzzing-support", "log-i64", {{ValType::i64}, {}}},
      {"fuzzing-support", "log-f32", {{ValType::f32}, {}}},
      {"fuzzing-support", "log-f64", {{ValType::f64}, {}}},
  };
  return functions;
}

const wasm::FuncType* host_type(std::string_view module, std::string_view name) {
  for (const HostFunction& f : host_functions_there_are())
    if (f.module == module && f.name == name) return &f.type;
  return nullptr;
}

// All of them print; what they would print is nobody's expectation.
runtime::HostResult print(void*, runtime::GuestMemory, uint64_t*) { return {}; }

}  // namespace

World::World(const SpecEngineFactory& factory, const std::optional<ir::Options>& passes)
    : passes(passes), engine(factory()), linker(program, host_type, [this](ExternKind kind, uint32_t id) {
        // Entities that came into the program since the engine last saw it have their first size.
        if (kind == ExternKind::table)
          return id < known_tables ? engine->table_size(ir::TableId{id}) : program.tables[id].min;
        return id < known_memories ? engine->memory_pages(ir::MemoryId{id}) : program.memories[id].min_pages;
      }) {}

void World::provide_spectest(const wasm::Module& module) {
  for (const wasm::Import& import : module.imports) {
    if (import.module != "spectest" || spectest.contains(import.name)) continue;
    wasm::Extern item;
    const auto global = [&](ValType type, uint64_t bits) {
      item = {.kind = ExternKind::global, .id = static_cast<uint32_t>(program.globals.size()), .global = {type, false}};
      program.globals.push_back({wasm::ir_type(type), false, bits});
    };
    if (import.name == "global_i32") {
      global(ValType::i32, 666);
    } else if (import.name == "global_i64") {
      global(ValType::i64, 666);
    } else if (import.name == "global_f32") {
      global(ValType::f32, std::bit_cast<uint32_t>(666.6f));
    } else if (import.name == "global_f64") {
      global(ValType::f64, std::bit_cast<uint64_t>(666.6));
    } else if (import.name == "table") {
      item = {.kind = ExternKind::table, .id = static_cast<uint32_t>(program.tables.size())};
      item.table = {ValType::funcref, {.min = 10, .max = 20, .has_max = true}};
      program.tables.push_back({10, 20});
    } else if (import.name == "memory" || import.name == "shared_memory") {
      const bool shared = import.name == "shared_memory";
      item = {.kind = ExternKind::memory, .id = static_cast<uint32_t>(program.memories.size())};
      item.memory = {.min = 1, .max = 2, .has_max = true, .shared = shared};
      program.memories.push_back({1, 2, shared});
    } else {
      continue;
    }
    spectest.emplace(import.name);
    linker.define("spectest", import.name, item);
  }
}

Status World::extend_engine() {
  host_functions.assign(program.host_functions.size(), print);
  if (!passes) {
    RUSTG_TRY(engine->extend(program, host_functions));
  } else {
    auto next = std::make_unique<ir::Program>(program);
    ir::optimize(*next, *passes);
    if (const auto errors = ir::verify(*next); !errors.empty())
      return Error{"the IR is not well-formed after the passes: " + errors.front()};
    RUSTG_TRY(engine->extend(*next, host_functions));
    optimized = std::move(next);
  }
  known_tables = program.tables.size();
  known_memories = program.memories.size();
  return ok();
}

Instantiation instantiate(std::vector<uint8_t> bytes, const std::shared_ptr<World>& world) {
  using Stage = Instantiation::Stage;
  auto instance = std::make_shared<ModuleInstance>();
  instance->world = world;
  instance->bytes = std::move(bytes);
  auto module = wasm::decode(instance->bytes);
  if (!module) return {Stage::malformed, module.error().message};
  instance->module = std::move(*module);
  if (auto valid = wasm::validate(instance->module); !valid) return {Stage::invalid, valid.error().message};

  World& w = *world;
  w.provide_spectest(instance->module);
  auto imports = w.linker.resolve(instance->module);
  if (!imports) return {Stage::unlinkable, imports.error().message};
  auto linked = wasm::lower(instance->module, *imports, w.program);
  if (!linked) return {Stage::broken, linked.error().message};
  instance->linked = *linked;
  if (const auto errors = ir::verify(w.program); !errors.empty())
    return {Stage::broken, "the IR is not well-formed: " + errors.front()};
  if (auto extended = w.extend_engine(); !extended) return {Stage::broken, extended.error().message};
  if (linked->init.is_some()) {
    const abi::Outcome outcome = w.engine->call(linked->init, {}, {});
    const auto trap = static_cast<ir::Trap>(outcome.trap);
    if (trap != ir::Trap::none) return {Stage::trapped, std::string(ir::message(trap)), trap};
  }
  return {Stage::instantiated, {}, ir::Trap::none, instance};
}

}  // namespace rustg::spec
