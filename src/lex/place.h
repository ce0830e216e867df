// From the bits of 64 bytes to the tokens that begin in them: numbers, places and lengths all at once, as far as bits tell them. For a core;
// a lane of a GPU has one token. As blocks.h, written for each kind of processor.
#pragma once
#include <cstdint>

#include "lex/blocks.h"
#include "lex/lex.h"

namespace rustg::lex {

// The tokens of a block by their order in it, bit k and item k being the k-th one's.
struct Placed {
  uint32_t count;
  uint64_t words;   // identifiers, keywords and numbers of digits alone, all of them within the block
  uint64_t others;  // what neither is one of these nor punctuation: their kind, flags, and length are not known
  alignas(64) uint8_t at[kBlockBytes], length[kBlockBytes];
};

// `here`: where tokens begin; `joint`: behind which bytes one begins. The block's first byte is at base. Writes kind, flags, start, length and
// no symbol for its tokens, which are those from `number` on; what it could not know is overwritten later.
void place(const uint8_t* bytes, uint32_t base, const Block& block, uint64_t here, uint64_t joint, const TokensRef& out,
           uint32_t number, Placed& placed);

// A block whose tokens have their places. Some of them make a group: each step is done for all its blocks before the next one.
struct PlacedBlock {
  Block block;
  Placed tokens;
  uint64_t missing;  // words that were not met a short while ago
  uint64_t texts;    // others that have a text
  uint32_t base, number, file;
  Edition edition;
};
constexpr uint32_t kBlocksPerGroup = 32;

// Tokens of a group: block * 64 + number in it.
struct TokenList {
  uint32_t count;
  uint16_t items[kBlocksPerGroup * kBlockBytes + 32];  // writes may go over the end
};
// Those whose bits are set, of so many blocks.
void list_tokens(const uint64_t* bits, uint32_t blocks, TokenList& list);

}  // namespace rustg::lex
