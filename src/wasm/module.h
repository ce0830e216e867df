// A decoded WebAssembly module: the tables of its sections. Function bodies stay bytes in the file until they are lowered.
// https://webassembly.github.io/spec/core/ (2.0 without SIMD) and the threads proposal.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rustg::wasm {

enum class ValType : uint8_t {
  i32 = 0x7f,
  i64 = 0x7e,
  f32 = 0x7d,
  f64 = 0x7c,
  v128 = 0x7b,
  funcref = 0x70,
  externref = 0x6f
};
const char* name(ValType type);
constexpr bool is_value_type(ValType type) {
  const auto byte = static_cast<uint8_t>(type);
  return (byte >= 0x7b && byte <= 0x7f) || byte == 0x70 || byte == 0x6f;
}

struct FuncType {
  std::vector<ValType> params, results;
  bool operator==(const FuncType&) const = default;
};

struct Limits {
  uint64_t min = 0, max = 0;
  bool has_max = false, shared = false;
};
struct TableType {
  ValType element;
  Limits limits;
};
struct GlobalType {
  ValType type;
  bool is_mutable;
};

enum class ExternKind : uint8_t { function = 0, table = 1, memory = 2, global = 3 };
const char* name(ExternKind kind);

struct Import {
  std::string_view module, name;
  ExternKind kind;
  uint32_t index;  // in that kind's index space
};
struct Export {
  std::string_view name;
  ExternKind kind;
  uint32_t index;
};

// A constant expression: one of these is all that core WebAssembly 2.0 allows.
struct ConstExpr {
  enum class Kind : uint8_t { value, global, function, null } kind = Kind::value;
  ValType type = ValType::i32;
  uint64_t bits = 0;    // value: its bits; global, function: the index
  uint64_t offset = 0;  // in the file
};

struct Global {
  GlobalType type;
  ConstExpr init;  // of defined globals
};
struct Element {
  enum class Mode : uint8_t { active, passive, declarative } mode;
  ValType type;
  uint32_t table = 0;
  ConstExpr offset;
  std::vector<ConstExpr> init;
};
struct Data {
  enum class Mode : uint8_t { active, passive } mode;
  uint32_t memory = 0;
  ConstExpr offset;
  std::span<const uint8_t> bytes;
};
struct Body {
  uint64_t offset;                 // of the body's first byte (its local declarations) in the file
  std::span<const uint8_t> bytes;  // local declarations and instructions, to the final `end`
};

struct Module {
  std::span<const uint8_t> bytes;  // the whole file; views above point into it, the caller keeps it alive
  std::vector<FuncType> types;
  std::vector<Import> imports;
  std::vector<uint32_t> functions;  // type index of every function, imported ones first; likewise below
  std::vector<TableType> tables;
  std::vector<Limits> memories;
  std::vector<Global> globals;
  std::vector<Export> exports;
  std::vector<Element> elements;
  std::vector<Data> data;
  std::vector<Body> bodies;  // of the defined functions
  // One a function: from the name section, else the export; empty if unknown.
  std::vector<std::string_view> function_names;
  uint32_t imported_functions = 0, imported_tables = 0, imported_memories = 0, imported_globals = 0;
  uint32_t start = 0xffffffffu;       // function index
  uint32_t data_count = 0xffffffffu;  // of the data count section

  const FuncType& type_of(uint32_t function) const { return types[functions[function]]; }
  const Export* find_export(std::string_view name) const;
};

// Decode a binary module. Malformed input: the error names the offset, what was expected and what was found; SIMD, components
// and text are refused by name. Function bodies are not looked into.
Result<Module> decode(std::span<const uint8_t> bytes);

// Validate the whole module, every body included (spec, appendix "Validation algorithm"). Runs bodies on all cores.
Status validate(const Module& module);

}  // namespace rustg::wasm
