// Modules in the text format, through wat2wasm of Debian's package wabt.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace rustg::wasm::testing {

bool has_wat2wasm();
// The module's bytes, unchecked by wat2wasm, so that it may be invalid. Empty if `text` has a syntax error.
std::vector<uint8_t> from_wat(const std::string& text);

}  // namespace rustg::wasm::testing
