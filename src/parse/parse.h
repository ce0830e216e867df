// The parser: all files of a batch at once, on either device. docs/parse.md tells how.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "device/machines.h"
#include "lex/lex.h"
#include "parse/machine.h"
#include "parse/tree.h"
#include "source/sources.h"

namespace rustg::parse {

// The tree of one batch, its errors, and what parse() needs beside them. One may be used for batch after batch: it grows when needed.
template <class Queue>
class Tree {
 public:
  static constexpr uint32_t kMostErrors = 1u << 16;  // those beyond are counted, not kept

  explicit Tree(Queue& queue)
      : queue_(queue),
        counts_(queue.template allocate<uint32_t>(3)),
        errors_(queue.template allocate<uint64_t>(kMostErrors)),
        error_values_(queue.template allocate<uint32_t>(kMostErrors)) {}

  TreeRef ref() const;
  device::Count count() const { return {counts_.data(), capacity_}; }
  // Of each bracket token the other one of its pair; of other tokens, and in files whose brackets do not match, nothing.
  const uint32_t* match() const { return match_.data(); }
  // All errors by token. Waits for the queue.
  std::vector<Error> errors() const;

  // Room for the tree of a batch with so many tokens. What parsers need beside it is in the batch's scratch, and where nodes will be: until
  // pack_tree(), kinds_ has the tokens' kinds (join_kinds), and nobody asks for what is in flags_, tokens_ and sizes_.
  void reserve(const lex::Tokens<Queue>& batch, uint32_t tokens, uint32_t files);

  // Brackets with at least so many tokens become tasks of their own. The tree of a file without errors does not depend on it. always: also on cores
  // that have files enough to be busy, which else cut files with errors only.
  void set_cut(uint32_t tokens, bool always = true) { cut_ = tokens, always_cut_ = always; }

 private:
  uint32_t runs() const { return capacity_ / kRun + 1; }
  Cuts cuts() const { return {depths_.data(), cut_kinds_.data(), cut_depths_.data(), cut_tokens_.data(), cut_angles_.data(), runs()}; }

  template <class Q>
  friend void match_brackets(Q&, const source::Sources&, const lex::Tokens<Q>&, Tree<Q>&);
  template <class Q>
  friend void find_cuts(Q&, const lex::Tokens<Q>&, Tree<Q>&, const uint8_t*);
  template <class Q>
  friend void join_kinds(Q&, const lex::Tokens<Q>&, Tree<Q>&);
  template <class Q>
  friend void parse_files(Q&, const source::Sources&, const lex::Tokens<Q>&, Tree<Q>&, const uint32_t*, uint32_t, bool);
  template <class Q>
  friend void parse_whole_files(Q&, const source::Sources&, const lex::Tokens<Q>&, Tree<Q>&);
  template <class Q>
  friend void run_parsers(Q&, const source::Sources&, const lex::Tokens<Q>&, Tree<Q>&);
  template <class Q>
  friend void pack_tree(Q&, const source::Sources&, const lex::Tokens<Q>&, Tree<Q>&);

  Queue& queue_;
  device::Buffer<uint8_t> kinds_, flags_;
  device::Buffer<uint32_t> tokens_, sizes_, files_, bad_files_, match_;
  std::shared_ptr<device::Scratch> scratch_;
  device::Part<uint8_t> place_kinds_, place_flags_;
  device::Part<uint32_t> place_tokens_, place_starts_, before_;
  device::Part<uint64_t> used_;
  device::Part<uint32_t> depths_, cut_depths_, cut_tokens_, cut_angles_;  // see Cuts
  device::Part<uint8_t> cut_kinds_;
  device::Buffer<uint32_t> counts_;  // nodes, errors, brackets left over by chunks
  device::Buffer<uint64_t> errors_;
  device::Buffer<uint32_t> error_values_;
  std::unique_ptr<device::Machines<Machine>> machines_;
  device::Buffer<StackSlot> chunks_;
  device::Buffer<uint32_t> chunk_links_;
  uint32_t capacity_ = 0, file_capacity_ = 0;
  uint32_t cut_ = 64;  // enough to keep all lanes at work
  bool always_cut_ = false;
};

// Parse all files, waiting only for the number of tokens, to make room for as many.
template <class Queue>
void parse(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree);
// The same within what reserve(tokens.capacity(), …) made room for, without waiting: what a graph can capture.
template <class Queue>
void parse_reserved(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree);

// Its parts, in this order; docs/parse.md tells what each does.
template <class Queue>
void match_brackets(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree);
template <class Queue>
void run_parsers(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree);
template <class Queue>
void pack_tree(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree);

// Both devices' are compiled in parse_cpu.cpp and parse_cuda.cu.
#define RUSTG_PARSE_FOR(prefix, Queue)                                                                              \
  prefix template class Tree<Queue>;                                                                                \
  prefix template void parse(Queue&, const source::Sources&, const lex::Tokens<Queue>&, Tree<Queue>&);              \
  prefix template void parse_reserved(Queue&, const source::Sources&, const lex::Tokens<Queue>&, Tree<Queue>&);     \
  prefix template void match_brackets(Queue&, const source::Sources&, const lex::Tokens<Queue>&, Tree<Queue>&);     \
  prefix template void run_parsers(Queue&, const source::Sources&, const lex::Tokens<Queue>&, Tree<Queue>&);        \
  prefix template void pack_tree(Queue&, const source::Sources&, const lex::Tokens<Queue>&, Tree<Queue>&);
RUSTG_PARSE_FOR(extern, device::cpu::Queue)
RUSTG_PARSE_FOR(extern, device::cuda::Queue)

}  // namespace rustg::parse
