// Which bracket belongs to which. Every chunk pairs what it can, with the openings that wait linked through `match` itself; the rest, few, is
// sorted by depth, where an opening stands right before its closing. A file in which that fails is gone through by one lane, to say why. Cores that
// have files enough take a file each, from its begin to its end.
#pragma once
#include <algorithm>
#include <bit>

#include "device/bytes.h"
#include "lex/stretch.h"
#include "parse/parse.h"

namespace rustg::parse {

namespace detail {

constexpr uint32_t kResidue = 0x80000000u, kNobody = 0xffffffffu;

// Depth within the file, or since `eof`.
struct Depth {
  int32_t depth;
  uint32_t reset;
};
struct ThenDepth {
  RUSTG_HD Depth operator()(const Depth& a, const Depth& b) const {
    return b.reset ? b : Depth{a.depth + b.depth, a.reset};
  }
};

RUSTG_HD inline bool opens(uint8_t k) {
  return k == uint8_t(Token::open_paren) || k == uint8_t(Token::open_brace) || k == uint8_t(Token::open_bracket);
}
RUSTG_HD inline bool closes(uint8_t k) {
  return k == uint8_t(Token::close_paren) || k == uint8_t(Token::close_brace) || k == uint8_t(Token::close_bracket);
}

RUSTG_HD inline uint32_t file_of(const uint32_t* firsts, uint32_t files, uint32_t token) {
  uint32_t low = 0, high = files;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (firsts[middle] <= token)
      low = middle;
    else
      high = middle;
  }
  return low;
}

RUSTG_HD inline Depth depth_of(const uint8_t* kinds, device::Chunk chunk) {
  Depth d{0, 0};
  for (uint32_t i = chunk.begin; i != chunk.end; ++i) {
    uint8_t k = kinds[i];
    if (k > uint8_t(Token::close_bracket)) continue;
    if (k == uint8_t(Token::eof))
      d = {0, 1};
    else
      d.depth += opens(k) ? 1 : -1;
  }
  return d;
}

RUSTG_HD inline Depth pair_chunk(const uint8_t* kinds, const uint32_t* firsts, uint32_t files, uint32_t* match,
                                 uint32_t* bad, uint32_t* depths, device::Chunk chunk, Depth d) {
  uint32_t top = kNobody;
  // Openings that are left, the innermost at `depth`.
  auto leave = [&](int32_t depth) {
    while (top != kNobody) {
      uint32_t below = match[top];
      match[top] = kResidue | uint32_t(--depth & 0x3fffffff);
      top = below;
    }
  };
  for (uint32_t i = chunk.begin, next = i; i != chunk.end; ++i) {
    if (i == next) {
      if (i % kRun == 0) depths[i / kRun] = uint32_t(d.depth);
      next = (i / kRun + 1) * kRun;
    }
    uint8_t k = kinds[i];
    if (k > uint8_t(Token::close_bracket)) continue;
    if (k == uint8_t(Token::eof)) {
      if (d.depth != 0) bad[file_of(firsts, files, i)] = 1;
      leave(d.depth);
      d = {0, 1};
    } else if (opens(k)) {
      match[i] = top;
      top = i;
      ++d.depth;
    } else {
      if (--d.depth < 0) bad[file_of(firsts, files, i)] = 1;
      if (top == kNobody) {
        match[i] = kResidue | uint32_t(d.depth & 0x3fffffff);
      } else {
        if (kinds[top] + 1 != k) bad[file_of(firsts, files, i)] = 1;
        uint32_t open = top;
        top = match[open];
        match[open] = i;
        match[i] = open;
      }
    }
  }
  leave(d.depth);
  return d;
}

// One lane, one file whose brackets do not match: its first error.
RUSTG_HD inline uint64_t bracket_error(const uint8_t* kinds, uint32_t* match, uint32_t begin) {
  uint32_t top = kNobody;
  for (uint32_t i = begin;; ++i) {
    uint8_t k = kinds[i];
    if (opens(k)) {
      match[i] = top;
      top = i;
    } else if (closes(k)) {
      if (top == kNobody) return uint64_t(i) << 8 | uint8_t(ErrorKind::unexpected_close);
      if (kinds[top] + 1 != k) return uint64_t(i) << 8 | uint8_t(ErrorKind::mismatched_close);
      top = match[top];
    } else if (k == uint8_t(Token::eof)) {
      return uint64_t(i) << 8 | uint8_t(ErrorKind::unclosed);
    }
  }
}

// The brackets of one file, openings that wait being linked through `match` itself. False: they do not match.
inline bool pair_file(const uint8_t* kinds, uint32_t begin, uint32_t eof, uint32_t* match, uint32_t* depths) {
  static_assert(uint32_t(Token::eof) == 0 && uint32_t(lex::kLastKeyword) < 0x80);
  uint32_t top = kNobody, depth = 0;
  auto pair = [&](uint32_t i) {
    if (opens(kinds[i])) {
      match[i] = top;
      top = i;
      ++depth;
      return true;
    }
    if (top == kNobody || kinds[top] + 1 != kinds[i]) return false;
    const uint32_t open = top;
    top = match[open];
    match[open] = i;
    match[i] = open;
    --depth;
    return true;
  };
  // The eof takes part in nothing but may begin a run.
  for (uint32_t i = begin; i <= eof;) {
    if (i % kRun == 0) depths[i / kRun] = depth;
    const uint32_t end = std::min(eof + 1, (i / kRun + 1) * kRun);
    for (; i + 8 <= end; i += 8) {
      // The highest bit of every byte up to close_bracket.
      constexpr uint64_t kOnes = 0x0101010101010101u;
      uint64_t brackets = ((0x80u + uint64_t(Token::close_bracket)) * kOnes - device::load_word(kinds + i)) & 0x80u * kOnes;
      for (; brackets != 0; brackets &= brackets - 1) {
        const uint32_t at = i + uint32_t(std::countr_zero(brackets)) / 8;
        if (at != eof && !pair(at)) return false;
      }
    }
    for (; i < end; ++i) {
      if (i != eof && kinds[i] <= uint8_t(Token::close_bracket) && !pair(i)) return false;
    }
  }
  return top == kNobody;
}

// Whether cores are busy with a file each.
template <lex::OfCores Queue>
bool files_suffice(const Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens) {
  if (queue.threads() == 1) return true;
  const uint32_t *firsts = tokens.ref().files, all = tokens.count().get();
  uint32_t longest = 0;
  for (uint32_t file = 0; file != sources.files; ++file) longest = std::max(longest, firsts[file + 1] - firsts[file]);
  return uint64_t(longest) * uint32_t(queue.threads()) * 4 <= all;
}

}  // namespace detail

template <class Queue>
void match_brackets(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree) {
  using namespace detail;
  const uint32_t files = sources.files;
  const lex::TokensRef t = tokens.ref();
  const uint8_t* kinds = t.kinds;
  const uint32_t* firsts = t.files;
  uint32_t *match = tree.match_.data(), *bad = tree.bad_files_.data(), *left = tree.counts_.data() + 2;
  uint32_t *keys = tree.place_tokens_.data(), *values = tree.place_starts_.data(), *depths = tree.depths_.data();
  uint32_t* error_count = tree.counts_.data() + 1;
  uint64_t* errors = tree.errors_.data();
  queue.zero(tree.counts_.data(), 3);
  queue.zero(bad, files + 1);
  bool by_files = false;
  if constexpr (lex::OfCores<Queue>) {
    by_files = files_suffice(queue, sources, tokens);
    if (by_files)
      queue.for_each(
          files, [=](uint32_t file) { bad[file] = !pair_file(kinds, firsts[file], firsts[file + 1] - 1, match, depths); }, 8);
  }
  if (!by_files) {
    queue.scan_chunks(
        tokens.count(), 64, [=] RUSTG_HD(device::Chunk chunk) { return depth_of(kinds, chunk); },
        [=] RUSTG_HD(device::Chunk chunk, const Depth& before) {
          return pair_chunk(kinds, firsts, files, match, bad, depths, chunk, before);
        },
        Depth{0, 0}, ThenDepth{});
    queue.compact(
        tokens.count(),
        [=] RUSTG_HD(uint32_t i) {
          return uint8_t(kinds[i] - 1) < uint8_t(Token::close_bracket) && (match[i] & kResidue) != 0;
        },
        [=] RUSTG_HD(uint32_t i, uint32_t place) {
          keys[place] = match[i];
          values[place] = i;
        },
        left);
    device::Count rest(left, tree.capacity_);
    queue.radix_sort(rest, keys, values, 0, 30, {tree.tokens_.data(), tree.sizes_.data()});
    queue.for_each(rest, [=] RUSTG_HD(uint32_t j) {
      uint32_t i = values[j];
      if (!opens(kinds[i])) return;
      if (j + 1 == rest.get() || keys[j + 1] != keys[j] || !closes(kinds[values[j + 1]])) {
        bad[file_of(firsts, files, i)] = 1;
        return;
      }
      uint32_t close = values[j + 1];
      if (kinds[i] + 1 != kinds[close]) bad[file_of(firsts, files, i)] = 1;
      match[i] = close;
      match[close] = i;
    });
  }
  queue.for_each(
      files,
      [=] RUSTG_HD(uint32_t file) {
        if (!bad[file]) return;
        uint32_t place = device::atomic_add(error_count, 1u);
        uint64_t error = bracket_error(kinds, match, firsts[file]);
        if (place < Tree<Queue>::kMostErrors) errors[place] = error;
      },
      64);
}

}  // namespace rustg::parse
