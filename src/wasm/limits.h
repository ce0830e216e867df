// What rustg takes on beyond what the specification bounds: the limits of WebAssembly's JavaScript interface
// (https://webassembly.github.io/spec/js-api/, "Implementation-defined Limits"), which all engines share.
#pragma once
#include <cstdint>

namespace rustg::wasm {

constexpr uint32_t kMaxItems = 1'000'000;      // types, imports, functions, globals, exports
constexpr uint32_t kMaxSegments = 100'000;     // tables, data segments
constexpr uint32_t kMaxElements = 10'000'000;  // element segments, and entries of one
constexpr uint32_t kMaxTypes = 1'000;          // parameters of a function; likewise results
constexpr uint32_t kMaxLocals = 50'000;        // of a function, parameters included
constexpr uint32_t kMaxBodyBytes = 7'654'321;
constexpr uint32_t kMaxLabels = 65'520;        // of a br_table
constexpr uint32_t kMaxOperands = 10'000'000;  // on the operand stack
constexpr uint64_t kMaxPages = 65'536;

}  // namespace rustg::wasm
