// What is wrong with the brackets of a file, in rustc's words and order. The device only tells that they do not match; the tokens of such a file
// are gone through again here.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::parse {

// kinds, starts: the file's tokens, `eof` the last.
std::vector<source::Diagnostic> diagnose_brackets(const source::SourceMap& map, uint32_t file,
                                                  std::span<const uint8_t> kinds, std::span<const uint32_t> starts);

}  // namespace rustg::parse
