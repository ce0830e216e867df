// A tree on the host: to print it and to check it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parse/parse.h"
#include "source/source_map.h"

namespace rustg::parse {

struct HostTree {
  std::vector<uint8_t> kinds, flags;
  std::vector<uint32_t> tokens, sizes, files;  // as in TreeRef
  // Of the tokens: where they begin and how long they are.
  std::vector<uint32_t> starts, lengths, first_tokens;

  // To look at through views; nothing is to be written through it.
  TreeRef ref() const {
    return {const_cast<uint8_t*>(kinds.data()), const_cast<uint8_t*>(flags.data()), const_cast<uint32_t*>(tokens.data()),
            const_cast<uint32_t*>(sizes.data()), const_cast<uint32_t*>(files.data()), nullptr, count()};
  }
  uint32_t count() const { return uint32_t(kinds.size()); }
  NodeKind kind(uint32_t node) const { return NodeKind(kinds[node]); }
  uint32_t first(uint32_t node) const { return node + 1 - sizes[node]; }
  // From the first to the last.
  std::vector<uint32_t> children(uint32_t node) const;
};

// Waits for the queue.
template <class Queue>
HostTree download(Queue& queue, uint32_t files, const lex::Tokens<Queue>& tokens, const Tree<Queue>& tree) {
  TreeRef t = tree.ref();
  lex::TokensRef k = tokens.ref();
  uint32_t nodes = queue.read(t.count), count = queue.read(k.count);
  return {queue.download(t.kinds, nodes),   queue.download(t.flags, nodes),    queue.download(t.tokens, nodes),
          queue.download(t.sizes, nodes),   queue.download(t.files, files),    queue.download(k.starts, count),
          queue.download(k.lengths, count), queue.download(k.files, files + 1)};
}

// The tree of a file, a node a line, children indented: `kind` and, where it says more, the token's text.
std::string dump(const HostTree& tree, const source::SourceMap& map, uint32_t file);
// What is wrong with a tree, if anything: sizes that do not nest, nodes out of their file, a token with two nodes, a number of children that a
// kind cannot have. `broken(file)`: its source has errors, so that only the shape is looked at.
std::vector<std::string> validate(const HostTree& tree, const std::vector<bool>& broken);

}  // namespace rustg::parse
