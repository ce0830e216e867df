// What a token is. Kinds and symbols come from token.def and symbol.def.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/hd.h"

namespace rustg::lex {

enum class TokenKind : uint8_t {
#define OTHER(name, text) name,
#define PUNCTUATION(name, character) name,
#define LITERAL(name, text) name,
#define DOC(name, text) name,
#define KEYWORD(name, text, edition) name,
#include "lex/token.def"
};
constexpr TokenKind kFirstPunctuation = TokenKind::open_paren, kLastPunctuation = TokenKind::percent;
constexpr TokenKind kFirstLiteral = TokenKind::integer, kLastLiteral = TokenKind::guarded_str;
constexpr TokenKind kFirstDoc = TokenKind::outer_line_doc, kLastDoc = TokenKind::inner_block_doc;
constexpr TokenKind kFirstKeyword = TokenKind::kw_underscore, kLastKeyword = TokenKind::kw_gen;

RUSTG_HD constexpr bool is_punctuation(TokenKind k) { return k >= kFirstPunctuation && k <= kLastPunctuation; }
RUSTG_HD constexpr bool is_literal(TokenKind k) { return k >= kFirstLiteral && k <= kLastLiteral; }
RUSTG_HD constexpr bool is_doc(TokenKind k) { return k >= kFirstDoc && k <= kLastDoc; }
RUSTG_HD constexpr bool is_keyword(TokenKind k) { return k >= kFirstKeyword; }

// Bits of a token's flags.
constexpr uint8_t kJoint = 1;     // the next token begins where this one ends (and is not eof): `>` `=` in `>=`
constexpr uint8_t kRaw = 2;       // r#name, 'r#name; a raw string needs no flag, it has its kind
constexpr uint8_t kSuffix = 4;    // a literal with a suffix: 1u8
constexpr uint8_t kInvalid = 8;   // the lexer has an error for this token; in the parser's eyes a literal of no type
constexpr uint8_t kUnicode = 16;  // an identifier or lifetime with characters above 127, which may need normalising

// Editions in the order of time, so that they compare.
enum class Edition : uint8_t { e2015, e2018, e2021, e2024 };

// Interned text: identifiers (without r#), lifetimes (with ', without r#), literals (all of them, from prefix to suffix).
// A keyword's number is its kind's, from 0.
using SymbolId = uint32_t;
constexpr SymbolId kNoSymbol = 0xffffffffu;
constexpr uint32_t kKeywordCount = uint32_t(kLastKeyword) - uint32_t(kFirstKeyword) + 1;

namespace sym {
enum : SymbolId {
  kBeforeFirst = kKeywordCount - 1,
#define SYMBOL(name, text) name,
#include "lex/symbol.def"
  kKnown  // how many symbols have known numbers
};
}  // namespace sym

RUSTG_HD constexpr SymbolId keyword_symbol(TokenKind k) { return uint32_t(k) - uint32_t(kFirstKeyword); }

// As in token.def, for dumps: `open_paren`.
std::string_view name(TokenKind kind);
// As a message calls it: the character, the keyword, or `identifier`.
std::string_view text(TokenKind kind);
// Of a known symbol.
std::string_view known_text(SymbolId symbol);

}  // namespace rustg::lex
