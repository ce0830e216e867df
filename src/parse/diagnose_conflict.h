// The markers that version control leaves in a file whose parts it could not merge.
#pragma once
#include <optional>

#include "parse/trace.h"
#include "source/diagnostic.h"

namespace rustg::parse {

// If the file's first error is in a conflict's region, where a marker begins a line: what rustc says of that, and nothing else.
std::optional<source::Diagnostic> diagnose_conflict(const Trace& trace);

}  // namespace rustg::parse
