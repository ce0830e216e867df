// The lexer: all files of a batch at once, on either device. docs/lex.md tells how.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "device/hash_table.h"
#include "device/memory.h"
#include "device/scratch.h"
#include "device/types.h"
#include "lex/blocks.h"
#include "lex/token.h"
#include "source/sources.h"

namespace rustg::lex {

// Tokens by number, those of a file together and in its order, each file's last one an eof. Plain pointers into Tokens.
struct TokensRef {
  uint8_t* kinds;     // TokenKind
  uint8_t* flags;     // kJoint…
  uint32_t* starts;   // offsets into the bytes of all files
  uint32_t* lengths;  // bytes
  SymbolId* symbols;  // of identifiers, lifetimes and literals; kNoSymbol for the rest, keywords too (keyword_symbol())
  uint32_t* files;    // file_count + 1: the first token of each
  uint32_t* errors;   // of each file: not 0 if the lexer has errors to report (diagnose.h)
  const uint32_t* count;  // how many tokens; above `capacity`: they did not fit
  uint32_t capacity;

  RUSTG_HD TokenKind kind(uint32_t token) const { return TokenKind(kinds[token]); }
  RUSTG_HD uint32_t end(uint32_t token) const { return starts[token] + lengths[token]; }
  RUSTG_HD bool is_joint(uint32_t token) const { return flags[token] & kJoint; }
  // An identifier's, a keyword's, a lifetime's or a literal's.
  RUSTG_HD SymbolId symbol(uint32_t token) const {
    return is_keyword(kind(token)) ? keyword_symbol(kind(token)) : symbols[token];
  }
};

// The tokens of one batch, the interned texts, and what lex() needs beside them. One may be used for batch after batch: it grows when a
// batch needs more.
template <class Queue>
class Tokens {
 public:
  explicit Tokens(Queue& queue) : queue_(queue), counts_(queue.template allocate<uint32_t>(6)) {}

  TokensRef ref() const;
  device::Count count() const { return {counts_.data(), capacity_}; }
  uint32_t capacity() const { return capacity_; }
  // Interned text: a symbol's is the source's bytes at symbols().keys[symbol], of a name in NFC (nfc.h) whatever they are.
  device::HashTableRef symbols() const { return table_->ref(); }
  const device::HashTable& table() const { return *table_; }

  // Room for a batch; existing content is lost. For find_starts(); texts: tokens that are looked up in the table, at most those with a symbol.
  void reserve_starts(uint32_t bytes, uint32_t files, uint32_t texts);
  // For emit_tokens().
  void reserve_tokens(uint32_t tokens, uint32_t symbols);
  // What passes over this batch share: each may write over what the one before left there.
  const std::shared_ptr<device::Scratch>& scratch() const { return scratch_; }

  // What the parts of the pass hand to each other, in the scratch.
  struct Workspace {
    uint64_t* bits;      // one bit a byte: a token starts there
    MadeBlock* blocks;   // of the whole text, for lanes (cores make them as they go)
    uint32_t* contents;  // of each file: where its code begins
    uint32_t* slow;      //   not 0: one lane has to go through it
    uint8_t* stretches;  // of each lane's stretch: what it begins inside of
    uint32_t* stretch_files;  //   and in which file
    uint64_t* states;         //   what it leads to
    uint8_t* guesses;         //   what was found when it was taken to begin in code (starts_lanes.pass.h)
    uint32_t* open;           //   those that others than code have to be asked about
    uint32_t* list;      // lanes: tokens with a text of their own
    // Lanes write these two over what they had until here, `bits` excepted:
    device::ByteSpan* spans;  // the listed texts
    uint32_t* ids;       // symbols, in the order of the texts
    uint32_t* count;     // how many tokens
    uint32_t* texts;     // how many on the list
    uint32_t *unusual, *looked_at, *names;  // whether names may not be in NFC; the tokens to be looked at for this; such names
    uint32_t* open_count;  // lanes: how many are on the list that is being made
  };
  Workspace workspace() const;
  device::HashTable& table() { return *table_; }
  uint32_t text_capacity() const { return list_capacity_; }

 private:
  Queue& queue_;
  device::Buffer<uint8_t> kinds_, flags_;
  device::Buffer<uint32_t> starts_, lengths_, symbols_, files_, errors_, contents_, slow_, counts_;
  std::unique_ptr<device::HashTable> table_;
  std::shared_ptr<device::Scratch> scratch_ = std::make_shared<device::Scratch>();
  device::Part<uint8_t> stretches_, guesses_;
  device::Part<MadeBlock> blocks_;
  device::Part<uint32_t> list_, ids_, stretch_files_, open_;
  device::Part<uint64_t> starts_bits_, states_;
  device::Part<device::ByteSpan> spans_;
  uint32_t capacity_ = 0, bytes_ = 0, file_capacity_ = 0, list_capacity_ = 0;
};

// Lex all of `sources` (whose bytes begin with known_words()), waiting only to see whether the tokens fitted; if not, again with more room.
template <class Queue>
void lex(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens);
// The same within what reserve() made room for, without waiting: what a graph can capture.
template <class Queue>
void lex_reserved(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens);

// Its parts, in this order; docs/lex.md tells what each does.
template <class Queue>
void find_starts(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens);
template <class Queue>
void emit_tokens(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens);

// Both devices' are compiled in lex_cpu.cpp and lex_cuda.cu.
#define RUSTG_LEX_FOR(prefix, Queue)                                                            \
  prefix template class Tokens<Queue>;                                                          \
  prefix template void lex(Queue&, const source::Sources&, Tokens<Queue>&);                     \
  prefix template void lex_reserved(Queue&, const source::Sources&, Tokens<Queue>&);            \
  prefix template void find_starts(Queue&, const source::Sources&, Tokens<Queue>&);             \
  prefix template void emit_tokens(Queue&, const source::Sources&, Tokens<Queue>&);
RUSTG_LEX_FOR(extern, device::cpu::Queue)
RUSTG_LEX_FOR(extern, device::cuda::Queue)

// The texts of the known symbols, each at a multiple of kKnownWordBytes and ended by a 0: what SourceMap is to put before the files.
constexpr uint32_t kKnownWordBytes = 24;
std::string_view known_words();

}  // namespace rustg::lex
