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

namespace detail {

// Those of a run of tokens that may have to be written in another way. Where there is one all tokens of the batch are asked, so eight at a time.
class UnusualNames {
 public:
  RUSTG_HD UnusualNames(const uint8_t* bytes, const TokensRef& tokens, device::Chunk chunk)
      : bytes_(bytes), tokens_(tokens), at_(chunk.begin), end_(chunk.end) {
    find();
  }
  RUSTG_HD bool done() const { return at_ == end_; }
  RUSTG_HD uint32_t get() const { return at_; }
  RUSTG_HD void next() { ++at_, find(); }

 private:
  RUSTG_HD void find() {
    constexpr uint64_t kAny = (kUnicode | kRaw) * uint64_t(0x0101010101010101u);
    while (at_ < end_) {
      if (at_ % 8 == 0 && end_ - at_ >= 8 && !(*reinterpret_cast<const uint64_t*>(tokens_.flags + at_) & kAny)) {
        at_ += 8;
      } else {
        if (is_unusual(bytes_, tokens_.starts[at_], {tokens_.kind(at_), tokens_.flags[at_], tokens_.end(at_)})) return;
        ++at_;
      }
    }
  }
  const uint8_t* bytes_;
  const TokensRef& tokens_;
  uint32_t at_, end_;
};

}  // namespace detail

// Names that are not in NFC as they are written, and 'r#name, get the symbol of those that are written plainly; as a rule there is none.
// All other texts have their symbols.
template <class Queue>
void intern_unusual(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  const uint8_t* bytes = s.bytes;
  device::HashTable& table = tokens.table();
  const uint32_t* overflow = table.overflow();
  const device::Count all = tokens.count(), listed(work.names, tokens.text_capacity());
  queue.for_each(1, [=] RUSTG_HD(uint32_t) { *work.looked_at = *work.unusual == 0 || *overflow != 0 ? 0 : all.get(); });
  queue.scan_chunks(
      {work.looked_at, all.bound}, 64,
      [=] RUSTG_HD(device::Chunk chunk) {
        uint32_t count = 0;
        for (detail::UnusualNames name(bytes, out, chunk); !name.done(); name.next()) ++count;
        return count;
      },
      [=] RUSTG_HD(device::Chunk chunk, uint32_t position) {
        for (detail::UnusualNames name(bytes, out, chunk); !name.done(); name.next(), ++position) {
          if (position >= listed.bound) continue;
          const uint32_t i = name.get(), skip = detail::text_skip(out.kind(i), out.flags[i]);
          work.list[position] = i;
          work.spans[position] = {out.starts[i] + skip, out.lengths[i] - skip};
        }
        return position;
      },
      0u, device::Sum{}, work.names);
  table.template intern<Spelling>(queue, listed, bytes, [=] RUSTG_HD(uint32_t n) { return work.spans[n]; }, work.ids);
  queue.for_each(listed, [=] RUSTG_HD(uint32_t n) { out.symbols[work.list[n]] = work.ids[n]; });
  queue.for_each(1, [=] RUSTG_HD(uint32_t) {
    if (*work.names > listed.bound) *work.texts = *work.names;  // did not fit
  });
}

}  // namespace rustg::lex
