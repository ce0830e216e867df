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
  return {starts_bits_.data(), blocks_.data(), contents_.data(), slow_.data(), stretches_.data(),    stretch_files_.data(), states_.data(),
          guesses_.data(),     open_.data(),   list_.data(),     spans_.data(), ids_.data(),          piece_begins_.data(),  piece_order_.data(),
          counts,              counts + 1,     counts + 2,       counts + 3,    counts + 4,           counts + 5,            counts + 6,
          counts + 7,          counts + 8};
}

template <class Queue>
void Tokens<Queue>::reserve_starts(uint32_t bytes, uint32_t files) {
  if (bytes > bytes_) {
    starts_bits_ = queue_.template allocate<uint64_t>(bytes / kBlockBytes + 1);
    if constexpr (!OfCores<Queue>) {
      blocks_ = queue_.template allocate<MadeBlock>(bytes / kBlockBytes);
      const uint32_t stretches = bytes / Stretch<Queue>::kLane + 1;
      for (auto* bytewise : {&stretches_, &guesses_}) *bytewise = queue_.template allocate<uint8_t>(stretches);
      for (auto* wordwise : {&stretch_files_, &open_}) *wordwise = queue_.template allocate<uint32_t>(stretches);
      states_ = queue_.template allocate<uint64_t>(stretches);
    }
    bytes_ = bytes;
  }
  if (files > file_capacity_ || files_.data() == nullptr) {
    for (auto* per_file : {&files_, &errors_, &contents_, &slow_})
      *per_file = queue_.template allocate<uint32_t>(files + 1);
    file_capacity_ = files;
  }
}

template <class Queue>
void Tokens<Queue>::reserve(uint32_t bytes, uint32_t files, uint32_t tokens, uint32_t texts, uint32_t symbols) {
  reserve_starts(bytes, files);
  if (tokens > capacity_) {
    for (auto* bytewise : {&kinds_, &flags_}) *bytewise = queue_.template allocate<uint8_t>(tokens);
    for (auto* wordwise : {&starts_, &lengths_, &symbols_}) *wordwise = queue_.template allocate<uint32_t>(tokens);
    capacity_ = tokens;
  }
  if (texts > list_capacity_) {
    for (auto* wordwise : {&list_, &ids_}) *wordwise = queue_.template allocate<uint32_t>(texts);
    spans_ = queue_.template allocate<device::ByteSpan>(texts);
    if constexpr (OfCores<Queue>) {
      for (auto* of_pieces : {&piece_begins_, &piece_order_})
        *of_pieces = queue_.template allocate<uint32_t>(texts / kTextsPerPiece + 1);
    }
    list_capacity_ = texts;
  }
  if (!table_ || symbols > table_->capacity()) table_ = std::make_unique<device::HashTable>(queue_, symbols);
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
  tokens.reserve_starts(sources.size, sources.files);
  find_starts(queue, sources, tokens);
  const auto work = tokens.workspace();
  queue.reduce(
      sources.size / kBlockBytes, [=] RUSTG_HD(uint32_t w) { return detail::bit_count(work.bits[w]); }, 0u, device::Sum{}, work.count);
  const uint32_t room = queue.read(work.count), few = 1u << 16;
  uint32_t most_texts = room;
  if constexpr (OfCores<Queue>)
    most_texts = queue.threads() == 1 ? 0 : (room / kTextsPerPiece + 2 + sources.size / Queue::kChunk) * kTextsPerPiece;
  uint32_t texts = std::min(most_texts, std::max(sources.size / Stretch<Queue>::kBytesPerText, few));
  uint32_t symbols = std::min(room, std::max(sources.size / 256, few)) + sym::kKnown;
  while (true) {
    tokens.reserve(sources.size, sources.files, room, std::max<uint32_t>(texts, sym::kKnown), symbols);
    emit_tokens(queue, sources, tokens);
    uint32_t listed = queue.read(tokens.workspace().texts);
    bool crowded = queue.read(tokens.table().overflow()) != 0;
    if (listed <= tokens.text_capacity() && !crowded) return;
    texts = std::max(texts, listed);
    if (crowded) symbols = uint32_t(std::min<uint64_t>(uint64_t(room) + sym::kKnown, uint64_t(symbols) * 4));
  }
}

}  // namespace rustg::lex
