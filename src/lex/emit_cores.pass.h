// emit by cores: a block of 64 bytes after the other, and the symbols of what was emitted while it is in cache.
#pragma once
#include <algorithm>

#include "device/atomic.h"
#include "lex/intern.pass.h"
#include "lex/lex.h"
#include "lex/lexeme.h"
#include "lex/place.h"
#include "lex/recent.h"
#include "lex/stretch.h"

namespace rustg::lex {

namespace detail {

// Texts that a core did not meet a short while ago get a number each on a list of them, in pieces of kPiece. A piece holds texts of one chunk in their
// order, so pieces in the order of their first tokens are all texts in order, whatever cores did.
template <class Work>
class TextList {
 public:
  static constexpr uint32_t kPiece = kTextsPerPiece;
  TextList(const Work& work, uint32_t capacity) : work_(work), capacity_(capacity), base_(*work.texts) {}
  // The number of this text, which is token i's; at or above the capacity it is not kept.
  uint32_t add(uint32_t i, device::ByteSpan span) {
    if (next_ == end_) {
      const uint32_t piece = device::atomic_add(work_.pieces, 1u);
      next_ = base_ + piece * kPiece;
      end_ = next_ + kPiece;
      kept_ = end_ <= capacity_;
      if (kept_) work_.piece_begins[piece] = i, work_.piece_order[piece] = piece;
    }
    if (kept_) work_.spans[next_] = span;
    return next_++;
  }
  // Nothing more: the rest of the piece is no texts.
  void close() {
    for (; next_ != end_; ++next_) {
      if (kept_) work_.spans[next_] = {0, device::HashTable::kSkip};
    }
  }

 private:
  Work work_;
  uint32_t capacity_, base_, next_ = 0, end_ = 0;
  bool kept_ = false;
};

// The last token of a block, a word that goes on into the next one: its length, or 0 if it takes a closer look.
inline uint32_t word_over_border(const Block& m, const Block& next, uint32_t at) {
  if (!(m.word & ~m.digit & ~m.hard & ~m.hash & uint64_t(1) << at) || ~(m.word | ((uint64_t(1) << at) - 1)) != 0) return 0;
  const uint32_t more = trailing_ones(next.word);
  if (more == kBlockBytes || (next.hard | next.hash) >> more & 1) return 0;
  return kBlockBytes - at + more;
}

// The blocks [chunk.begin, chunk.end), whose first token has this number. Symbols are numbers on the list. Returns the number of the token behind.
template <class Work>
uint32_t emit_blocks(const Sources& s, const TokensRef& out, const Work& work, uint32_t texts, uint32_t batch, device::Chunk chunk,
                     uint32_t number) {
  const uint64_t* bits = work.bits;
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
  TextList<Work> list(work, texts);
  Placed placed;
  Block m{}, next;
  if (chunk.begin != 0) m = blocks.at(chunk.begin);  // no file begins in the first one
  for (uint32_t w = chunk.begin; w < chunk.end; ++w, m = next) {
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
    place(s.bytes, base, m, here, joint, out, number, placed);
    if (const uint32_t k = count - 1; placed.others >> k & 1) {
      const uint32_t start = base + placed.at[k], length = word_over_border(m, next, placed.at[k]), end = start + length;
      if (length != 0 && length <= RecentTexts::kLongest) {
        placed.length[k] = uint8_t(length);
        placed.words |= uint64_t(1) << k;
        placed.others &= ~(uint64_t(1) << k);
        out.lengths[number + k] = length;
        out.flags[number + k] = end < t.end && starts_at(bits, end) ? kJoint : 0;
      }
    }
    uint64_t new_words = 0;
    for (uint64_t rest = placed.words; rest != 0; rest &= rest - 1) {
      const uint32_t k = lowest_bit(rest);
      const RecentTexts::Key key = RecentTexts::key(s.bytes, base + placed.at[k], placed.length[k], t.edition);
      const RecentTexts::Entry& e = recent.at(key);
      if (!recent.is(e, key, s.bytes)) {
        new_words |= rest & -rest;
        continue;
      }
      out.kinds[number + k] = uint8_t(e.kind);
      out.symbols[number + k] = e.value;
    }
    // What is new, or no plain word, in order.
    for (uint64_t rest = new_words | placed.others; rest != 0; rest &= rest - 1) {
      const uint32_t k = lowest_bit(rest), i = number + k, start = base + placed.at[k];
      Lexeme token{TokenKind::ident, 0, start + placed.length[k]};
      const bool word = new_words >> k & 1;
      if (!word) {
        if (start == t.end) {
          out.kinds[i] = uint8_t(TokenKind::eof);
          out.flags[i] = 0;
          out.lengths[i] = 0;
          continue;
        }
        if (!word_by_bits(t, start, Window(m, start % kBlockBytes), token)) token = lexeme(t, start, t.end);
        if (token.end < t.end && starts_at(bits, token.end)) token.flags |= kJoint;
        if (token.flags & kInvalid) out.errors[file] = 1;
        out.kinds[i] = uint8_t(token.kind);
        out.flags[i] = token.flags;
        out.lengths[i] = token.end - start;
        if (!has_text(token.kind)) continue;
        if (needs_nfc(s.bytes, start, token)) *work.unusual = 1;
      }
      const uint32_t length = token.end - start, skip = text_skip(token.kind, token.flags);
      // A raw identifier may be spelt as a keyword is.
      if (length > RecentTexts::kLongest || skip != 0) {
        out.symbols[i] = list.add(i, {start + skip, length - skip});
        continue;
      }
      const RecentTexts::Key key = RecentTexts::key(s.bytes, start, length, t.edition);
      RecentTexts::Entry& e = recent.at(key);
      if (!recent.is(e, key, s.bytes)) {
        if (word) {
          token.kind = is_digit(s.bytes[start])     ? TokenKind::integer
                       : length > kLongestKeyword ? TokenKind::ident
                                                  : keyword(device::load_word(s.bytes + start, length), t.edition);
        }
        recent.put(e, key, token.kind, has_text(token.kind) ? list.add(i, {start, length}) : kNoSymbol);
      }
      out.kinds[i] = uint8_t(e.kind);
      out.symbols[i] = e.value;
    }
    number += count;
  }
  list.close();
  return number;
}

}  // namespace detail

// One core alone goes through the text in segments, and looks up a segment's texts before the next; several share all of it.
template <OfCores Queue>
void emit_by_cores(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  constexpr uint32_t kPiece = kTextsPerPiece;
  const uint32_t texts = tokens.text_capacity(), blocks = s.size / kBlockBytes, batch = RecentTexts::next_batch();
  const uint32_t segment = queue.threads() == 1 ? Stretch<Queue>::kSegment / kBlockBytes : std::max(blocks, 1u);
  device::HashTable& table = tokens.table();
  const uint32_t* overflow = table.overflow();
  intern_known(queue, s, tokens);
  queue.zero(work.count, 1);
  queue.zero(work.texts, 1);
  for (uint32_t first = 0; first < blocks; first += segment) {
    queue.zero(work.pieces, 1);
    queue.scan_chunks(
        std::min(segment, blocks - first), 1,
        [=](device::Chunk chunk) {
          uint32_t sum = 0;
          for (uint32_t w = first + chunk.begin; w < first + chunk.end; ++w) sum += bit_count(work.bits[w]);
          return sum;
        },
        [=](device::Chunk chunk, uint32_t number) {
          const uint32_t before = *work.count;
          return emit_blocks(s, out, work, texts, batch, {first + chunk.begin, first + chunk.end}, before + number) - before;
        },
        0u, device::Sum{}, work.emitted);
    queue.for_each(1, [=](uint32_t) {  // what there was room for
      *work.kept_pieces = std::min(*work.pieces, (texts - std::min(texts, *work.texts)) / kPiece);
      // A table that overflowed has places of texts that are no more; all will be done again with a larger one.
      if (*overflow != 0) *work.kept_pieces = 0;
      *work.kept_texts = *work.kept_pieces * kPiece;
      *work.kept_tokens = std::min(*work.emitted, out.capacity - std::min(out.capacity, *work.count));
    });
    const device::Count listed(work.kept_texts, texts);
    queue.radix_sort({work.kept_pieces, texts / kPiece}, work.piece_begins, work.piece_order);
    auto place_of = [=](uint32_t n) { return *work.texts + work.piece_order[n / kPiece] * kPiece + n % kPiece; };
    table.intern(queue, listed, s.bytes, [=](uint32_t n) { return work.spans[place_of(n)]; }, work.ids);
    queue.for_each(listed, [=](uint32_t n) { work.list[place_of(n)] = work.ids[n]; });
    queue.for_each_chunk({work.kept_tokens, out.capacity}, 1, [=](device::Chunk chunk) {
      uint32_t* symbols = out.symbols + *work.count;
      const uint32_t* list = work.list;
      for (uint32_t i = chunk.begin; i < chunk.end; ++i) {  // without branches
        const uint32_t place = symbols[i], id = list[place < texts ? place : 0];
        symbols[i] = place < texts ? id : kNoSymbol;
      }
    });
    queue.for_each(1, [=](uint32_t) {
      *work.count += *work.emitted;
      *work.texts += *work.pieces * kPiece;
    });
  }
}

}  // namespace rustg::lex
