// A module's entities into a program, its bodies on all cores.
#include "wasm/lower.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "wasm/link.h"
#include "wasm/lower_function.h"
#include "wasm/lower_init.h"

namespace rustg::wasm {

namespace {

// Fewer bytes of bodies than this are lowered before a second thread has woken up.
constexpr size_t kSerialBytes = 64 << 10;

uint64_t evaluate(const ConstExpr& e, const Linked& linked, const ir::Program& program) {
  switch (e.kind) {
    case ConstExpr::Kind::value: return e.bits;
    case ConstExpr::Kind::function: return uint64_t{linked.functions[e.bits].value} + 1;
    // Only imported constants can be named, and those are known, since this function has worked them out or a host has.
    case ConstExpr::Kind::global: return program.globals[linked.globals[e.bits].value].initial;
    case ConstExpr::Kind::null: break;
  }
  return 0;
}

// The module's types as signatures of the program. Program::intern looks at all of them for each; here there can be many.
std::vector<ir::SignatureId> intern_types(const Module& module, ir::Program& program) {
  std::unordered_map<std::string, ir::SignatureId> known;
  const auto key = [](const ir::Signature& s) {
    std::string text;
    for (ir::Type t : s.params) text += static_cast<char>(t);
    text += ':';
    for (ir::Type t : s.results) text += static_cast<char>(t);
    return text.append(s.tag.begin(), s.tag.end());
  };
  for (size_t i = 0; i < program.signatures.size(); ++i) known.emplace(key(program.signatures[i]), ir::SignatureId{i});
  std::vector<ir::SignatureId> ids;
  ids.reserve(module.types.size());
  for (const FuncType& type : module.types) {
    ir::Signature signature = signature_of(type);
    const auto [at, is_new] = known.emplace(key(signature), ir::SignatureId{program.signatures.size()});
    if (is_new) program.signatures.push_back(std::move(signature));
    ids.push_back(at->second);
  }
  return ids;
}

Status lower_bodies(const ModuleMap& map, ir::Program& program, uint32_t first_function) {
  const auto count = static_cast<uint32_t>(map.module.bodies.size());
  size_t bytes = 0;
  for (const Body& body : map.module.bodies) bytes += body.bytes.size();
  tbb::enumerable_thread_specific<FunctionLowering> lowerings;
  std::vector<std::pair<uint32_t, Error>> errors;
  std::mutex mutex;
  const auto range = [&](uint32_t from, uint32_t to) {
    FunctionLowering& lowering = lowerings.local();
    for (uint32_t i = from; i < to; ++i) {
      auto function = lowering.lower(map, i);
      if (function) {
        program.functions[first_function + i] = std::move(*function);
        continue;
      }
      std::lock_guard lock(mutex);
      errors.emplace_back(i, function.error());
    }
  };
  if (bytes < kSerialBytes) {
    range(0, count);
  } else {
    const size_t grain = std::max<size_t>(1, count * (kSerialBytes / 4) / bytes);
    tbb::parallel_for(tbb::blocked_range<uint32_t>(0, count, grain), [&](const auto& r) { range(r.begin(), r.end()); });
  }
  if (errors.empty()) return ok();
  return std::min_element(errors.begin(), errors.end(), [](auto& a, auto& b) { return a.first < b.first; })->second;
}

}  // namespace

Result<Linked> lower(const Module& module, const Imports& imports, ir::Program& program) {
  Linked linked{imports.functions, imports.tables, imports.memories, imports.globals, {}};
  ModuleMap map{module, linked, intern_types(module, program), static_cast<uint32_t>(program.data.size()),
                static_cast<uint32_t>(program.elements.size())};

  const size_t first_function = program.functions.size();
  program.functions.resize(first_function + module.bodies.size());
  program.host.resize(program.functions.size(), ir::FunctionId::kNone);
  for (size_t i = 0; i < module.bodies.size(); ++i) linked.functions.push_back(ir::FunctionId{first_function + i});
  for (size_t i = module.imported_tables; i < module.tables.size(); ++i) {
    const Limits& limits = module.tables[i].limits;
    linked.tables.push_back(ir::TableId{program.tables.size()});
    program.tables.push_back(
        {static_cast<uint32_t>(limits.min), limits.has_max ? static_cast<uint32_t>(limits.max) : 0xffffffffu});
  }
  for (size_t i = module.imported_memories; i < module.memories.size(); ++i) {
    const Limits& limits = module.memories[i];
    linked.memories.push_back(ir::MemoryId{program.memories.size()});
    program.memories.push_back({limits.min, limits.has_max ? limits.max : 65536, limits.shared});
  }
  if (program.tables.size() > 0xffff) return Error{"too many tables in a program"};
  if (program.memories.size() > ir::Access::kFlat) return Error{"too many memories in a program"};
  for (size_t i = module.imported_globals; i < module.globals.size(); ++i) {
    const Global& global = module.globals[i];
    linked.globals.push_back(ir::GlobalId{program.globals.size()});
    program.globals.push_back(
        {ir_type(global.type.type), global.type.is_mutable, evaluate(global.init, linked, program)});
  }
  for (const Element& element : module.elements) {
    std::vector<uint64_t>& references = program.elements.emplace_back();
    references.reserve(element.init.size());
    for (const ConstExpr& e : element.init) references.push_back(evaluate(e, linked, program));
  }
  for (const Data& data : module.data) program.data.emplace_back(data.bytes.begin(), data.bytes.end());

  RUSTG_TRY(lower_bodies(map, program, static_cast<uint32_t>(first_function)));
  const auto offset_of = [&](const ConstExpr& e) { return static_cast<uint32_t>(evaluate(e, linked, program)); };
  linked.init = lower_init(map, offset_of, program);
  return linked;
}

}  // namespace rustg::wasm
