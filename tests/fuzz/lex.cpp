// Any bytes are lexed without a fault, the same in every edition however they are cut, and what is flagged is what can be explained.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lex/diagnose.h"
#include "lex/lex.h"
#include "source/source_map.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rustg;
  static device::cpu::Queue queue(1);
  if (size == 0) return 0;
  source::SourceMap map(lex::known_words());
  std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  auto file = map.add("input.rs", text, data[0] & 3);
  if (!file) return 0;  // not UTF-8
  lex::Tokens<device::cpu::Queue> tokens(queue);
  lex::lex(queue, map.host(), tokens);
  const lex::TokensRef t = tokens.ref();
  uint32_t end = map.begin(*file);
  for (uint32_t i = 0; i < *t.count; ++i) {
    if (t.starts[i] < end || t.end(i) > map.end(*file)) std::abort();
    end = t.end(i);
  }
  if (*t.count == 0 || t.kind(*t.count - 1) != lex::TokenKind::eof) std::abort();
  bool explained = false;
  for (const source::Diagnostic& d : lex::diagnose(map, *file)) explained |= d.level == source::Level::error;
  if (explained != (t.errors[0] != 0)) std::abort();
  return 0;
}
