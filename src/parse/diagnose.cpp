#include "parse/diagnose.h"

#include <fmt/format.h>

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
  Diagnostic d = plain(fmt::format(fmt::runtime(message(fault.kind)), trace.tokens.describe(fault.token)),
                       trace.tokens.span(fault.token));
  d.code = code(fault.kind);
  return d;
}

// The first bracket that does not match.
Diagnostic bracket(const FileTokens& tokens) {
  std::vector<uint32_t> open;
  auto report = [&](uint32_t t, ErrorKind kind) {
    return plain(fmt::format(fmt::runtime(message(kind)), tokens.describe(t)), tokens.span(t));
  };
  for (uint32_t t = 0; t != tokens.eof(); ++t) {
    Token k = tokens.kind(t);
    if (k == Token::open_paren || k == Token::open_brace || k == Token::open_bracket) {
      open.push_back(t);
    } else if (k == Token::close_paren || k == Token::close_brace || k == Token::close_bracket) {
      if (open.empty()) return report(t, ErrorKind::unexpected_close);
      if (uint8_t(tokens.kind(open.back())) + 1 != uint8_t(k)) return report(t, ErrorKind::mismatched_close);
      open.pop_back();
    }
  }
  return report(tokens.eof(), ErrorKind::unclosed);
}

}  // namespace

std::vector<Diagnostic> Diagnoser::diagnose(const source::SourceMap& map, uint32_t file) {
  const Trace trace = tracer_.run(map, file);
  std::vector<Diagnostic> all;
  if (!trace.brackets_match) {
    all.push_back(bracket(trace.tokens));
    return all;
  }
  for (const Fault& fault : trace.faults) all.push_back(word(trace, fault));
  return all;
}

}  // namespace rustg::parse
