// The outermost structure: magic, version, sections in their order (spec, section 5.5).
#include "wasm/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rustg::wasm {

namespace {

constexpr uint8_t kMagic[4] = {0x00, 0x61, 0x73, 0x6d};
constexpr uint8_t kVersion[4] = {0x01, 0x00, 0x00, 0x00};
constexpr uint8_t kComponentVersion[4] = {0x0d, 0x00, 0x01, 0x00};

enum SectionId : uint8_t {
  kCustom,
  kType,
  kImport,
  kFunction,
  kTable,
  kMemory,
  kGlobal,
  kExport,
  kStart,
  kElement,
  kCode,
  kData,
  kDataCount,
  kTag
};
constexpr const char* kSectionNames[] = {"custom", "type",  "import",  "function", "table", "memory",    "global",
                                         "export", "start", "element", "code",     "data",  "data count"};
// Where a section stands among the others: the data count comes before the code.
constexpr uint8_t kSectionRank[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10};

Status check_header(std::span<const uint8_t> bytes) {
  if (bytes.size() < 4 || !std::equal(kMagic, kMagic + 4, bytes.begin())) return detail::not_a_module(bytes);
  if (bytes.size() < 8) return Error{"unexpected end: the file ends within its version", bytes.size()};
  const auto version = bytes.subspan(4, 4);
  if (std::equal(kComponentVersion, kComponentVersion + 4, version.begin()))
    return Error{"is a WebAssembly component; rustg runs core modules (wasm32-wasip1)", 4};
  if (!std::equal(kVersion, kVersion + 4, version.begin()))
    return Error{fmt::format("unknown binary version: expected 01 00 00 00, found {:02x}", fmt::join(version, " ")), 4};
  return ok();
}

void decode_section(uint8_t id, Reader& reader, Module& module) {
  switch (id) {
    case kType: return detail::decode_types(reader, module);
    case kImport: return detail::decode_imports(reader, module);
    case kFunction: return detail::decode_functions(reader, module);
    case kTable: return detail::decode_tables(reader, module);
    case kMemory: return detail::decode_memories(reader, module);
    case kGlobal: return detail::decode_globals(reader, module);
    case kExport: return detail::decode_exports(reader, module);
    case kStart: module.start = reader.u32(); return;
    case kElement: return detail::decode_elements(reader, module);
    case kCode: return detail::decode_bodies(reader, module);
    case kData: return detail::decode_data(reader, module);
    case kDataCount: module.data_count = reader.u32(); return;
  }
}

}  // namespace

Result<Module> decode(std::span<const uint8_t> bytes) {
  RUSTG_TRY(check_header(bytes));
  Module module;
  module.bytes = bytes;
  Reader file(bytes.subspan(8), 8);
  Reader names{std::span<const uint8_t>{}};
  uint8_t last = kCustom;
  while (!file.at_end()) {
    const uint64_t start = file.offset();
    const uint8_t id = file.byte();
    if (id == kTag) file.fail_at(start, "malformed section id 13: exceptions (the tag section) are not supported yet");
    if (id > kTag) file.fail_at(start, "malformed section id " + std::to_string(id));
    const uint32_t size = file.u32();
    const uint64_t content = file.offset();
    Reader section(file.bytes(size), content, "unexpected end of section or function");
    if (file.failed()) return file.error();
    if (id == kCustom) {
      const auto name = section.name();
      if (section.failed()) return section.error();
      if (name == "name") names = section;
      continue;
    }
    if (kSectionRank[id] <= kSectionRank[last])
      return Error{fmt::format("unexpected content after last section: the {} section comes {} the {} section",
                               kSectionNames[id], id == last ? "twice:" : "after", kSectionNames[last]),
                   start};
    last = id;
    decode_section(id, section, module);
    if (section.failed()) return section.error();
    if (!section.at_end())
      return Error{fmt::format("section size mismatch: the {} section has {} bytes, its contents end {} bytes earlier",
                               kSectionNames[id], size, section.left()),
                   section.offset()};
  }
  const size_t defined = module.functions.size() - module.imported_functions;
  if (defined != module.bodies.size())
    return Error{fmt::format("function and code section have inconsistent lengths: {} functions, {} bodies", defined,
                             module.bodies.size()),
                 bytes.size()};
  if (module.data_count != Module{}.data_count && module.data_count != module.data.size())
    return Error{fmt::format("data count and data section have inconsistent lengths: {} announced, {} found",
                             module.data_count, module.data.size()),
                 bytes.size()};
  module.function_names.resize(module.functions.size());
  detail::decode_names(names, module);
  detail::take_names_from_exports(module);
  return module;
}

}  // namespace rustg::wasm
