// Import resolution: what a module asks for against what registered modules export and the host implements.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "wasm/lower.h"

namespace rustg::wasm {

// Both kinds of reference are Type::ref.
constexpr ir::Type ir_type(ValType type) {
  switch (type) {
    case ValType::i32: return ir::Type::i32;
    case ValType::i64: return ir::Type::i64;
    case ValType::f32: return ir::Type::f32;
    case ValType::f64: return ir::Type::f64;
    case ValType::funcref:
    case ValType::externref: return ir::Type::ref;
    case ValType::v128: break;
  }
  return ir::Type::none;
}

// The program's signature for a function type; its tag keeps funcref and externref apart.
ir::Signature signature_of(const FuncType& type);
// "(i32, i64) -> (f32)", for messages.
std::string describe(const FuncType& type);

// Something that can be imported: its exact type, and its program-wide number. Of the types only the kind's own counts.
struct Extern {
  ExternKind kind = ExternKind::function;
  uint32_t id = 0;
  FuncType function = {};
  TableType table = {};
  Limits memory = {};
  GlobalType global = {};
};
Extern extern_of(const Module& module, const Linked& linked, const Export& item);

// The type of a function that the host implements; null if it has none of that name.
using HostTypes = std::function<const FuncType*(std::string_view module, std::string_view name)>;
// Elements or pages that a table or memory has now, which is more than its type says once it has grown.
using CurrentSize = std::function<uint64_t(ExternKind kind, uint32_t id)>;

class Linker {
 public:
  explicit Linker(ir::Program& program, HostTypes host = {}, CurrentSize current_size = {})
      : program_(program), host_(std::move(host)), current_size_(std::move(current_size)) {}

  void define(std::string_view module, std::string_view name, Extern item);
  // All exports of a module, under its registered name. What had that name before is gone.
  void define(std::string_view module_name, const Module& module, const Linked& linked);
  // What each import is bound to (spec, section 4.5.4, step 3). Errors: "unknown import: …", "incompatible import type: …",
  // with module, name, and what was asked for and found. Host functions are added to the program as they are asked for.
  Result<Imports> resolve(const Module& module);

 private:
  Result<Extern> find(const Module& module, const Import& import);
  Extern add_host_function(const Import& import, const FuncType& type);
  Status check(const Module& module, const Import& import, const Extern& found) const;

  using Names = std::unordered_map<std::string, Extern>;
  ir::Program& program_;
  HostTypes host_;
  CurrentSize current_size_;
  std::unordered_map<std::string, Names> modules_;
};

}  // namespace rustg::wasm
