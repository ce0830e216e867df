// What may go on behind something complete: rustc names it in every list of what was expected there.
#pragma once
#include "parse/expected.h"
#include "parse/trace.h"

namespace rustg::parse {

// Behind the expression that ends before the fault's token.
Expected behind_expression(const Trace& trace, const Fault& fault);
// What rustc's token tests say of a token of the file.
bool begins_expression(const FileTokens& tokens, uint32_t token);
bool begins_item(const FileTokens& tokens, uint32_t token);

// The first token of the node at a place; what has no node (parentheses, the `<` of a qualified path) counts where a bracket's end does.
uint32_t first_token(const Trace& trace, uint32_t place);

}  // namespace rustg::parse
