#pragma once
#include <algorithm>

#include "parse/attribute.h"
#include "parse/brackets.pass.h"
#include "parse/builtin.h"
#include "parse/cuts.pass.h"
#include "parse/expression.h"
#include "parse/generic.h"
#include "parse/item.h"
#include "parse/item_data.h"
#include "parse/item_fn.h"
#include "parse/machine.h"
#include "parse/operand.h"
#include "parse/parse.h"
#include "parse/path.h"
#include "parse/pattern.h"
#include "parse/recover.h"
#include "parse/statement.h"
#include "parse/task.h"
#include "parse/type.h"
#include "parse/whole_files.pass.h"

namespace rustg::parse {

namespace detail {

RUSTG_HD inline uint32_t ones(uint64_t word) {
#if defined(__CUDA_ARCH__)
  return uint32_t(__popcll(word));
#else
  return uint32_t(__builtin_popcountll(word));
#endif
}
RUSTG_HD inline uint32_t lowest_one(uint64_t word) {
#if defined(__CUDA_ARCH__)
  return uint32_t(__ffsll(static_cast<long long>(word)) - 1);
#else
  return uint32_t(__builtin_ctzll(word));
#endif
}

// How many places before `place` hold a node.
struct Rank {
  const uint64_t* used;
  const uint32_t* before;
  RUSTG_HD uint32_t operator()(uint32_t place) const {
    return before[place >> 6] + ones(used[place >> 6] & ((uint64_t(1) << (place & 63)) - 1));
  }
};

}  // namespace detail

template <class Queue>
TreeRef Tree<Queue>::ref() const {
  return {kinds_.data(), flags_.data(), tokens_.data(), sizes_.data(), files_.data(), counts_.data(), capacity_};
}

template <class Queue>
std::vector<Error> Tree<Queue>::errors() const {
  uint32_t count = std::min(queue_.read(counts_.data() + 1), kMostErrors);
  std::vector<Error> errors;
  for (uint64_t e : queue_.download(errors_.data(), count)) errors.push_back({uint32_t(e >> 8), ErrorKind(e & 255)});
  return errors;
}

template <class Queue>
void Tree<Queue>::reserve(const lex::Tokens<Queue>& batch, uint32_t tokens, uint32_t files) {
  constexpr uint32_t kSpare = 64 + device::kBytePadding;
  if (tokens > capacity_ || files_.data() == nullptr) {
    for (auto* bytewise : {&kinds_, &flags_}) queue_.renew(*bytewise, tokens + kSpare);
    for (auto* wordwise : {&tokens_, &sizes_, &match_}) queue_.renew(*wordwise, tokens);
    capacity_ = tokens;
  }
  if (files > file_capacity_ || files_.data() == nullptr) {
    queue_.renew(files_, files + 1);
    queue_.renew(bad_files_, files + 1);
    file_capacity_ = files;
  }
  scratch_ = batch.scratch();
  device::Layout layout(*scratch_);
  for (auto* bytewise : {&place_kinds_, &place_flags_}) *bytewise = layout.template take<uint8_t>(capacity_ + kSpare);
  for (auto* wordwise : {&place_tokens_, &place_starts_}) *wordwise = layout.template take<uint32_t>(capacity_);
  used_ = layout.template take<uint64_t>(capacity_ / 64 + 2);
  before_ = layout.template take<uint32_t>(capacity_ / 64 + 2);
  for (auto* of_runs : {&depths_, &cut_depths_, &cut_tokens_, &cut_angles_}) *of_runs = layout.template take<uint32_t>(runs());
  cut_kinds_ = layout.template take<uint8_t>(runs());
  scratch_->reserve(queue_, layout.bytes());
  uint32_t tasks = files + tokens / Parser::kTaskDistance + runs() + 1024;
  if (machines_ && machines_->capacity() >= tasks) return;
  machines_.reset();
  machines_ = std::make_unique<device::Machines<Machine>>(queue_, tasks);
  if (machines_->at_once() == 0) return;
  queue_.renew(chunk_links_, kLeastChunks + tokens / kTokensPerChunk);
  queue_.renew(chunks_, chunk_links_.capacity() * kChunkFrames);
  queue_.zero(chunk_links_.data(), chunk_links_.capacity());
}

// Every token's kind with its kJoint. Until the tree is packed, there is room where its kinds will be.
template <class Queue>
void join_kinds(Queue& queue, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree) {
  const device::Count count = tokens.count();
  const uint8_t *kinds = tokens.ref().kinds, *flags = tokens.ref().flags;
  uint64_t* joined = reinterpret_cast<uint64_t*>(tree.kinds_.data());
  static_assert(lex::kJoint == 1 && kJointBit == 0x80);
  queue.for_each(
      tree.capacity_ / 8 + 1,
      [=] RUSTG_HD(uint32_t i) {
        if (uint64_t(i) * 8 >= count.get()) return;
        const uint64_t joint = reinterpret_cast<const uint64_t*>(flags)[i] & 0x0101010101010101u;
        joined[i] = reinterpret_cast<const uint64_t*>(kinds)[i] | joint << 7;
      },
      1 << 14);
}

// Some files, or all of them where `list` is null: their tasks, and those that these push.
template <class Queue>
void parse_files(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree, const uint32_t* list,
                 uint32_t listed, bool with_cuts) {
  using namespace detail;
  const lex::TokensRef t = tokens.ref();
  const uint8_t* editions = sources.editions;
  const uint32_t* bad = tree.bad_files_.data();
  const Cuts cuts = with_cuts ? tree.cuts() : Cuts{};
  const Shared shared{{tree.kinds_.data(), t.flags, t.symbols, tree.match_.data()},
                      sources.bytes,
                      t.starts,
                      t.lengths,
                      tree.place_kinds_.data(),
                      tree.place_flags_.data(),
                      tree.place_tokens_.data(),
                      tree.place_starts_.data(),
                      tree.errors_.data(),
                      tree.counts_.data() + 1,
                      Tree<Queue>::kMostErrors,
                      cuts,
                      {tree.chunks_.data(), tree.chunk_links_.data(), uint32_t(tree.chunk_links_.capacity())}};
  const uint32_t files = sources.files, cut = with_cuts ? tree.cut_ : 0xffffffffu;
  const device::Count count = tokens.count();
  queue.run_machines(
      *tree.machines_, device::Count(listed),
      [=] RUSTG_HD(uint32_t i) {
        uint32_t file = list == nullptr ? i : list[i];
        uint32_t first = t.files[file], eof = (file + 1 < files ? t.files[file + 1] : count.get()) - 1;
        bool skip = bad[file] != 0;
        uint32_t low = 0, high = 0;
        if (!skip && Parser::is_long(eof - first, cut)) low = cuts.find(0, first), high = cuts.find(0, eof);
        return Task{first, first, first, eof, low, high, State::items, kFileTask, uint16_t(editions[file] | (skip ? Machine::kSkip : 0))};
      },
      Machine{shared, cut});
}

template <class Queue>
void run_parsers(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree) {
  queue.zero(tree.place_kinds_.data(), tree.capacity_ + 64);
  join_kinds(queue, tokens, tree);
  if constexpr (lex::OfCores<Queue>) {
    if (!tree.always_cut_ && detail::files_suffice(queue, sources, tokens)) return parse_whole_files(queue, sources, tokens, tree);
  }
  find_cuts(queue, tokens, tree, nullptr);
  parse_files(queue, sources, tokens, tree, nullptr, sources.files, true);
}

// Places that hold a node move together.
template <class Queue>
void pack_tree(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree) {
  using namespace detail;
  const uint32_t files = sources.files;
  const lex::TokensRef t = tokens.ref();
  const TreeRef out = tree.ref();
  const uint32_t* bad = tree.bad_files_.data();
  uint32_t* counts = tree.counts_.data();
  const uint8_t *place_kinds = tree.place_kinds_.data(), *place_flags = tree.place_flags_.data();
  const uint32_t *place_tokens = tree.place_tokens_.data(), *place_starts = tree.place_starts_.data();
  uint64_t* used = tree.used_.data();
  uint32_t* before = tree.before_.data();
  device::Count count = tokens.count();
  const uint32_t words = tree.capacity_ / 64 + 1;
  queue.exclusive_scan(
      words,
      [=] RUSTG_HD(uint32_t w) {
        uint64_t word = 0;
        for (uint32_t i = 0; i < 64; i += 8) {
          // The highest bit of every byte that is not 0, then all of them next to each other.
          constexpr uint64_t kLow = 0x7f7f7f7f7f7f7f7fu;
          const uint64_t kinds = device::load_word(place_kinds + w * 64 + i), highest = (((kinds & kLow) + kLow) | kinds) & ~kLow;
          word |= ((highest >> 7) * 0x0102040810204080u >> 56) << i;
        }
        used[w] = word;
        return ones(word);
      },
      [=] RUSTG_HD(uint32_t w, uint32_t n) { before[w] = n; }, 0u, device::Sum{}, counts);
  const Rank rank{used, before};
  queue.for_each(
      words,
      [=] RUSTG_HD(uint32_t w) {
        uint32_t n = before[w];
        for (uint64_t word = used[w]; word != 0; word &= word - 1, ++n) {
          uint32_t place = w * 64 + lowest_one(word);
          out.kinds[n] = place_kinds[place];
          out.flags[n] = place_flags[place];
          out.tokens[n] = place_tokens[place];
          out.sizes[n] = n + 1 - rank(place_starts[place]);
        }
      },
      64);
  queue.for_each(files, [=] RUSTG_HD(uint32_t file) {
    uint32_t end = file + 1 < files ? t.files[file + 1] : count.get();
    out.files[file] = bad[file] ? kNoNode : rank(end) - 1;
  });
  // Errors in the order of the text; equal on every device.
  queue.radix_sort(device::Count(counts + 1, Tree<Queue>::kMostErrors), tree.errors_.data(), tree.error_values_.data(), 0, 40);
}

template <class Queue>
void parse_reserved(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree) {
  match_brackets(queue, sources, tokens, tree);
  run_parsers(queue, sources, tokens, tree);
  pack_tree(queue, sources, tokens, tree);
}

template <class Queue>
void parse(Queue& queue, const source::Sources& sources, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree) {
  tree.reserve(tokens, std::max(queue.read(tokens.ref().count), 64u), sources.files);
  parse_reserved(queue, sources, tokens, tree);
}

}  // namespace rustg::parse
