// What is wrong between the quotes of a literal.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "lex/token.h"
#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::lex {

// As char::escape_default has it, but for \, ' and ", which stay.
std::string escaped_character(uint32_t c);

// literal: with prefix and quotes; content: between the quotes. Adds to `reports`.
void literal_errors(const source::SourceMap& map, TokenKind kind, source::Span literal, source::Span content,
                    std::vector<source::Diagnostic>& reports);

}  // namespace rustg::lex
