#include "lex/token.h"

#include <string>

#include "lex/lex.h"

namespace rustg::lex {

namespace {
constexpr std::string_view kNames[] = {
#define OTHER(name, text) #name,
#define PUNCTUATION(name, character) #name,
#define LITERAL(name, text) #name,
#define DOC(name, text) #name,
#define KEYWORD(name, text, edition) #name,
#include "lex/token.def"
};
constexpr char kCharacters[] = {
#define PUNCTUATION(name, character) character,
#include "lex/token.def"
};
constexpr std::string_view kTexts[] = {
#define OTHER(name, text) text,
#define PUNCTUATION(name, character) \
  std::string_view(&kCharacters[uint8_t(TokenKind::name) - uint8_t(kFirstPunctuation)], 1),
#define LITERAL(name, text) text,
#define DOC(name, text) text,
#define KEYWORD(name, text, edition) text,
#include "lex/token.def"
};
constexpr std::string_view kSymbols[] = {
#define SYMBOL(name, text) text,
#include "lex/symbol.def"
};
}  // namespace

std::string_view name(TokenKind kind) {
  std::string_view name = kNames[uint8_t(kind)];
  return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

std::string_view text(TokenKind kind) { return kTexts[uint8_t(kind)]; }

std::string_view known_text(SymbolId symbol) {
  return symbol < kKeywordCount ? text(TokenKind(uint32_t(kFirstKeyword) + symbol)) : kSymbols[symbol - kKeywordCount];
}

std::string_view known_words() {
  static const std::string words = [] {
    std::string all;
    for (SymbolId s = 0; s < sym::kKnown; ++s) {
      all += known_text(s);
      all.resize((s + 1) * kKnownWordBytes);
    }
    return all;
  }();
  return words;
}

}  // namespace rustg::lex
