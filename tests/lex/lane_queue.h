// Queues of the CPU that divide work as other queues do.
#pragma once
#include <cstdint>

#include "device/cpu/queue.h"

namespace rustg::lex {

// A queue that cuts text into chunks of any size, and always asks what each means before it emits. It passes for two cores, as one alone does not
// list texts.
class CuttingQueue : public device::cpu::Queue {
 public:
  static constexpr uint32_t kAlone = 0;
  CuttingQueue(const CuttingQueue&) = delete;
  explicit CuttingQueue(uint32_t size) : device::cpu::Queue(1), size_(size) {}
  int threads() const { return 2; }
  template <class Summarize, class Emit, class T, class Op>
  void scan_chunks(device::Count count, uint32_t, Summarize summarize, Emit emit, T identity, Op op, T* total = nullptr) {
    T before = identity;
    uint32_t n = count.get();
    for (uint32_t begin = 0; begin < n;) {
      device::Chunk chunk{begin, n - begin < size_ ? n : begin + size_};
      emit(chunk, before);
      before = op(before, summarize(chunk));
      begin = chunk.end;
    }
    if (total != nullptr) *total = before;
  }

 private:
  uint32_t size_;
};

// What a GPU does, on the CPU: short stretches, and a lane for each token.
template <uint32_t kBytes>
class LaneQueue : public CuttingQueue {
 public:
  static constexpr uint32_t kLaneBytes = kBytes;
  LaneQueue() : CuttingQueue(kBytes) {}
};

}  // namespace rustg::lex
