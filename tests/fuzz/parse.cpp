// Any bytes: the parser comes to an end, and what it makes is a tree.
#include <cstdint>
#include <cstdlib>

#include "parse/host_tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rustg;
  if (size == 0) return 0;
  static device::cpu::Queue queue(1);
  static lex::Tokens<device::cpu::Queue> tokens(queue);
  static parse::Tree<device::cpu::Queue> tree(queue);
  source::SourceMap map(lex::known_words());
  if (!map.add("input.rs", {reinterpret_cast<const char*>(data + 1), size - 1}, data[0] % 4)) return 0;
  lex::lex(queue, map.host(), tokens);
  parse::parse(queue, map.host(), tokens, tree);
  if (!parse::validate(parse::download(queue, 1, tokens, tree), {!tree.errors().empty()}).empty()) std::abort();
  return 0;
}
