// The tokens of a group of blocks that their bits do not tell, by a core: sorted by what they begin with, and each kind in a loop of its own, so that
// what a loop does next hangs on little but its text.
#pragma once
#include "lex/lexeme.h"
#include "lex/place.h"
#include "lex/stretch.h"

namespace rustg::lex::detail {

// What tokens begin with.
enum First : uint8_t { kAny, kSlash, kQuote, kTick, kFirsts };
struct FirstTable {
  uint8_t of[256] = {};
  constexpr FirstTable() { of[uint8_t('/')] = kSlash, of[uint8_t('"')] = kQuote, of[uint8_t('\'')] = kTick; }
};
inline constexpr FirstTable kFirstOf;

// Kind, flags and length of what is placed as `others`.
class OtherTokens {
 public:
  OtherTokens(const Sources& s, const TokensRef& out, const uint64_t* bits, uint32_t* unusual)
      : s_(s), out_(out), bits_(bits), unusual_(unusual) {}

  // `all`: the others of these blocks. Leaves in each block's `texts` those that have one.
  void tell(PlacedBlock* blocks, const TokenList& all) {
    for (uint32_t& n : counts_) n = 0;
    for (uint32_t n = 0; n != all.count; ++n) {
      const Token token(blocks, all.items[n]);
      const uint32_t first = kFirstOf.of[s_.bytes[token.start]];
      lists_[first][counts_[first]++] = all.items[n];
    }
    for (uint32_t n = 0; n != counts_[kSlash]; ++n) comment(Token(blocks, lists_[kSlash][n]));
    for (uint32_t n = 0; n != counts_[kQuote]; ++n) string(Token(blocks, lists_[kQuote][n]));
    for (uint32_t n = 0; n != counts_[kTick]; ++n) lifetime(Token(blocks, lists_[kTick][n]));
    for (uint32_t n = 0; n != counts_[kAny]; ++n) any(Token(blocks, lists_[kAny][n]));
  }

 private:
  struct Token {
    PlacedBlock& block;
    uint32_t k, at, start;
    Token(PlacedBlock* blocks, uint32_t item)
        : block(blocks[item / kBlockBytes]), k(item % kBlockBytes), at(block.tokens.at[k]), start(block.base + at) {}
  };

  void comment(const Token& token) {
    const uint8_t* p = s_.bytes + token.start;
    const uint32_t file_end = s_.ends[token.block.file];
    if (p[1] != '/') return any(token);
    const uint32_t end = find_either(s_.bytes, token.start + 3, file_end, '\n', '\r');
    if (end < file_end && s_.bytes[end] == '\r') return any(token);
    put(token, p[2] == '!' ? TokenKind::inner_line_doc : TokenKind::outer_line_doc, 0, end);
  }

  void string(const Token& token) {
    const uint32_t file_end = s_.ends[token.block.file], quote = find_either(s_.bytes, token.start + 1, file_end, '"', '\\'), end = quote + 1;
    if (quote >= file_end || s_.bytes[quote] != '"' || is_start(s_.bytes + end) ||
        find_either(s_.bytes, token.start + 1, quote, '\r', '\r') != quote)
      return any(token);
    put(token, TokenKind::str, joint(end, file_end), end);
    token.block.texts |= uint64_t(1) << token.k;
  }

  void lifetime(const Token& token) {
    const Block& m = token.block.block;
    const uint32_t file_end = s_.ends[token.block.file], first = token.at + 1;
    if (first == kBlockBytes) return any(token);
    const uint32_t length = trailing_ones(m.word >> first), behind = first + length;
    if (length == 0 || behind >= kBlockBytes || ((m.hard | m.hash) >> behind & 1) || (m.digit >> first & 1)) return any(token);
    const uint32_t end = token.start + 1 + length;
    put(token, TokenKind::lifetime, joint(end, file_end), end);
    token.block.texts |= uint64_t(1) << token.k;
  }

  void any(const Token& token) {
    const PlacedBlock& b = token.block;
    const Text t = text_of(s_, b.file);
    if (token.start == t.end) return put(token, TokenKind::eof, 0, t.end);
    Lexeme is{TokenKind::ident, 0, 0};
    if (!word_by_bits(t, token.start, Window(b.block, token.at), is)) is = lexeme(t, token.start, t.end);
    if (is.flags & kInvalid) out_.errors[b.file] = 1;
    put(token, is.kind, uint8_t(is.flags | joint(is.end, t.end)), is.end);
    if (!has_text(is.kind)) return;
    if (is_unusual(s_.bytes, token.start, is)) *unusual_ = 1;
    token.block.texts |= uint64_t(1) << token.k;
  }

  uint8_t joint(uint32_t end, uint32_t file_end) const { return uint8_t(end < file_end && starts_at(bits_, end)) * kJoint; }
  void put(const Token& token, TokenKind kind, uint8_t flags, uint32_t end) {
    const uint32_t i = token.block.number + token.k;
    out_.kinds[i] = uint8_t(kind);
    out_.flags[i] = flags;
    out_.lengths[i] = end - token.start;
  }

  const Sources& s_;
  const TokensRef& out_;
  const uint64_t* bits_;
  uint32_t* unusual_;
  uint32_t counts_[kFirsts];
  uint16_t lists_[kFirsts][kBlocksPerGroup * kBlockBytes];
};

}  // namespace rustg::lex::detail
