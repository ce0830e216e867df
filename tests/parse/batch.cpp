#include "parse/batch.h"

#include <fmt/format.h>

namespace rustg::parse::test {

Result parse_on_cpu(const source::SourceMap& map, int threads, uint32_t cut, bool always) {
  device::cpu::Queue queue(threads);
  return parse_batch(queue, map.host(), cut, always);
}

std::vector<bool> broken_files(const Result& result, const source::SourceMap& map) {
  std::vector<bool> broken(map.files());
  for (const Error& error : result.errors) broken[map.file_at(result.tree.starts[error.token])] = true;
  return broken;
}

std::string error_text(const Result& result, const source::SourceMap& map) {
  std::string text;
  for (const Error& error : result.errors) {
    uint32_t begin = result.tree.starts[error.token];
    uint32_t file = map.file_at(begin);
    source::Position at = map.position(file, begin);
    std::string found(map.text(begin, begin + result.tree.lengths[error.token]));
    found = found.empty() ? "<eof>" : "`" + found + "`";
    text += fmt::format("{}:{}: {}\n", at.line, at.column, fmt::format(fmt::runtime(message(error.kind)), found));
  }
  return text;
}

}  // namespace rustg::parse::test
