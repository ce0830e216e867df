// emit by cores: a block of 64 bytes after the other, and the symbols of what was emitted while it is in cache.
#pragma once
#include <algorithm>

#include "device/atomic.h"
#include "lex/intern.pass.h"
#include "lex/lex.h"
#include "lex/others.h"
#include "lex/recent.h"

namespace rustg::lex {

namespace detail {

// Where texts go that a core did not meet a short while ago. Several cores: each gets a number on a list, in pieces of kPiece. A piece holds texts of
// one chunk in their order, so pieces in the order of their first tokens are all texts in order, whatever cores did.
template <class Work>
class TextList {
 public:
  static constexpr uint32_t kPiece = kTextsPerPiece;
  TextList(const TokensRef& out, const Work& work, uint32_t capacity) : out_(out), work_(work), capacity_(capacity) {}
  void add(uint32_t i, device::ByteSpan span) { out_.symbols[i] = place_of(i, span); }
  // The same for one that may be met again soon.
  void add(uint32_t i, device::ByteSpan span, TokenKind kind, const RecentTexts::Key& key, RecentTexts::Entry& e) {
    out_.symbols[i] = place_of(i, span);
    RecentTexts::put(e, key, kind, out_.symbols[i]);
  }
  // Nothing more: the rest of the piece is no texts.
  void close() {
    for (; next_ != end_; ++next_) {
      if (kept_) work_.spans[next_] = {0, device::HashTable::kSkip};
    }
  }

 private:
  // The number of this text, which is token i's; at or above the capacity it is not kept.
  uint32_t place_of(uint32_t i, device::ByteSpan span) {
    if (next_ == end_) {
      const uint32_t piece = device::atomic_add(work_.pieces, 1u);
      next_ = piece * kPiece;
      end_ = next_ + kPiece;
      kept_ = end_ <= capacity_;
      if (kept_) work_.piece_begins[piece] = i, work_.piece_order[piece] = piece;
    }
    if (kept_) work_.spans[next_] = span;
    return next_++;
  }
  TokensRef out_;
  Work work_;
  uint32_t capacity_, next_ = 0, end_ = 0;
  bool kept_ = false;
};

// One core alone looks them up in the table as it goes, some texts later, when memory has had the time to bring what that needs. Until then a text that
// is met again is one more that waits.
class TextsInOrder {
 public:
  TextsInOrder(const TokensRef& out, const uint8_t* bytes, const device::HashTableRef& table) : out_(out), bytes_(bytes), table_(table) {}
  void add(uint32_t i, device::ByteSpan span) { wait({span, i, TokenKind::eof, nullptr, {}, 0}); }
  void add(uint32_t i, device::ByteSpan span, TokenKind kind, const RecentTexts::Key& key, RecentTexts::Entry& e) {
    wait({span, i, kind, &e, key, 0});
  }
  void close() {
    for (uint32_t n = next_ < kWaiting ? 0 : next_ - kWaiting; n != next_; ++n) look_up(waiting_[n % kWaiting]);
    next_ = 0;
  }

 private:
  struct Text {
    device::ByteSpan span;
    uint32_t token;
    TokenKind kind;
    RecentTexts::Entry* entry;  // where it will be looked for, if at all
    RecentTexts::Key key;
    uint64_t hash;
  };
  static constexpr uint32_t kWaiting = 16;

  void wait(const Text& text) {
    Text& place = waiting_[next_ % kWaiting];
    if (next_ >= kWaiting) look_up(place);
    place = text;
    place.hash = device::hash_bytes(bytes_ + text.span.offset, text.span.length);
    table_.prefetch_slot(place.hash);
    if (next_ >= kWaiting / 4) table_.prefetch_key(waiting_[(next_ - kWaiting / 4) % kWaiting].hash);
    if (next_ >= kWaiting / 2) table_.prefetch_text(bytes_, waiting_[(next_ - kWaiting / 2) % kWaiting].hash);
    ++next_;
  }
  void look_up(const Text& text) {
    const uint32_t number = table_.intern_alone(bytes_, text.span, text.hash);
    out_.symbols[text.token] = number;
    if (text.entry != nullptr) RecentTexts::put(*text.entry, text.key, text.kind, number);
  }
  TokensRef out_;
  const uint8_t* bytes_;
  device::HashTableRef table_;
  uint32_t next_ = 0;
  Text waiting_[kWaiting];
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
template <class Texts>
void look_up(const Sources& s, const TokensRef& out, Texts& texts, RecentTexts& recent, const PlacedBlock* blocks, const TokenList& tokens) {
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
    const Edition edition = Edition(s.editions[b.file]);
    const RecentTexts::Key key = recent.key(s.bytes, start, length, edition);
    RecentTexts::Entry& e = recent.at(key);
    if (recent.is(e, key, s.bytes)) {
      out.kinds[i] = uint8_t(RecentTexts::kind(e));
      out.symbols[i] = e.value;
      continue;
    }
    if (word) {
      kind = is_digit(s.bytes[start])   ? TokenKind::integer
             : length > kLongestKeyword ? TokenKind::ident
                                        : keyword(device::load_word(s.bytes + start, length), edition);
      out.kinds[i] = uint8_t(kind);
    }
    if (has_text(kind)) {
      texts.add(i, {start, length}, kind, key, e);
    } else {
      out.symbols[i] = kNoSymbol;
      RecentTexts::put(e, key, kind, kNoSymbol);
    }
  }
}

// The blocks [chunk.begin, chunk.end), whose first token has this number. Returns the number of the token behind. Each step goes through some blocks
// before the next one does, as no step then waits for another's results to know where to go.
template <class Texts>
uint32_t emit_blocks(const Sources& s, const TokensRef& out, const uint64_t* bits, uint32_t* unusual, Texts texts, uint32_t batch,
                     device::Chunk chunk, uint32_t number) {
  const uint32_t all_blocks = s.size / kBlockBytes;
  uint32_t file = s.file_at(chunk.begin * kBlockBytes);
  if (file == s.files) {
    if (file == 0) return number;
    file = 0;
  }
  Text t = text_of(s, file);
  Blocks blocks(s.bytes, nullptr, std::min(chunk.end + 1, all_blocks) * kBlockBytes);
  RecentTexts& recent = RecentTexts::of_this_thread();
  recent.begin(batch);
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
        number += count;
        continue;
      }
      // Of each byte: whether a token starts behind it.
      uint64_t joint = here >> 1 | bits[w + 1] << (kBlockBytes - 1);
      if (t.end / kBlockBytes == w) joint &= ~((uint64_t(1) << t.end % kBlockBytes) >> 1);  // not an eof
      if (t.end == base + kBlockBytes) joint &= ~uint64_t(0) >> 1;
      PlacedBlock& b = placed[many++];
      b.block = m;
      b.base = base, b.number = number, b.file = file, b.texts = 0;
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
    for (uint32_t i = 0; i != many; ++i) {
      PlacedBlock& b = placed[i];
      b.missing = recent.find_words(s.bytes, b.base, b.tokens, Edition(s.editions[b.file]), out, b.number);
    }
    list.count = 0;
    for (uint32_t i = 0; i != many; ++i) list.add(i, placed[i].tokens.others);
    others.tell(placed, list);
    list.count = 0;
    for (uint32_t i = 0; i != many; ++i) list.add(i, placed[i].missing | placed[i].texts);
    look_up(s, out, texts, recent, placed, list);
  }
  texts.close();
  return number;
}

}  // namespace detail

template <OfCores Queue>
void emit_by_cores(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  constexpr uint32_t kPiece = kTextsPerPiece;
  const uint32_t texts = tokens.text_capacity(), blocks = s.size / kBlockBytes, batch = RecentTexts::next_batch();
  device::HashTable& table = tokens.table();
  intern_known(queue, s, tokens);
  queue.zero(work.pieces, 1);
  auto emit = [&](auto sink) {
    queue.scan_chunks(
        blocks, 1,
        [=](device::Chunk chunk) {
          uint32_t sum = 0;
          for (uint32_t w = chunk.begin; w < chunk.end; ++w) sum += bit_count(work.bits[w]);
          return sum;
        },
        [=](device::Chunk chunk, uint32_t number) { return emit_blocks(s, out, work.bits, work.unusual, sink, batch, chunk, number); },
        0u, device::Sum{}, work.count);
  };
  if (queue.threads() == 1) {
    emit(TextsInOrder(out, s.bytes, table.ref()));
    queue.zero(work.texts, 1);
    return;
  }
  emit(TextList(out, work, texts));
  queue.for_each(1, [=](uint32_t) {  // what there was room for
    *work.texts = *work.pieces * kPiece;
    *work.kept_pieces = std::min(*work.pieces, texts / kPiece);
    *work.kept_texts = *work.kept_pieces * kPiece;
  });
  const device::Count listed(work.kept_texts, texts);
  queue.radix_sort({work.kept_pieces, texts / kPiece}, work.piece_begins, work.piece_order);
  auto place_of = [=](uint32_t n) { return work.piece_order[n / kPiece] * kPiece + n % kPiece; };
  table.intern(queue, listed, s.bytes, [=](uint32_t n) { return work.spans[place_of(n)]; }, work.ids);
  queue.for_each(listed, [=](uint32_t n) { work.list[place_of(n)] = work.ids[n]; });
  queue.for_each_chunk(tokens.count(), 1, [=](device::Chunk chunk) {
    const uint32_t* list = work.list;
    for (uint32_t i = chunk.begin; i < chunk.end; ++i) {  // without branches
      const uint32_t place = out.symbols[i], id = list[place < texts ? place : 0];
      out.symbols[i] = place < texts ? id : kNoSymbol;
    }
  });
}

}  // namespace rustg::lex
