// The lexer's pass; docs/lex.md tells it as a whole.
//
//   contents  where each file's code begins: behind a shebang line and a frontmatter
//   starts    one bit a byte: a token starts here. A scan over stretches of text: what is each one inside of at its begin
//   emit      a scan over the words of these bits gives the tokens their numbers; kinds, lengths and flags come from the text at their start
//   intern    the texts of identifiers, lifetimes and literals to symbols
#pragma once
#include <algorithm>
#include <bit>

#include "device/atomic.h"
#include "lex/frontmatter.h"
#include "lex/keyword.h"
#include "lex/lex.h"
#include "lex/literal.h"
#include "lex/recent.h"
#include "lex/run.h"

namespace rustg::lex {

// Bytes that a GPU lane goes through. A CPU core takes Queue::kChunk.
constexpr uint32_t kLaneBytes = 512, kLaneWords = 2;
template <class Queue>
struct Stretch {
  static constexpr uint32_t kBytes = kLaneBytes, kBytesPerText = 8;
  using Recent = NoRecentTexts;
};
template <class Queue>
  requires requires { Queue::kChunk; }
struct Stretch<Queue> {
  static constexpr uint32_t kBytes = Queue::kChunk, kBytesPerText = 32;
  using Recent = RecentTexts;
};

namespace detail {

using source::Sources;

RUSTG_HD inline Text text_of(const Sources& s, uint32_t file) {
  return {s.bytes, s.ends[file], Edition(s.editions[file])};
}

// Stretches are cut at the first safe place at or after multiples of their size, or at the file's end if there is none.
RUSTG_HD inline uint32_t safe_place(const Text& t, uint32_t pos) {
  if (pos >= t.end) return t.end;
  while (pos < t.end && !is_safe(t.bytes[pos - 1])) ++pos;
  return pos;
}

// Sets bits of an array of words. Words at the ends of a stretch are shared with its neighbours.
class BitWriter {
 public:
  RUSTG_HD explicit BitWriter(uint64_t* words) : words_(words) {}
  RUSTG_HD void set(uint32_t word, uint64_t bits) {
    if (word != at_) flush(), at_ = word;
    bits_ |= bits;
  }
  RUSTG_HD void flush() {
    if (bits_ != 0) device::atomic_or(&words_[at_], bits_);
    bits_ = 0;
  }

 private:
  uint64_t* words_;
  uint64_t bits_ = 0;
  uint32_t at_ = 0;
};

// Which of the things that end strings and block comments are in [begin, limit).
struct Enders {
  bool quote = false, quote_hash = false, comment = false;
};
RUSTG_HD inline Enders find_enders(const uint8_t* p, uint32_t begin, uint32_t limit) {
  Enders e;
  for (uint32_t pos = begin; (pos = find_either(p, pos, limit, '"', '*')) < limit; ++pos) {
    if (p[pos] == '"') {
      e.quote = true;
      e.quote_hash |= p[pos + 1] == '#';
    } else {
      e.comment |= p[pos + 1] == '/' || p[pos - 1] == '/';
    }
    if (e.quote_hash && e.comment) break;
  }
  return e;
}

// What a stretch that begins in the middle of a file means. Most states last through most stretches. Where one ends, a run in code begins;
// tokens that begin at the same place go on the same way, so it stops as soon as it meets a token of the run from the stretch's begin.
template <uint32_t kBytes>
RUSTG_HD States summarize_stretch(const Text& t, uint32_t begin, uint32_t limit) {
  constexpr uint32_t kBlocks = kBytes / kBlockBytes;
  uint64_t met[kBlocks];
  uint32_t first = begin / kBlockBytes, blocks = (limit - 1) / kBlockBytes - first + 1;
  if (blocks > kBlocks) blocks = kBlocks;  // what is further is not remembered
  for (uint32_t i = 0; i < blocks; ++i) met[i] = 0;
  const Enders enders = find_enders(t.bytes, begin, limit);
  uint64_t map = States::kIdentity;
  uint32_t from_code = kInCode, known_end = 0, known = 0;
  for (uint32_t state = kInCode; state < kTooDeep; ++state) {
    Inside inside = unpack(state);
    if ((inside.kind == Inside::string && !enders.quote) || (inside.kind == Inside::block && !enders.comment) ||
        (inside.kind == Inside::raw && !(inside.count == 0 ? enders.quote : enders.quote_hash)))
      continue;
    uint32_t pos = begin, to;
    if (inside.kind == Inside::string || inside.kind == Inside::raw || inside.kind == Inside::block) {
      bool suffix = inside.kind != Inside::block;
      pos = close(t, begin, limit, inside);
      if (inside.kind == Inside::code && suffix) pos = suffix_end(t, pos);
    }
    if (inside.kind == Inside::code && pos == known_end) {
      to = known;  // as from the state before
    } else {
      bool joined = false;
      inside = run(
          t, pos, limit, inside, false,
          [&](uint32_t block, uint64_t bits) {
            if (block - first >= blocks) return false;
            if (state == kInCode) met[block - first] |= bits;
            joined = state != kInCode && (met[block - first] & bits) != 0;
            return joined;
          },
          [] {});
      to = joined ? from_code : pack(inside);
      if (state == kInCode) from_code = to;
      if (state > kInQuote || state == kInString) known_end = pos, known = to;
    }
    map = (map & ~(uint64_t(15) << 4 * state)) | uint64_t(to) << 4 * state;
  }
  return {map};
}

template <uint32_t kBytes>
RUSTG_HD States summarize(const Sources& s, const uint32_t* contents, device::Chunk chunk) {
  uint32_t file = s.file_at(chunk.end - 1);
  if (file == s.files) return {States::kIdentity};
  const Text t = text_of(s, file);
  uint32_t content = contents[file];
  if (content >= chunk.end) return States::all(kInCode);
  if (content >= chunk.begin) {
    auto go_on = [](uint32_t, uint64_t) { return false; };
    return States::all(pack(run(t, content, safe_place(t, chunk.end), {}, false, go_on, [] {})));
  }
  uint32_t begin = safe_place(t, chunk.begin), limit = safe_place(t, chunk.end);
  if (begin >= limit) return {States::kIdentity};
  return summarize_stretch<kBytes>(t, begin, limit);
}

// Sets the bits of all tokens that begin in the chunk's stretches; `state` is that at its begin. Returns that at its end.
RUSTG_HD inline uint32_t mark_starts(const Sources& s, const uint32_t* contents, uint64_t* bits, uint32_t* errors,
                                     uint32_t* slow, device::Chunk chunk, uint32_t state) {
  uint32_t file = s.file_at(chunk.begin);
  if (file == s.files) file = 0;
  for (; file < s.files && s.begins[file] < chunk.end; ++file) {
    const Text t = text_of(s, file);
    uint32_t begin = contents[file];
    if (begin >= chunk.end) return kInCode;
    if (begin < chunk.begin) {
      begin = safe_place(t, chunk.begin);
    } else {
      state = kInCode;
    }
    uint32_t limit = safe_place(t, chunk.end);
    if (begin >= limit) continue;
    if (state == kTooDeep) {
      slow[file] = 1;
      continue;
    }
    BitWriter writer(bits);
    auto token = [&](uint32_t block, uint64_t starts) {
      writer.set(block, starts);
      return false;
    };
    state = pack(run(t, begin, limit, unpack(state), false, token, [&] { errors[file] = 1; }));
    writer.flush();
    if (state == kTooDeep) slow[file] = 1;
    if (limit == t.end && state > kInLine) errors[file] = 1;  // not terminated
  }
  return state;
}

// A file with something too deep for States, by one lane.
RUSTG_HD inline void scan_alone(const Sources& s, const uint32_t* contents, uint64_t* bits, uint32_t* errors,
                                uint32_t file) {
  const Text t = text_of(s, file);
  BitWriter writer(bits);
  auto token = [&](uint32_t block, uint64_t starts) {
    writer.set(block, starts);
    return false;
  };
  Inside inside = run(t, contents[file], t.end, {}, true, token, [&] { errors[file] = 1; });
  writer.flush();
  if (inside.kind > Inside::line) errors[file] = 1;
}

RUSTG_HD inline uint32_t bit_count(uint64_t word) {
#if defined(__CUDA_ARCH__)
  return uint32_t(__popcll(word));
#else
  return uint32_t(std::popcount(word));
#endif
}

RUSTG_HD inline uint32_t trailing_ones(uint64_t word) {
  return ~word == 0 ? 64 : lowest_bit(~word);
}

struct Lexeme {
  TokenKind kind;
  uint8_t flags;
  uint32_t end;
};

// r#self and the like are no identifiers.
RUSTG_HD inline bool can_be_raw(const uint8_t* bytes, uint32_t begin, uint32_t end) {
  if (end - begin > kLongestKeyword) return true;
  switch (keyword(device::load_word(bytes + begin, end - begin), Edition::e2015)) {
    case TokenKind::kw_underscore:
    case TokenKind::kw_self_lower:
    case TokenKind::kw_self_upper:
    case TokenKind::kw_super:
    case TokenKind::kw_crate: return false;
    default: return true;
  }
}

// The token that starts at `pos`.
RUSTG_HD inline Lexeme lexeme(const Text& t, uint32_t pos) {
  Begin b = begin(t, pos);
  Lexeme token{b.kind, b.flags, b.end};
  if (b.error) token.flags |= kInvalid;
  if (token.kind == TokenKind::ident) {
    uint32_t length = b.end - pos;
    if (!(b.flags & (kRaw | kUnicode)) && length <= kLongestKeyword)
      token.kind = keyword(device::load_word(t.bytes + pos, length), t.edition);
    if ((b.flags & kRaw) && !can_be_raw(t.bytes, pos + 2, b.end)) token.flags |= kInvalid;
    return token;
  }
  if (token.kind == TokenKind::lifetime && (b.flags & kRaw) && !can_be_raw(t.bytes, pos + 3, b.end)) token.flags |= kInvalid;
  if (is_punctuation(token.kind)) return token;
  uint32_t content = b.end, content_end = b.end;
  if (b.inside.kind != Inside::code) {
    Inside inside = b.inside;
    token.end = close(t, b.end, t.end, inside);
    bool terminated = inside.kind == Inside::code;
    if (!terminated && b.inside.kind != Inside::line) {
      token.flags |= kInvalid;
      return token;
    }
    switch (b.inside.kind) {
      case Inside::line: content_end = token.end; break;
      case Inside::block: content_end = token.end - 2; break;
      case Inside::raw: content_end = token.end - 1 - b.inside.count; break;
      default: content_end = token.end - 1; break;
    }
    for (uint32_t n = b.guard; n != 0 && t.bytes[token.end] == '#'; --n) ++token.end;
  } else if (token.kind == TokenKind::char_ || token.kind == TokenKind::byte) {
    content = pos + (token.kind == TokenKind::byte ? 2 : 1);
    content_end = b.end - 1;
  }
  if (content < content_end && is_malformed(t.bytes, content, content_end, token.kind)) token.flags |= kInvalid;
  if ((token.kind == TokenKind::char_ || token.kind == TokenKind::byte) && content == content_end)
    token.flags |= kInvalid;
  if (b.takes_suffix) {
    uint32_t end = suffix_end(t, token.end);
    if (end != token.end) token.flags |= kSuffix;
    if (end == token.end + 1 && t.bytes[token.end] == '_') token.flags |= kInvalid;
    token.end = end;
  }
  return token;
}

RUSTG_HD constexpr bool has_text(TokenKind kind) {
  return kind == TokenKind::ident || kind == TokenKind::lifetime || is_literal(kind);
}

// The word at `pos`, from the bits of the block m that holds it, unless these do not tell.
RUSTG_HD inline Lexeme word_lexeme(const Text& t, uint32_t pos, const Block& m) {
  uint32_t at = pos % kBlockBytes, length = trailing_ones(m.word >> at);
  if (length != 0 && at + length < kBlockBytes && !((m.hard | m.hash) >> (at + length) & 1)) {
    if (!(m.digit >> at & 1)) {
      TokenKind kind = length > kLongestKeyword ? TokenKind::ident : keyword(device::load_word(t.bytes + pos, length), t.edition);
      return {kind, 0, pos + length};
    }
    if (trailing_ones(m.digit >> at) >= length && t.bytes[pos + length] != '.') return {TokenKind::integer, 0, pos + length};
  }
  return lexeme(t, pos);
}

}  // namespace detail

template <class Queue>
TokensRef Tokens<Queue>::ref() const {
  return {kinds_.data(), flags_.data(),  starts_.data(), lengths_.data(), symbols_.data(),
          files_.data(), errors_.data(), counts_.data(), capacity_};
}

template <class Queue>
typename Tokens<Queue>::Workspace Tokens<Queue>::workspace() const {
  return {starts_bits_.data(), contents_.data(), slow_.data(), list_.data(), spans_.data(), ids_.data(), counts_.data(), counts_.data() + 1};
}

template <class Queue>
void Tokens<Queue>::reserve(uint32_t bytes, uint32_t files, uint32_t tokens, uint32_t texts, uint32_t symbols) {
  if (bytes > bytes_) starts_bits_ = queue_.template allocate<uint64_t>(bytes / 64 + 1), bytes_ = bytes;
  if (files > file_capacity_ || files_.data() == nullptr) {
    for (auto* per_file : {&files_, &errors_, &contents_, &slow_})
      *per_file = queue_.template allocate<uint32_t>(files + 1);
    file_capacity_ = files;
  }
  if (tokens > capacity_) {
    for (auto* bytewise : {&kinds_, &flags_}) *bytewise = queue_.template allocate<uint8_t>(tokens);
    for (auto* wordwise : {&starts_, &lengths_, &symbols_}) *wordwise = queue_.template allocate<uint32_t>(tokens);
    capacity_ = tokens;
  }
  if (texts > list_capacity_) {
    for (auto* wordwise : {&list_, &ids_}) *wordwise = queue_.template allocate<uint32_t>(texts);
    spans_ = queue_.template allocate<device::ByteSpan>(texts);
    list_capacity_ = texts;
  }
  if (!table_ || symbols > table_->capacity()) table_ = std::make_unique<device::HashTable>(queue_, symbols);
}

// contents, starts: the first half.
template <class Queue>
void find_starts(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const auto work = tokens.workspace();
  uint32_t* errors = tokens.ref().errors;
  queue.set_bytes(work.bits, 0, s.size / kBlockBytes + 1);
  queue.for_each(s.files, [=] RUSTG_HD(uint32_t file) {
    work.slow[file] = 0;
    errors[file] = 0;
    work.contents[file] = content_begin(text_of(s, file), s.begins[file], &errors[file]);
    uint32_t end = s.ends[file];  // its eof
    device::atomic_or(&work.bits[end >> 6], uint64_t(1) << (end & 63));
  });
  constexpr uint32_t kMost = Stretch<Queue>::kBytes;
  queue.scan_chunks(
      s.size, kLaneBytes, [=] RUSTG_HD(device::Chunk chunk) { return summarize<kMost>(s, work.contents, chunk); },
      [=] RUSTG_HD(device::Chunk chunk, const States& before) {
        return States::all(mark_starts(s, work.contents, work.bits, errors, work.slow, chunk, before[kInCode]));
      },
      States{States::kIdentity}, Then{});
  queue.for_each(s.files, [=] RUSTG_HD(uint32_t file) {
    if (work.slow[file]) scan_alone(s, work.contents, work.bits, errors, file);
  });
}

// emit: the tokens, whose symbols are still the numbers of tokens with the same text.
template <class Queue>
void emit_tokens(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const TokensRef out = tokens.ref();
  const uint64_t* bits = tokens.workspace().bits;
  queue.scan_chunks(
      s.size / kBlockBytes, kLaneWords,
      [=] RUSTG_HD(device::Chunk chunk) {
        uint32_t sum = 0;
        for (uint32_t w = chunk.begin; w < chunk.end; ++w) sum += bit_count(bits[w]);
        return sum;
      },
      [=] RUSTG_HD(device::Chunk chunk, uint32_t number) {
        uint32_t file = s.file_at(chunk.begin * kBlockBytes);
        if (file == s.files) {
          if (file == 0) return number;
          file = 0;
        }
        Text t = text_of(s, file);
        Blocks blocks(s.bytes, chunk.end * kBlockBytes);
        typename Stretch<Queue>::Recent recent;
        for (uint32_t w = chunk.begin; w < chunk.end; ++w) {
          const uint64_t here = bits[w];
          if (here == 0) continue;
          const Block m = blocks.at(w);
          while (file + 1 < s.files && s.begins[file + 1] < (w + 1) * kBlockBytes) t = text_of(s, ++file);
          auto put = [&](uint32_t at, TokenKind kind, uint32_t flags, uint32_t length, uint32_t symbol) {
            uint32_t i = number + bit_count(here & ((uint64_t(1) << at) - 1));
            if (i >= out.capacity) return;
            out.kinds[i] = uint8_t(kind);
            out.flags[i] = uint8_t(flags);
            out.starts[i] = w * kBlockBytes + at;
            out.lengths[i] = length;
            out.symbols[i] = symbol;
          };
          // Of each byte: whether a token starts behind it.
          uint64_t joint = here >> 1 | bits[w + 1] << (kBlockBytes - 1);
          if (t.end / kBlockBytes == w) joint &= ~((uint64_t(1) << t.end % kBlockBytes) >> 1);  // not an eof
          if (t.end == (w + 1) * kBlockBytes) joint &= ~uint64_t(0) >> 1;
          const uint64_t simple = here & m.punctuation & ~m.hard & ~m.hash;
          for (uint64_t rest = simple; rest != 0; rest &= rest - 1) {
            uint32_t at = lowest_bit(rest);
            put(at, punctuation(s.bytes[w * kBlockBytes + at]), uint32_t(joint >> at & 1) * kJoint, 1, kNoSymbol);
          }
          for (uint64_t rest = here & ~simple; rest != 0; rest &= rest - 1) {
            uint32_t at = lowest_bit(rest), start = w * kBlockBytes + at;
            if (start == t.end) {
              put(at, TokenKind::eof, 0, 0, kNoSymbol);
              continue;
            }
            Lexeme token = word_lexeme(t, start, m);
            uint64_t there = token.end / kBlockBytes == w ? here : bits[token.end / kBlockBytes];
            if ((there >> token.end % kBlockBytes & 1) && token.end < t.end) token.flags |= kJoint;
            if (token.flags & kInvalid) out.errors[file] = 1;
            uint32_t skip = token.kind == TokenKind::ident && (token.flags & kRaw) ? 2 : 0;
            uint32_t i = number + bit_count(here & ((uint64_t(1) << at) - 1));
            put(at, token.kind, token.flags, token.end - start,
                has_text(token.kind) ? recent.find(s.bytes, i, start + skip, token.end - start - skip) : kNoSymbol);
          }
          number += bit_count(here);
        }
        return number;
      },
      0u, device::Sum{}, tokens.workspace().count);

  queue.for_each(s.files + 1, [=] RUSTG_HD(uint32_t file) {
    // The first token at or behind the file's begin.
    uint32_t low = 0, high = *out.count < out.capacity ? *out.count : out.capacity;
    uint32_t begin = file == s.files ? s.size : s.begins[file];
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (out.starts[middle] < begin)
        low = middle + 1;
      else
        high = middle;
    }
    out.files[file] = low;
  });
}

// intern: from tokens that share texts to symbols. Those that stand for themselves are listed, and they alone go into the table.
template <class Queue>
void intern_texts(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  constexpr uint32_t kDone = 0x80000000u;
  const TokensRef out = tokens.ref();
  const auto work = tokens.workspace();
  const uint8_t* bytes = s.bytes;
  const device::Count all = tokens.count(), listed(work.texts, tokens.text_capacity());
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
  queue.compact(
      all, [=] RUSTG_HD(uint32_t i) { return out.symbols[i] == i; },
      [=] RUSTG_HD(uint32_t i, uint32_t position) {
        if (position >= listed.bound) return;
        uint32_t skip = out.kind(i) == TokenKind::ident && (out.flags[i] & kRaw) ? 2 : 0;
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

template <class Queue>
void lex_reserved(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens) {
  find_starts(queue, sources, tokens);
  emit_tokens(queue, sources, tokens);
  intern_texts(queue, sources, tokens);
}

template <class Queue>
void lex(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens) {
  // Enough for code as people write it; small batches get what they can need at most.
  const uint32_t most = sources.size + sources.files, few = 1u << 16;
  uint32_t room = std::min(most, std::max(sources.size / 4 + sources.files, few));
  uint32_t texts = std::min(most, std::max(sources.size / Stretch<Queue>::kBytesPerText, few));
  uint32_t symbols = std::min(most, std::max(sources.size / 256, few)) + sym::kKnown;
  while (true) {
    tokens.reserve(sources.size, sources.files, room, std::max<uint32_t>(texts, sym::kKnown), symbols);
    lex_reserved(queue, sources, tokens);
    uint32_t count = queue.read(tokens.ref().count), listed = queue.read(tokens.workspace().texts);
    bool crowded = queue.read(tokens.table().overflow()) != 0;
    if (count <= tokens.capacity() && listed <= tokens.text_capacity() && !crowded) return;
    room = std::max(room, count);
    texts = std::max(texts, listed);
    if (crowded) symbols = uint32_t(std::min<uint64_t>(uint64_t(most) + sym::kKnown, uint64_t(symbols) * 4));
  }
}

}  // namespace rustg::lex
