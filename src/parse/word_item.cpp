// Items and what they consist of: generics, where clauses, fields, parameters.
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

std::optional<Diagnostic> word_item(const Trace& trace, const Fault& fault) {
  const FileTokens& t = trace.tokens;
  const uint32_t at = fault.token;
  switch (fault.kind) {
    case ErrorKind::expected_identifier: {
      std::string_view family = t.family(at);
      return plain("expected identifier, found " + t.describe(at), t.span(at),
                   "expected identifier" + (family.empty() ? std::string() : ", found " + std::string(family)));
    }
    default: return std::nullopt;
  }
}

}  // namespace rustg::parse
