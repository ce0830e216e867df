// Any text is a symbol, perhaps a malformed one; the name that comes back is bounded.
#include "base/demangle.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view symbol(reinterpret_cast<const char*>(data), size);
  if (rustg::demangle(symbol).size() > 2 * size + 100'000) std::abort();
  for (const char* prefix : {"_R", "_ZN"}) rustg::demangle(prefix + std::string(symbol));
  return 0;
}
