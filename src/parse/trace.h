// The tokens of one file on the host, and what the parser's state was at each of its errors. The device only records where and what kind an error is;
// the few files that have any are gone through once more here, by the same Parser, so that messages can tell what might have stood in a place.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lex/lex.h"
#include "parse/parser.h"
#include "parse/tree.h"
#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::parse {

// An error and the step of the parser that found it.
struct Fault {
  ErrorKind kind;
  uint32_t token;
  Frame frame;               // what was being parsed when the step began
  NodeKind last;             // the node emitted last when the step began
  uint32_t place;            // of the next node then
  std::vector<Frame> stack;  // what waits around it, the innermost last
};

constexpr bool opens(Token k) { return k == Token::open_paren || k == Token::open_brace || k == Token::open_bracket; }
constexpr bool closes(Token k) { return k == Token::close_paren || k == Token::close_brace || k == Token::close_bracket; }

// Tokens by number from 0, the last one eof; starts are offsets into the bytes of `map`.
struct FileTokens {
  const source::SourceMap* map;
  uint32_t file;
  lex::Edition edition;
  std::vector<uint8_t> kinds, flags;
  std::vector<uint32_t> starts, lengths, symbols;
  std::vector<uint32_t> match;  // empty if the brackets do not match

  uint32_t eof() const { return uint32_t(kinds.size() - 1); }
  // Outside of the file is eof.
  Token kind(uint32_t t) const { return t < kinds.size() ? Token(kinds[t]) : Token::eof; }
  bool is(uint32_t t, Token k) const { return kind(t) == k; }
  bool opens(uint32_t t) const { return parse::opens(kind(t)); }
  bool closes(uint32_t t) const { return parse::closes(kind(t)); }
  bool joint(uint32_t t) const { return t < flags.size() && (flags[t] & lex::kJoint); }
  bool is_word(uint32_t t, lex::SymbolId symbol) const {
    return kind(t) == Token::ident && symbols[t] == symbol && !(flags[t] & lex::kRaw);
  }
  // How many tokens rustc's lexer makes one of at `t`: 3 for `>>=`.
  uint32_t glued(uint32_t t) const;
  // Is the glued token at `t` this one?
  bool is_glued(uint32_t t, std::string_view text) const { return glued_text(t) == text; }
  std::string_view glued_text(uint32_t t) const { return map->text(span(t).begin, span(t).end); }
  std::string_view text(uint32_t t) const { return map->text(starts[t], starts[t] + lengths[t]); }
  // Of the glued token.
  source::Span span(uint32_t t) const;
  // Right behind the token before `t`, and right in front of `t`.
  source::Span behind_previous(uint32_t t) const;
  // The first token of the glued one that ends before `t`.
  uint32_t previous(uint32_t t) const;
  bool same_line(uint32_t from, uint32_t to) const;
  // As rustc calls a token: `x`, keyword `fn`, reserved identifier `_`, `<eof>`.
  std::string describe(uint32_t t) const;
  std::string_view family(uint32_t t) const;  // "keyword", "reserved identifier", "doc comment"… or nothing
};

struct Trace {
  FileTokens tokens;
  std::vector<Fault> faults;  // in the order of the text
  bool brackets_match;
  // Nodes by place, in postorder; places that hold none have kind none.
  std::vector<uint8_t> node_kinds, node_flags;
  std::vector<uint32_t> node_tokens, node_starts;
};

// Lexes and parses single files on this core; keeps its memory from file to file.
class Tracer {
 public:
  Tracer();
  Trace run(const source::SourceMap& map, uint32_t file);

 private:
  bool match_brackets(FileTokens& tokens) const;

  device::cpu::Queue queue_;
  lex::Tokens<device::cpu::Queue> lexed_;
  device::Buffer<uint8_t> bytes_;  // aligned as the lexer wants it
  uint32_t room_ = 0;  // of bytes_
  std::vector<Frame> stack_;
};

}  // namespace rustg::parse
