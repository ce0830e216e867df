#include "wasm/module.h"

namespace rustg::wasm {

const char* name(ValType type) {
  switch (type) {
    case ValType::i32: return "i32";
    case ValType::i64: return "i64";
    case ValType::f32: return "f32";
    case ValType::f64: return "f64";
    case ValType::v128: return "v128";
    case ValType::funcref: return "funcref";
    case ValType::externref: return "externref";
  }
  return "any type";  // the validator's operand of unreachable code
}

const char* name(ExternKind kind) {
  switch (kind) {
    case ExternKind::function: return "function";
    case ExternKind::table: return "table";
    case ExternKind::memory: return "memory";
    case ExternKind::global: return "global";
  }
  return "";
}

const Export* Module::find_export(std::string_view name) const {
  for (const Export& candidate : exports)
    if (candidate.name == name) return &candidate;
  return nullptr;
}

}  // namespace rustg::wasm
