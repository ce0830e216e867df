// Cores that have files enough to be busy parse a file as one task.
#pragma once
#include "parse/cuts.pass.h"

namespace rustg::parse {

// Without cuts, which are there for those who share a file. What a parser makes of an error depends on where lists and brackets are cut, so files
// with errors are parsed once more, as others parse them.
template <class Queue>
void parse_whole_files(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree) {
  const uint32_t *firsts = tokens.ref().files, files = sources.files, most = Tree<Queue>::kMostErrors;
  uint32_t* error_count = tree.counts_.data() + 1;
  const uint32_t of_brackets = *error_count;
  parse_files(queue, sources, tokens, tree, nullptr, files, false);
  if (*error_count == of_brackets) return;
  device::Buffer<uint32_t> list = queue.template allocate<uint32_t>(files);
  device::Buffer<uint8_t> wrong = queue.template allocate<uint8_t>(files), runs = queue.template allocate<uint8_t>(tree.runs());
  queue.set_bytes(wrong.data(), *error_count > most ? 1 : 0, files);
  queue.zero(runs.data(), tree.runs());
  for (uint32_t i = of_brackets; i < std::min(*error_count, most); ++i)
    wrong.data()[detail::file_of(firsts, files, uint32_t(tree.errors_.data()[i] >> 8))] = 1;
  uint32_t listed = 0;
  for (uint32_t file = 0; file != files; ++file) {
    if (!wrong.data()[file] || tree.bad_files_.data()[file]) continue;
    list.data()[listed++] = file;
    queue.zero(tree.place_kinds_.data() + firsts[file], firsts[file + 1] - firsts[file]);
    for (uint32_t run = firsts[file] / kRun; run <= (firsts[file + 1] - 1) / kRun; ++run) runs.data()[run] = 1;
  }
  *error_count = of_brackets;
  find_cuts(queue, tokens, tree, runs.data());
  parse_files(queue, sources, tokens, tree, list.data(), listed, true);
}

}  // namespace rustg::parse
