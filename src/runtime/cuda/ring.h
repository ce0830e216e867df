// What instances print, and how they end, on its way to the host: a ring of records in pinned memory. Lanes reserve by one
// atomic add, write, and commit; one host thread drains in order. No byte is lost: a lane waits for room, and the host drains
// once more after the kernel has ended. Records of one instance arrive in the order it wrote them.
//
//   record: Record (16 bytes), then `bytes` bytes padded to 16. Positions count bytes ever; position % capacity is the place.
//   Consumed space is zeroed before it is given back, so that an uncommitted record reads as commit == 0.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "runtime/cuda/atomics.h"

namespace rustg::runtime::cuda {

struct alignas(16) Record {
  uint32_t commit;  // 0 until everything else is written, then 1
  uint32_t instance;
  uint32_t kind;  // 1 stdout, 2 stderr, kEnded
  uint32_t bytes;
};
constexpr uint32_t kEnded = 3;  // the payload is the leading part of the instance's abi::Outcome that is in use
constexpr uint32_t kRecordBytes = 16384;  // a longer write becomes several records

struct Ring {
  uint8_t* bytes;        // pinned
  uint64_t capacity;     // a power of two, at least 4 * kRecordBytes
  uint64_t* head;        // device memory: reserved so far
  const uint64_t* tail;  // pinned: consumed so far
  const Control* control;
};

// Write one record of at most kRecordBytes. Returns the position after it, or 0 if the wait for room had to end.
RUSTG_HD inline uint64_t ring_put(const Ring& ring, uint32_t instance, uint32_t kind, const uint8_t* from, uint32_t n) {
  uint64_t size = sizeof(Record) + ((n + 15u) & ~15u);
  uint64_t at = fetch_add(ring.head, size), end = at + size;
  Patience patience{ring.control};
  while (end - load_acquire(ring.tail) > ring.capacity) {
    if (patience.tired()) return 0;
  }
  uint64_t mask = ring.capacity - 1, place = at & mask;
  Record* record = reinterpret_cast<Record*>(ring.bytes + place);
  uint64_t body = (place + sizeof(Record)) & mask;
  uint64_t until_wrap = ring.capacity - body;
  if (n <= until_wrap) {
    copy_units(ring.bytes + body, from, n);
  } else {
    copy_units(ring.bytes + body, from, until_wrap);
    copy_units(ring.bytes, from + until_wrap, n - until_wrap);
  }
  record->instance = instance;
  record->kind = kind;
  record->bytes = n;
  store_release(&record->commit, 1);
  return end;
}

#if !defined(__CUDA_ARCH__)

// The host's end.
class RingReader {
 public:
  // `tail` is the pinned word that lanes watch.
  RingReader(uint8_t* bytes, uint64_t capacity, uint64_t* tail) : bytes_(bytes), capacity_(capacity), tail_(tail) {}

  // Hand every committed record to `on_record(instance, kind, span of bytes)`; returns how many there were. Space is given back
  // at least every quarter of the ring.
  template <class OnRecord>
  size_t drain(OnRecord&& on_record) {
    size_t records = 0;
    for (;;) {
      Record* record = reinterpret_cast<Record*>(bytes_ + (position_ & (capacity_ - 1)));
      if (load_acquire(&record->commit) == 0) break;
      uint32_t n = record->bytes;
      uint64_t size = sizeof(Record) + ((n + 15u) & ~15u), body = (position_ + sizeof(Record)) & (capacity_ - 1);
      if (body + n <= capacity_) {
        on_record(record->instance, record->kind, std::span<const uint8_t>(bytes_ + body, n));
      } else {
        whole_.assign(bytes_ + body, bytes_ + capacity_);
        whole_.insert(whole_.end(), bytes_, bytes_ + (n - (capacity_ - body)));
        on_record(record->instance, record->kind, std::span<const uint8_t>(whole_));
      }
      clear(size);
      position_ += size;
      records++;
      if (position_ - published_ >= capacity_ / 4) publish();
    }
    if (position_ != published_) publish();
    return records;
  }
  uint64_t position() const { return __atomic_load_n(&published_, __ATOMIC_ACQUIRE); }

 private:
  void clear(uint64_t size) {
    uint64_t place = position_ & (capacity_ - 1), first = size < capacity_ - place ? size : capacity_ - place;
    std::memset(bytes_ + place, 0, first);
    std::memset(bytes_, 0, size - first);
  }
  void publish() {
    __atomic_store_n(&published_, position_, __ATOMIC_RELEASE);
    store_release(tail_, position_);
  }

  uint8_t* bytes_;
  uint64_t capacity_, position_ = 0, published_ = 0;
  uint64_t* tail_;
  std::vector<uint8_t> whole_;
};

#endif

}  // namespace rustg::runtime::cuda
