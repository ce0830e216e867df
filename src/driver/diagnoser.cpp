#include "driver/diagnoser.h"

#include <algorithm>
#include <iterator>

#include "lex/diagnose.h"

namespace rustg::driver {

std::vector<source::Diagnostic> Diagnoser::diagnose(const source::SourceMap& map, uint32_t file) {
  std::vector<source::Diagnostic> all = lex::diagnose(map, file);
  if (std::any_of(all.begin(), all.end(), [](const source::Diagnostic& d) { return d.fatal; })) return all;
  if (!parser_) parser_ = std::make_unique<parse::Diagnoser>();
  std::vector<source::Diagnostic> more = parser_->diagnose(map, file);
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return all;
}

}  // namespace rustg::driver
