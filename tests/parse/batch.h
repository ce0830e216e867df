// A batch of files, lexed and parsed on a queue, with the result on the host.
#pragma once
#include <string>
#include <vector>

#include "parse/host_tree.h"

namespace rustg::parse::test {

struct Result {
  HostTree tree;
  std::vector<Error> errors;
  std::vector<uint32_t> lex_errors;  // of each file: not 0 if it has any
};

template <class Queue>
Result parse_batch(Queue& queue, const source::Sources& sources, uint32_t cut = 0, bool always = true) {
  lex::Tokens<Queue> tokens(queue);
  Tree<Queue> tree(queue);
  if (cut != 0) tree.set_cut(cut, always);
  lex::lex(queue, sources, tokens);
  parse(queue, sources, tokens, tree);
  return {download(queue, sources.files, tokens, tree), tree.errors(),
          queue.download(tokens.ref().errors, sources.files)};
}

// On the CPU. cut, always: Tree::set_cut(), if cut is not 0. broken: files with errors.
Result parse_on_cpu(const source::SourceMap& map, int threads = 1, uint32_t cut = 0, bool always = true);
std::vector<bool> broken_files(const Result& result, const source::SourceMap& map);
// `line:column: message` for each error.
std::string error_text(const Result& result, const source::SourceMap& map);

}  // namespace rustg::parse::test
