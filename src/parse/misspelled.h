// Words that are nearly keywords.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "parse/expected.h"
#include "parse/trace.h"
#include "source/diagnostic.h"

namespace rustg::parse {

// rustc's guess what was meant where `token` was found and one of `expected` should be: a keyword instead of this word or the one before.
void guess_keyword(const FileTokens& tokens, uint32_t token, const Expected& expected, source::Diagnostic& d);

}  // namespace rustg::parse
