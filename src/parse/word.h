// One error of a trace as a diagnostic. Errors go to the family that they belong to; each has a file of its own.
#pragma once
#include <optional>
#include <string>

#include "parse/expected.h"
#include "parse/trace.h"
#include "source/diagnostic.h"

namespace rustg::parse {

// A fault with what is around it at hand.
struct Site {
  const Trace& trace;
  const Fault& fault;
  const FileTokens& t = trace.tokens;
  uint32_t at = fault.token;

  State state() const { return fault.frame.state; }
  // The n-th state around it, from the inside; `items` beyond the outermost.
  State around(uint32_t n = 0) const {
    return n < fault.stack.size() ? fault.stack[fault.stack.size() - 1 - n].state : State::items;
  }
  // Of the innermost list of items around it.
  Place place() const;
  bool is(Token k) const { return t.is(at, k); }
  // The tokens between two, both included.
  source::Span span(uint32_t first, uint32_t last) const { return {t.span(first).begin, t.span(last).end}; }
  source::Diagnostic expected(const Expected& e) const { return expected_one_of(t, at, e); }
  source::Diagnostic expected(const Expected& e, uint32_t token) const { return expected_one_of(t, token, e); }
};

// An error without anything around it.
source::Diagnostic plain(std::string message, source::Span span, std::string label = {}, const char* code = "");
// "expected identifier, found …", with all that rustc has to say about that.
source::Diagnostic identifier_expected(const FileTokens& tokens, uint32_t token);
// A doc comment that nothing follows.
source::Diagnostic lonely_doc(const FileTokens& tokens, uint32_t token);

// Nothing if the error is not of the family.
std::optional<source::Diagnostic> word_item(const Trace& trace, const Fault& fault);
std::optional<source::Diagnostic> word_data(const Trace& trace, const Fault& fault);
std::optional<source::Diagnostic> word_generic(const Trace& trace, const Fault& fault);
std::optional<source::Diagnostic> word_pattern(const Trace& trace, const Fault& fault);

std::optional<source::Diagnostic> word_expression(const Trace& trace, const Fault& fault);
std::optional<source::Diagnostic> word_statement(const Trace& trace, const Fault& fault);

// `.5`, which lacks its `0`.
source::Diagnostic float_literal(const FileTokens& tokens, uint32_t dot);
// A label before something else than `:`.
source::Diagnostic missing_colon(const Trace& trace, const Fault& fault, uint32_t lifetime);
// An operand ends before the fault's token; site: what may stand there instead, besides what continues it.
source::Diagnostic behind_operand(const Trace& trace, const Fault& fault, const Expected& site);

}  // namespace rustg::parse
