// The lexer's pass; docs/lex.md tells it as a whole.
//
//   contents  where each file's code begins: behind a shebang line and a frontmatter
//   starts    one bit a byte: a token starts here. A scan over stretches of text: what is each one inside of at its begin
//   emit      a scan over the words of these bits gives the tokens their numbers; kinds, lengths and flags come from the text at their start,
//             and the texts of identifiers, lifetimes and literals become symbols
#pragma once
#include <algorithm>

#include "lex/emit.pass.h"
#include "lex/intern.pass.h"
#include "lex/lex.h"
#include "lex/starts.pass.h"

namespace rustg::lex {

template <class Queue>
TokensRef Tokens<Queue>::ref() const {
  return {kinds_.data(), flags_.data(),  starts_.data(), lengths_.data(), symbols_.data(),
          files_.data(), errors_.data(), counts_.data(), capacity_};
}

template <class Queue>
typename Tokens<Queue>::Workspace Tokens<Queue>::workspace() const {
  uint32_t* counts = counts_.data();
  return {.bits = starts_bits_.data(),
          .blocks = blocks_.data(),
          .contents = contents_.data(),
          .slow = slow_.data(),
          .stretches = stretches_.data(),
          .stretch_files = stretch_files_.data(),
          .states = states_.data(),
          .guesses = guesses_.data(),
          .open = open_.data(),
          .list = list_.data(),
          .spans = spans_.data(),
          .ids = ids_.data(),
          .count = counts,
          .texts = counts + 1,
          .unusual = counts + 2,
          .looked_at = counts + 3,
          .names = counts + 4,
          .open_count = counts + 5};
}

template <class Queue>
void Tokens<Queue>::reserve_starts(uint32_t bytes, uint32_t files, uint32_t texts) {
  if (files > file_capacity_ || files_.data() == nullptr) {
    for (auto* per_file : {&files_, &errors_, &contents_, &slow_}) queue_.renew(*per_file, files + 1);
    file_capacity_ = files;
  }
  bytes_ = std::max(bytes_, bytes);
  list_capacity_ = std::max(list_capacity_, texts);
  device::Layout layout(*scratch_);
  starts_bits_ = layout.template take<uint64_t>(bytes_ / kBlockBytes + 1);
  list_ = layout.template take<uint32_t>(list_capacity_);
  if constexpr (!OfCores<Queue>) {
    // Texts are listed when all tokens are there.
    const size_t over = layout.end();
    blocks_ = layout.template take<MadeBlock>(bytes_ / kBlockBytes);
    const uint32_t stretches = bytes_ / Stretch<Queue>::kLane + 1;
    for (auto* bytewise : {&stretches_, &guesses_}) *bytewise = layout.template take<uint8_t>(stretches);
    for (auto* wordwise : {&stretch_files_, &open_}) *wordwise = layout.template take<uint32_t>(stretches);
    states_ = layout.template take<uint64_t>(stretches);
    layout.go_back(over);
  }
  ids_ = layout.template take<uint32_t>(list_capacity_);
  spans_ = layout.template take<device::ByteSpan>(list_capacity_);
  // The parser will want about so much: growing then would leave a block of this size to nobody.
  constexpr size_t kScratchPerByte = 2;
  scratch_->reserve(queue_, std::max(layout.bytes(), bytes_ * kScratchPerByte));
}

template <class Queue>
void Tokens<Queue>::reserve_tokens(uint32_t tokens, uint32_t symbols) {
  if (tokens > capacity_) {
    for (auto* bytewise : {&kinds_, &flags_}) queue_.renew(*bytewise, tokens);
    for (auto* wordwise : {&starts_, &lengths_, &symbols_}) queue_.renew(*wordwise, tokens);
    capacity_ = tokens;
  }
  if (!table_ || symbols > table_->capacity()) {
    table_.reset();
    table_ = std::make_unique<device::HashTable>(queue_, symbols);
  }
}

template <class Queue>
void lex_reserved(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens) {
  find_starts(queue, sources, tokens);
  emit_tokens(queue, sources, tokens);
}

template <class Queue>
void lex(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens) {
  // Tokens are counted as soon as it is known where they begin. Texts and symbols: enough for code as people write it, and small batches
  // get what they can need at most.
  const uint32_t few = 1u << 16;
  uint32_t texts = 0;  // cores need no list
  if constexpr (!OfCores<Queue>) texts = std::min(sources.size, std::max(sources.size / Stretch<Queue>::kBytesPerText, few));
  tokens.reserve_starts(sources.size, sources.files, std::max<uint32_t>(texts, sym::kKnown));
  find_starts(queue, sources, tokens);
  const auto work = tokens.workspace();
  queue.reduce(
      sources.size / kBlockBytes, [=] RUSTG_HD(uint32_t w) { return detail::bit_count(work.bits[w]); }, 0u, device::Sum{}, work.count);
  const uint32_t room = queue.read(work.count);
  if (room >= device::HashTableRef::kCandidate) throw device::Failure("a batch holds fewer than 2^31 tokens");
  uint32_t symbols = std::min(room, std::max(sources.size / 256, few)) + sym::kKnown;
  while (true) {
    tokens.reserve_tokens(room, symbols);
    emit_tokens(queue, sources, tokens);
    const uint32_t listed = queue.read(tokens.workspace().texts);
    const bool crowded = queue.read(tokens.table().overflow()) != 0;
    if (listed <= tokens.text_capacity() && !crowded) return;
    // Names that are written in another way than they are compared have two.
    if (crowded) symbols = uint32_t(std::min<uint64_t>(2 * uint64_t(room) + sym::kKnown, uint64_t(symbols) * 4));
    if (OfCores<Queue> && listed <= tokens.text_capacity()) continue;
    // Where tokens begin is no longer there.
    tokens.reserve_starts(sources.size, sources.files, std::max(texts, listed));
    find_starts(queue, sources, tokens);
  }
}

}  // namespace rustg::lex
