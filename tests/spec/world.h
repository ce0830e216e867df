// Modules that live together: one growing program, the engine that runs it, and the host module `spectest`.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ir/passes.h"
#include "spec/engine.h"
#include "wasm/link.h"

namespace rustg::spec {

struct World;

// One instantiated module. Its bytes are kept: `module` looks into them.
struct ModuleInstance {
  std::shared_ptr<World> world;
  std::vector<uint8_t> bytes;
  wasm::Module module;
  wasm::Linked linked;
};

struct World {
  // `passes`: what is done to the program before the engine gets it; without, it gets what the lowering made.
  World(const SpecEngineFactory& factory, const std::optional<ir::Options>& passes);

  ir::Program program;
  std::optional<ir::Options> passes;
  std::unique_ptr<ir::Program> optimized;  // the engine's, if there are passes
  std::unique_ptr<SpecEngine> engine;
  wasm::Linker linker;
  std::vector<runtime::HostFunctionPtr> host_functions;
  std::set<std::string, std::less<>> spectest;  // its entities that are in the program

  size_t known_tables = 0, known_memories = 0;  // to the engine

  Status extend_engine();
  // What `module` imports from `spectest` and is not there yet.
  void provide_spectest(const wasm::Module& module);
};

// How far a module came, and why not further.
struct Instantiation {
  enum class Stage : uint8_t { malformed, invalid, unlinkable, broken, trapped, instantiated } stage;
  std::string message = {};                       // of the error
  ir::Trap trap = ir::Trap::none;                 // of `trapped`
  std::shared_ptr<ModuleInstance> instance = {};  // of `instantiated`
};
// `broken`: rustg itself failed; the IR was not well-formed or did not compile.
Instantiation instantiate(std::vector<uint8_t> bytes, const std::shared_ptr<World>& world);

}  // namespace rustg::spec
