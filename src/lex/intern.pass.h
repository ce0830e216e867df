// From texts to symbols.
#pragma once
#include "lex/lex.h"
#include "lex/lexeme.h"
#include "lex/spelling.h"

namespace rustg::lex {

// An empty table but for the known symbols.
template <class Queue>
void intern_known(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  const auto work = tokens.workspace();
  const uint8_t* bytes = s.bytes;
  device::HashTable& table = tokens.table();
  table.clear(queue);
  table.intern(
      queue, sym::kKnown, bytes,
      [=] RUSTG_HD(uint32_t i) {
        uint32_t length = 0;
        while (bytes[i * kKnownWordBytes + length] != 0) ++length;
        return device::ByteSpan{i * kKnownWordBytes, length};
      },
      work.ids);
}

// By lanes: tokens that stand for themselves are listed, and they alone go into the table; the others have a symbol by way of these.
template <class Queue>
void intern_by_lanes(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  constexpr uint32_t kDone = 0x80000000u;
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  const uint8_t* bytes = s.bytes;
  const device::Count all = tokens.count(), listed(work.texts, tokens.text_capacity());
  device::HashTable& table = tokens.table();
  intern_known(queue, s, tokens);
  queue.compact(
      all, [=] RUSTG_HD(uint32_t i) { return out.symbols[i] == i; },
      [=] RUSTG_HD(uint32_t i, uint32_t position) {
        if (position >= listed.bound) return;
        uint32_t skip = detail::text_skip(out.kind(i), out.flags[i]);
        work.list[position] = i;
        work.spans[position] = {out.starts[i] + skip, out.lengths[i] - skip};
      },
      work.texts);
  table.template intern<Spelling>(queue, listed, bytes, [=] RUSTG_HD(uint32_t n) { return work.spans[n]; }, work.ids);
  queue.for_each(listed, [=] RUSTG_HD(uint32_t n) { out.symbols[work.list[n]] = work.ids[n] | kDone; });
  queue.for_each(all, [=] RUSTG_HD(uint32_t i) {
    uint32_t shared = out.symbols[i];
    if (!(shared & kDone)) out.symbols[i] = out.symbols[shared] & ~kDone;
  });
  queue.for_each(listed, [=] RUSTG_HD(uint32_t n) { out.symbols[work.list[n]] &= ~kDone; });
}

}  // namespace rustg::lex
