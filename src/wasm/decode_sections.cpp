// Types, imports, functions, tables, memories, globals, exports and bodies (spec, sections 5.3 and 5.5).
#include <fmt/format.h>

#include <algorithm>

#include "wasm/decode.h"
#include "wasm/limits.h"

namespace rustg::wasm::detail {

uint32_t decode_count(Reader& reader, const char* what, uint32_t limit) {
  const uint64_t at = reader.offset();
  const uint32_t count = reader.u32();
  if (count <= limit) return count;
  return static_cast<uint32_t>(reader.fail_at(at, fmt::format("too many {}: {}, the limit is {}", what, count, limit)));
}

namespace {

// Room for `count` items more, as far as the input can hold them: a lie about the count costs no memory.
template <class T>
void reserve(std::vector<T>& items, uint32_t count, const Reader& reader) {
  items.reserve(items.size() + std::min<size_t>(count, reader.left()));
}

void decode_value_types(Reader& reader, std::vector<ValType>& types, const char* what) {
  const uint32_t count = decode_count(reader, what, kMaxTypes);
  reserve(types, count, reader);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) types.push_back(reader.value_type());
}

Limits decode_limits(Reader& reader, ExternKind kind) {
  const uint64_t at = reader.offset();
  const uint8_t flags = reader.byte();
  if (flags > (kind == ExternKind::memory ? 3 : 1)) {
    const bool wide = kind == ExternKind::memory && flags < 8;
    reader.fail_at(
        at, fmt::format("integer {}: limits flags {:#04x}{}", flags < 0x80 ? "too large" : "representation too long",
                        flags, wide ? ": 64-bit memories are not supported" : ""));
    return {};
  }
  Limits limits;
  limits.has_max = flags & 1;
  limits.shared = flags & 2;
  limits.min = reader.u32();
  if (limits.has_max) limits.max = reader.u32();
  return limits;
}

TableType decode_table_type(Reader& reader) {
  const ValType element = reader.ref_type();
  return {element, decode_limits(reader, ExternKind::table)};
}

GlobalType decode_global_type(Reader& reader) {
  const ValType type = reader.value_type();
  const uint64_t at = reader.offset();
  const uint8_t mutability = reader.byte();
  if (mutability > 1) reader.fail_at(at, "malformed mutability: expected 0 or 1, found " + hex(mutability));
  return {type, mutability == 1};
}

ExternKind decode_kind(Reader& reader, const char* what) {
  const uint64_t at = reader.offset();
  const uint8_t kind = reader.byte();
  if (kind > 3) {
    reader.fail_at(at, fmt::format("malformed {} kind: expected 0 to 3, found {:#04x}", what, kind));
    return ExternKind::function;
  }
  return static_cast<ExternKind>(kind);
}

}  // namespace

void decode_types(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "types", kMaxItems);
  reserve(module.types, count, reader);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const uint64_t at = reader.offset();
    const uint8_t form = reader.byte();
    if (form >= 0x80) reader.fail_at(at, "integer representation too long: the form of a type");
    if (form != 0x60) reader.fail_at(at, "malformed type: expected a function type (0x60), found " + hex(form));
    FuncType& type = module.types.emplace_back();
    decode_value_types(reader, type.params, "parameters");
    decode_value_types(reader, type.results, "results");
  }
}

void decode_imports(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "imports", kMaxItems);
  reserve(module.imports, count, reader);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    Import& import = module.imports.emplace_back();
    import.module = reader.name();
    import.name = reader.name();
    import.kind = decode_kind(reader, "import");
    switch (import.kind) {
      case ExternKind::function:
        import.index = module.imported_functions++;
        module.functions.push_back(reader.u32());
        break;
      case ExternKind::table:
        import.index = module.imported_tables++;
        module.tables.push_back(decode_table_type(reader));
        break;
      case ExternKind::memory:
        import.index = module.imported_memories++;
        module.memories.push_back(decode_limits(reader, ExternKind::memory));
        break;
      case ExternKind::global:
        import.index = module.imported_globals++;
        module.globals.push_back({decode_global_type(reader), {}});
        break;
    }
  }
}

void decode_functions(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "functions", kMaxItems);
  reserve(module.functions, count, reader);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) module.functions.push_back(reader.u32());
}

void decode_tables(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "tables", kMaxSegments);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) module.tables.push_back(decode_table_type(reader));
}

void decode_memories(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "memories", kMaxSegments);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i)
    module.memories.push_back(decode_limits(reader, ExternKind::memory));
}

void decode_globals(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "globals", kMaxItems);
  reserve(module.globals, count, reader);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const GlobalType type = decode_global_type(reader);
    module.globals.push_back({type, decode_constant(reader, module)});
  }
}

void decode_exports(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "exports", kMaxItems);
  reserve(module.exports, count, reader);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const auto name = reader.name();
    const ExternKind kind = decode_kind(reader, "export");
    module.exports.push_back({name, kind, reader.u32()});
  }
}

void decode_bodies(Reader& reader, Module& module) {
  const uint32_t count = decode_count(reader, "function bodies", kMaxItems);
  reserve(module.bodies, count, reader);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const uint64_t at = reader.offset();
    const uint32_t size = reader.u32();
    if (size > kMaxBodyBytes)
      reader.fail_at(at, fmt::format("function body too large: {} bytes, the limit is {}", size, kMaxBodyBytes));
    const uint64_t start = reader.offset();
    module.bodies.push_back({start, reader.bytes(size)});
  }
}

}  // namespace rustg::wasm::detail
