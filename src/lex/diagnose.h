// What the lexer has to report about a file, in rustc's words and order. lex() only tells which files have something (TokensRef::errors); those
// few are gone through again here, on the host, by the same functions of scan.h.
#pragma once
#include <cstdint>
#include <vector>

#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::lex {

std::vector<source::Diagnostic> diagnose(const source::SourceMap& map, uint32_t file);

}  // namespace rustg::lex
