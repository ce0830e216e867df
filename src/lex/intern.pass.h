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
  table.intern(queue, listed, bytes, [=] RUSTG_HD(uint32_t n) { return work.spans[n]; }, work.ids);
  queue.for_each(listed, [=] RUSTG_HD(uint32_t n) { out.symbols[work.list[n]] = work.ids[n] | kDone; });
  queue.for_each(all, [=] RUSTG_HD(uint32_t i) {
    uint32_t shared = out.symbols[i];
    if (!(shared & kDone)) out.symbols[i] = out.symbols[shared] & ~kDone;
  });
  queue.for_each(listed, [=] RUSTG_HD(uint32_t n) { out.symbols[work.list[n]] &= ~kDone; });
}

// Names that are not in NFC as they are written get the symbol of those that are; as a rule there is none. All other texts have their symbols.
template <class Queue>
void intern_unusual(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  const uint8_t* bytes = s.bytes;
  device::HashTable& table = tokens.table();
  const uint32_t* overflow = table.overflow();
  const device::Count all = tokens.count(), listed(work.names, tokens.text_capacity());
  queue.for_each(1, [=] RUSTG_HD(uint32_t) { *work.looked_at = *work.unusual == 0 || *overflow != 0 ? 0 : all.get(); });
  queue.compact(
      {work.looked_at, all.bound},
      [=] RUSTG_HD(uint32_t i) {
        return detail::needs_nfc(bytes, out.starts[i], {out.kind(i), out.flags[i], out.starts[i] + out.lengths[i]});
      },
      [=] RUSTG_HD(uint32_t i, uint32_t position) {
        if (position >= listed.bound) return;
        const uint32_t skip = detail::text_skip(out.kind(i), out.flags[i]);
        work.list[position] = i;
        work.spans[position] = {out.starts[i] + skip, out.lengths[i] - skip};
      },
      work.names);
  table.template intern<Spelling>(queue, listed, bytes, [=] RUSTG_HD(uint32_t n) { return work.spans[n]; }, work.ids);
  queue.for_each(listed, [=] RUSTG_HD(uint32_t n) { out.symbols[work.list[n]] = work.ids[n]; });
  queue.for_each(1, [=] RUSTG_HD(uint32_t) {
    if (*work.names > listed.bound) *work.texts = *work.names;  // did not fit
  });
}

}  // namespace rustg::lex
