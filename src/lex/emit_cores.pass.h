// emit by cores: a block of 64 bytes after the other, and the symbols of what was emitted while it is in cache.
#pragma once
#include <algorithm>

#include "lex/intern.pass.h"
#include "lex/lex.h"
#include "lex/others.h"
#include "lex/recent.h"
#include "lex/settle.h"

namespace rustg::lex {

namespace detail {

// Where texts go that a core did not meet a short while ago: into the table, which is asked for all those of a group after each other, when memory has
// had the time to bring what that needs. Until then they wait, among the recent texts too, for those that are met again.
class TextsInOrder {
 public:
  // alone: no other core works on the table.
  TextsInOrder(const TokensRef& out, const uint8_t* bytes, const device::HashTableRef& table, RecentTexts& recent, bool alone)
      : out_(out), bytes_(bytes), table_(table), recent_(recent), alone_(alone) {}
  void add(uint32_t i, device::ByteSpan span) { wait(i, span, nullptr); }
  void add(uint32_t i, device::ByteSpan span, TokenKind kind, const RecentTexts::Key& key, RecentTexts::Entry& e) {
    wait(i, span, &e);
    RecentTexts::put(e, key, kind, kFirstWaiting + texts_count_ - 1);
  }
  // Token i has the text of a recent one, with this value.
  void add_recent(uint32_t i, uint32_t value) {
    out_.symbols[i] = value;
    if (value < kFirstWaiting || value == device::HashTableRef::kNone) return;
    again_[again_count_++] = i;
    if (again_count_ == kMost) look_up();
  }
  // All that wait.
  void look_up() {
    for (uint32_t n = texts_count_ < kToKey ? 0 : texts_count_ - kToKey; n != texts_count_; ++n) ask_key(texts_[n]);
    for (uint32_t n = texts_count_ < kToText ? 0 : texts_count_ - kToText; n != texts_count_; ++n) table_.prefetch_text(bytes_, texts_[n].slot);
    for (uint32_t n = 0; n != texts_count_; ++n) {
      const Text& text = texts_[n];
      const uint32_t number = alone_ ? table_.intern_alone(bytes_, text.span, text.hash, text.slot)
                                     : table_.intern_among(bytes_, text.span, text.hash, text.slot, text.token, SpanOf{out_});
      out_.symbols[text.token] = number;
      if (text.entry == nullptr || text.entry->value != kFirstWaiting + n) continue;
      text.entry->value = number;
      if (device::HashTableRef::is_unsettled(number)) recent_.put_unsettled(*text.entry);
    }
    for (uint32_t n = 0; n != again_count_; ++n) {
      uint32_t& symbol = out_.symbols[again_[n]];
      symbol = out_.symbols[texts_[symbol - kFirstWaiting].token];
    }
    texts_count_ = again_count_ = 0;
  }

 private:
  struct Text {
    device::ByteSpan span;
    uint32_t token;
    uint32_t slot;  // from where on it is to be looked for
    uint64_t hash;
    RecentTexts::Entry* entry;  // where it will be looked for, if at all
  };
  static constexpr uint32_t kMost = 256, kToKey = 8, kToText = 16;
  static constexpr uint32_t kFirstWaiting = ~uint32_t(0) - kMost;  // behind what any slot or number is

  void wait(uint32_t i, device::ByteSpan span, RecentTexts::Entry* entry) {
    if (texts_count_ == kMost) look_up();
    Text& text = texts_[texts_count_++];
    text.span = span, text.token = i, text.entry = entry;
    text.hash = device::hash_bytes(bytes_ + span.offset, span.length);
    text.slot = table_.prefetch_slot(text.hash);
    if (texts_count_ > kToKey) ask_key(texts_[texts_count_ - 1 - kToKey]);
    if (texts_count_ > kToText) table_.prefetch_text(bytes_, texts_[texts_count_ - 1 - kToText].slot);
  }
  void ask_key(Text& text) { text.slot = table_.skip_others(text.hash, text.slot); }

  TokensRef out_;
  const uint8_t* bytes_;
  device::HashTableRef table_;
  RecentTexts& recent_;
  bool alone_;
  uint32_t texts_count_ = 0, again_count_ = 0;
  Text texts_[kMost];
  uint32_t again_[kMost];
};

// The last token of a block, a word that goes on into the next one: its length, or 0 if it takes a closer look.
inline uint32_t word_over_border(const Block& m, const Block& next, uint32_t at) {
  if (!(m.word & ~m.digit & ~m.hard & ~m.hash & uint64_t(1) << at) || ~(m.word | ((uint64_t(1) << at) - 1)) != 0) return 0;
  const uint32_t more = trailing_ones(next.word);
  if (more == kBlockBytes || (next.hard | next.hash) >> more & 1) return 0;
  return kBlockBytes - at + more;
}

// Symbols of the texts of a group of blocks, in order, and the kinds of words among them: those that were not met a short while ago, and all that are
// no words.
inline void look_up(const Sources& s, const TokensRef& out, TextsInOrder& texts, RecentTexts& recent, const PlacedBlock* blocks, const TokenList& tokens) {
  for (uint32_t n = 0; n != tokens.count; ++n) {
    const PlacedBlock& b = blocks[tokens.items[n] / kBlockBytes];
    const uint32_t k = tokens.items[n] % kBlockBytes, i = b.number + k, start = out.starts[i], length = out.lengths[i];
    const bool word = b.missing >> k & 1;
    TokenKind kind = TokenKind(out.kinds[i]);
    if (!word) {
      const uint32_t skip = text_skip(kind, out.flags[i]);
      // A raw identifier may be spelt as a keyword is.
      if (length > RecentTexts::kLongest || skip != 0) {
        texts.add(i, {start + skip, length - skip});
        continue;
      }
    }
    const RecentTexts::Key key = recent.key(s.bytes, start, length, b.edition);
    RecentTexts::Entry& e = recent.at(key);
    if (recent.is(e, key, s.bytes)) {
      out.kinds[i] = uint8_t(RecentTexts::kind(e));
      texts.add_recent(i, e.value);
      continue;
    }
    if (word) {
      kind = is_digit(s.bytes[start])   ? TokenKind::integer
             : length > kLongestKeyword ? TokenKind::ident
                                        : keyword(device::load_word(s.bytes + start, length), b.edition);
      out.kinds[i] = uint8_t(kind);
    }
    if (has_text(kind)) {
      texts.add(i, {start, length}, kind, key, e);
    } else {
      out.symbols[i] = kNoSymbol;
      RecentTexts::put(e, key, kind, kNoSymbol);
    }
  }
  texts.look_up();
}

// The blocks [chunk.begin, chunk.end), whose first token has this number. Returns the number of the token behind. Each step goes through some blocks
// before the next one does, as no step then waits for another's results to know where to go.
inline uint32_t emit_blocks(const Sources& s, const TokensRef& out, const uint64_t* bits, uint32_t* unusual, TextsInOrder& texts,
                            RecentTexts& recent, device::Chunk chunk, uint32_t number) {
  if (chunk.begin >= chunk.end) return number;
  const uint32_t all_blocks = s.size / kBlockBytes;
  uint32_t file = s.file_at(chunk.begin * kBlockBytes);
  if (file == s.files) {
    if (file == 0) return number;
    file = 0;
  }
  Text t = text_of(s, file);
  Blocks blocks(s.bytes, nullptr, std::min(chunk.end + 1, all_blocks) * kBlockBytes);
  PlacedBlock placed[kBlocksPerGroup];
  OtherTokens others(s, out, bits, unusual);
  TokenList list;
  Block m{}, next;
  if (chunk.begin != 0) m = blocks.at(chunk.begin);  // no file begins in the first one
  for (uint32_t w = chunk.begin; w < chunk.end;) {
    uint32_t many = 0;
    for (; w < chunk.end && many != kBlocksPerGroup; ++w, m = next) {
      if (w + 1 < all_blocks)
        next = blocks.at(w + 1);
      else
        next = {}, next.hard = 1;
      const uint64_t here = bits[w];
      if (here == 0) continue;
      const uint32_t base = w * kBlockBytes;
      while (file + 1 < s.files && s.begins[file + 1] < base + kBlockBytes) t = text_of(s, ++file);
      const uint32_t count = bit_count(here);
      if (number + count > out.capacity) {
        for (uint32_t i = number; i < out.capacity; ++i) out.symbols[i] = kNoSymbol;
        number += count;
        continue;
      }
      // Of each byte: whether a token starts behind it.
      uint64_t joint = here >> 1 | bits[w + 1] << (kBlockBytes - 1);
      if (t.end / kBlockBytes == w) joint &= ~((uint64_t(1) << t.end % kBlockBytes) >> 1);  // not an eof
      if (t.end == base + kBlockBytes) joint &= ~uint64_t(0) >> 1;
      PlacedBlock& b = placed[many++];
      b.block = m;
      b.base = base, b.number = number, b.file = file, b.edition = t.edition, b.texts = 0;
      place(s.bytes, base, m, here, joint, out, number, b.tokens);
      if (const uint32_t k = count - 1; b.tokens.others >> k & 1) {
        const uint32_t start = base + b.tokens.at[k], length = word_over_border(m, next, b.tokens.at[k]), end = start + length;
        if (length != 0 && length <= RecentTexts::kLongest) {
          b.tokens.length[k] = uint8_t(length);
          b.tokens.words |= uint64_t(1) << k;
          b.tokens.others &= ~(uint64_t(1) << k);
          out.lengths[number + k] = length;
          out.flags[number + k] = end < t.end && starts_at(bits, end) ? kJoint : 0;
        }
      }
      number += count;
    }
    recent.find_words(s.bytes, placed, many, out);
    uint64_t some[kBlocksPerGroup];
    for (uint32_t i = 0; i != many; ++i) some[i] = placed[i].tokens.others;
    list_tokens(some, many, list);
    others.tell(placed, list);
    for (uint32_t i = 0; i != many; ++i) some[i] = placed[i].missing | placed[i].texts;
    list_tokens(some, many, list);
    look_up(s, out, texts, recent, placed, list);
  }
  return number;
}

}  // namespace detail

template <OfCores Queue>
void emit_by_cores(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  const uint32_t batch = RecentTexts::next_batch();
  const device::HashTableRef table = tokens.table().ref();
  const bool alone = queue.threads() == 1;
  intern_known(queue, s, tokens);
  queue.zero(work.texts, 1);
  Settling settling(out, table);
  // The blocks that begin in a chunk.
  auto blocks = [](device::Chunk chunk) {
    return device::Chunk{(chunk.begin + kBlockBytes - 1) / kBlockBytes, (chunk.end + kBlockBytes - 1) / kBlockBytes};
  };
  queue.scan_chunks(
      s.size, Queue::kAlone,
      [=](device::Chunk chunk) {
        uint32_t sum = 0;
        for (uint32_t w = blocks(chunk).begin; w < blocks(chunk).end; ++w) sum += bit_count(work.bits[w]);
        return sum;
      },
      [=, &settling](device::Chunk chunk, uint32_t number) {
        RecentTexts& recent = RecentTexts::of_this_thread();
        recent.begin(batch);
        if (!alone) recent.settle(table);
        TextsInOrder texts(out, s.bytes, table, recent, alone);
        const uint32_t end = emit_blocks(s, out, work.bits, work.unusual, texts, recent, blocks(chunk), number);
        if (!alone) settling.add({chunk.begin, chunk.end, number, end});
        return end;
      },
      0u, device::Sum{}, work.count);
}

}  // namespace rustg::lex
