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

std::optional<source::Diagnostic> word_expression(const Trace& trace, const Fault& fault);
std::optional<source::Diagnostic> word_statement(const Trace& trace, const Fault& fault);

// An operand ends before the fault's token; site: what may stand there instead, besides what continues it.
source::Diagnostic behind_operand(const Trace& trace, const Fault& fault, const Expected& site);

}  // namespace rustg::parse
