#include "parse/diagnose.h"

#include <fmt/format.h>

#include "parse/diagnose_brackets.h"
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

Diagnostic plain(std::string message, source::Span span, std::string label) {
  Diagnostic d;
  d.message = std::move(message);
  d.spans.primary = {span};
  if (!label.empty()) d.spans.labels = {{span, std::move(label)}};
  return d;
}

namespace {

Diagnostic word(const Trace& trace, const Fault& fault) {
  if (auto d = word_item(trace, fault)) return std::move(*d);
  if (auto d = word_statement(trace, fault)) return std::move(*d);
  if (auto d = word_expression(trace, fault)) return std::move(*d);
  Diagnostic d = plain(fmt::format(fmt::runtime(message(fault.kind)), trace.tokens.describe(fault.token)),
                       trace.tokens.span(fault.token));
  d.code = code(fault.kind);
  return d;
}

}  // namespace

std::vector<Diagnostic> Diagnoser::diagnose(const source::SourceMap& map, uint32_t file) {
  const Trace trace = tracer_.run(map, file);
  std::vector<Diagnostic> all;
  if (!trace.brackets_match) return diagnose_brackets(map, file, trace.tokens.kinds, trace.tokens.starts);
  for (const Fault& fault : trace.faults) all.push_back(word(trace, fault));
  return all;
}

}  // namespace rustg::parse
