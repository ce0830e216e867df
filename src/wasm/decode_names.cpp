// The name section (spec, appendix "Custom Sections"): nothing depends on it, so nothing in it is an error.
#include "wasm/decode.h"

namespace rustg::wasm::detail {

void decode_names(Reader& reader, Module& module) {
  constexpr uint8_t kFunctionNames = 1;
  while (!reader.at_end()) {
    const uint8_t id = reader.byte();
    const auto content = reader.bytes(reader.u32());
    if (reader.failed()) return;
    if (id != kFunctionNames) continue;
    Reader names(content);
    std::vector<std::string_view> found(module.function_names.size());
    const uint32_t count = names.u32();
    for (uint32_t i = 0; i < count && !names.failed(); ++i) {
      const uint32_t index = names.u32();
      const auto name = names.name();
      if (index < found.size()) found[index] = name;
    }
    if (!names.failed()) module.function_names = std::move(found);
    return;
  }
}

void take_names_from_exports(Module& module) {
  for (const Export& export_ : module.exports) {
    if (export_.kind != ExternKind::function || export_.index >= module.function_names.size()) continue;
    auto& name = module.function_names[export_.index];
    if (name.empty()) name = export_.name;
  }
}

}  // namespace rustg::wasm::detail
