// Any bytes: decoded and, if they are a module, validated. Errors must lie within the input.
// Seeds: the modules of the specification's tests.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "wasm/module.h"

namespace {
void check(const rustg::Error& error, size_t size) {
  if (error.message.empty() || error.offset.value_or(0) > size) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto module = rustg::wasm::decode({data, size});
  if (!module) {
    check(module.error(), size);
    return 0;
  }
  const auto status = rustg::wasm::validate(*module);
  if (!status) check(status.error(), size);
  return 0;
}
