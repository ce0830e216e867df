// What is wrong between the quotes of a literal.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "lex/diagnose.h"
#include "lex/token.h"

namespace rustg::lex {

// As char::escape_default has it, but for \, ' and ", which stay.
std::string escaped_character(uint32_t c);

// literal: with prefix and quotes; content: between the quotes. Adds to `reports`.
void literal_errors(const source::SourceMap& map, TokenKind kind, Span literal, Span content, std::vector<Report>& reports);

}  // namespace rustg::lex
