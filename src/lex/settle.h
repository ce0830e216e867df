// Numbers for texts that several cores meet at once. Symbols are numbered by first occurrence, which a core does not know while others work on what is
// before its chunk. It gives a text that has no number a place in the table, and its tokens that place for a symbol. When chunks are done, they are
// settled in their order: who meets a place that has no number gives it the next one.
#pragma once
#include <cstring>
#include <mutex>
#include <thread>

#include "device/hash_table.h"
#include "lex/lex.h"
#include "lex/lexeme.h"

namespace rustg::lex::detail {

// The text of token i, which has one.
struct SpanOf {
  const TokensRef& out;
  RUSTG_HD device::ByteSpan operator()(uint32_t i) const {
    const uint32_t skip = text_skip(out.kind(i), out.flags[i]);
    return {out.starts[i] + skip, out.lengths[i] - skip};
  }
};

class Settling {
 public:
  struct Chunk {
    uint32_t begin, end;     // of what is divided
    uint32_t first, behind;  // its tokens
  };
  Settling(const TokensRef& out, const device::HashTableRef& table) : out_(out), table_(table) {}

  // This chunk's tokens are there, with their kinds and places and the symbols that intern_among() gave. One core settles all chunks whose turn it
  // is while others go on; it waits only if too many are done before their turn.
  void add(const Chunk& chunk) {
    std::unique_lock lock(mutex_);
    while (count_ == kMost && chunk.begin != turn_) {
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
    }
    done_[count_++] = chunk;
    if (busy_) return;
    busy_ = true;
    for (uint32_t n = 0; n != count_;) {
      if (done_[n].begin != turn_) {
        ++n;
        continue;
      }
      const Chunk next = done_[n];
      done_[n] = done_[--count_];
      lock.unlock();
      settle(next);
      lock.lock();
      turn_ = next.end;
      n = 0;
    }
    busy_ = false;
  }

 private:
  static constexpr uint32_t kMost = 64;

  void settle(const Chunk& chunk) {
    const uint32_t behind = chunk.behind < out_.capacity ? chunk.behind : out_.capacity;
    uint32_t i = chunk.first;
    if (i >= behind) return;
    for (; behind - i >= kAtOnce; i += kAtOnce) {
      if (!any_unsettled(i)) continue;
      uint32_t bits = 0;  // without branches
      for (uint32_t k = 0; k != kAtOnce; ++k) bits |= uint32_t(device::HashTableRef::is_unsettled(out_.symbols[i + k])) << k;
      for (; bits != 0; bits &= bits - 1) wait(i + lowest_bit(bits));
    }
    for (; i != behind; ++i) {
      if (device::HashTableRef::is_unsettled(out_.symbols[i])) wait(i);
    }
    for (uint32_t n = next_ < kWaiting ? 0 : next_ - kWaiting; n != next_; ++n) settle(waiting_[n % kWaiting]);
    next_ = 0;
  }
  // Until memory has brought what it takes.
  void wait(uint32_t token) {
    uint32_t& place = waiting_[next_ % kWaiting];
    if (next_++ >= kWaiting) settle(place);
    place = token;
    table_.prefetch_unsettled(out_.symbols[token]);
    device::prefetch(&out_.starts[token]), device::prefetch(&out_.lengths[token]), device::prefetch(&out_.flags[token]);
  }
  void settle(uint32_t token) { out_.symbols[token] = table_.settle(out_.symbols[token], token, SpanOf{out_}); }
  // Of eight. One more than what stands for nothing is 0, and no number is so large that it would have the highest bit then.
  bool any_unsettled(uint32_t token) const {
    uint64_t any = 0;
    for (uint32_t k = 0; k != kAtOnce; k += 2) {
      uint64_t two;
      std::memcpy(&two, out_.symbols + token + k, 8);
      any |= two + 0x0000000100000001u;
    }
    return (any & 0x8000000080000000u) != 0;
  }

  static constexpr uint32_t kAtOnce = 8, kWaiting = 32;
  uint32_t waiting_[kWaiting], next_ = 0;
  const TokensRef out_;
  device::HashTableRef table_;
  std::mutex mutex_;
  Chunk done_[kMost + 1];
  uint32_t count_ = 0, turn_ = 0;
  bool busy_ = false;
};

}  // namespace rustg::lex::detail
