// The parts of the decoder, one a section kind. They append to the module; what is malformed stays in the reader as its error.
#pragma once
#include "wasm/module.h"
#include "wasm/reader.h"

namespace rustg::wasm::detail {

void decode_types(Reader& reader, Module& module);
void decode_imports(Reader& reader, Module& module);
void decode_functions(Reader& reader, Module& module);
void decode_tables(Reader& reader, Module& module);
void decode_memories(Reader& reader, Module& module);
void decode_globals(Reader& reader, Module& module);
void decode_exports(Reader& reader, Module& module);
void decode_elements(Reader& reader, Module& module);
void decode_bodies(Reader& reader, Module& module);
void decode_data(Reader& reader, Module& module);
// Function names of a name section. A malformed one changes nothing.
void decode_names(Reader& reader, Module& module);
// Names that the name section did not give: those under which functions are exported.
void take_names_from_exports(Module& module);

// The length of a vector of `what`, of which `limit` are allowed.
uint32_t decode_count(Reader& reader, const char* what, uint32_t limit);
ConstExpr decode_constant(Reader& reader, const Module& module);

// Why `bytes`, which do not begin as a module does, are none: what they look like instead.
Error not_a_module(std::span<const uint8_t> bytes);

}  // namespace rustg::wasm::detail
