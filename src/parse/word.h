// One error of a trace as a diagnostic. Errors go to the family that they belong to; each has a file of its own.
#pragma once
#include <optional>

#include "parse/expected.h"
#include "parse/trace.h"
#include "source/diagnostic.h"

namespace rustg::parse {

// An error without anything around it.
source::Diagnostic plain(std::string message, source::Span span, std::string label = {});

// Nothing if the error is not of the family.
std::optional<source::Diagnostic> word_item(const Trace& trace, const Fault& fault);

}  // namespace rustg::parse
