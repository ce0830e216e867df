// Files that are no modules, and what they are instead: most mistakes are a wrong file name or a wrong --target.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "wasm/decode.h"

namespace rustg::wasm::detail {

namespace {

struct Look {
  std::string_view start;
  const char* message;
};
constexpr Look kLooks[] = {
    {"\x7f"
     "ELF",
     "this is an ELF file, built for this machine; rustc makes a module with --target wasm32-wasip1"},
    {"MZ", "this is a Windows program; rustc makes a module with --target wasm32-wasip1"},
    {"\xcf\xfa\xed\xfe", "this is a Mach-O file; rustc makes a module with --target wasm32-wasip1"},
    {"!<arch>\n", "this is an archive of object files (an rlib or a static library), not a linked module"},
    {"BC\xc0\xde", "this is LLVM bitcode, not a linked module"},
    {"\x1f\x8b", "this is a gzip file; unpack it first"},
    {"PK\x03\x04", "this is a zip file; unpack it first"},
    {"(module", "this is WebAssembly's text format; wat2wasm turns it into a module"},
};

bool is_text(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(),
                                       [](char c) { return c >= 0 && c < ' ' && c != '\n' && c != '\r' && c != '\t'; });
}

}  // namespace

Error not_a_module(std::span<const uint8_t> bytes) {
  constexpr std::string_view kMagic("\0asm", 4);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.empty()) return {"unexpected end: the file is empty", 0};
  if (kMagic.starts_with(text)) return {"unexpected end: the file ends within its magic number", bytes.size()};
  const std::string expected = "magic header not detected: ";
  for (const Look& look : kLooks)
    if (text.starts_with(look.start)) return {expected + look.message, 0};
  // A character may be cut in two at the end of the part that is looked at.
  constexpr size_t kLookedAt = 512;
  for (size_t cut = 0; cut < (text.size() > kLookedAt ? 4 : 1); ++cut)
    if (is_text(text.substr(0, std::min(text.size(), kLookedAt - cut))))
      return {expected + "this is a text file, not a WebAssembly module", 0};
  return {fmt::format("{}expected 00 61 73 6d, found {:02x}", expected,
                      fmt::join(bytes.first(std::min<size_t>(4, bytes.size())), " ")),
          0};
}

}  // namespace rustg::wasm::detail
