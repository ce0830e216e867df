// Device memory for what outgrows its slot: blocks of 64 KiB << k from one region, taken and returned by lanes. Fresh blocks come
// from a bump pointer, returned ones from a lock-free list per size. Nothing is zeroed.
#pragma once
#include <cstdint>

#include "runtime/cuda/atomics.h"

namespace rustg::runtime::cuda {

constexpr uint32_t kPoolClasses = 17;  // 64 KiB .. 4 GiB
constexpr uint64_t kPoolUnit = 65536;

struct Pool {
  uint8_t* base;   // 64 KiB aligned
  uint64_t units;  // of 64 KiB
  uint64_t* bump;  // units handed out so far
  uint64_t*
      lists;  // kPoolClasses heads: tag << 32 | unit number + 1. The tag changes each time, so a stale head never matches
  uint8_t* classes;  // per unit: the class of the block that begins there

  RUSTG_HD static uint32_t class_of(uint64_t bytes) {
    uint32_t k = 0;
    while (k < kPoolClasses && (kPoolUnit << k) < bytes) k++;
    return k;
  }
  RUSTG_HD bool owns(const void* block) const {
    uint64_t p = reinterpret_cast<uint64_t>(block), b = reinterpret_cast<uint64_t>(base);
    return p >= b && p < b + units * kPoolUnit;
  }
  RUSTG_HD uint64_t unit_of(const void* block) const { return (static_cast<const uint8_t*>(block) - base) / kPoolUnit; }
  RUSTG_HD uint64_t size_of(const void* block) const { return kPoolUnit << classes[unit_of(block)]; }

  // A block of at least `bytes`; null if there is none.
  RUSTG_HD uint8_t* take(uint64_t bytes) const {
    uint32_t k = class_of(bytes);
    if (k == kPoolClasses) return nullptr;
    if (uint8_t* block = pop(k)) return block;
    uint64_t need = 1ull << k;
    // Look before adding, so that the bump pointer cannot run away while the pool is exhausted.
    if (load_acquire(bump) + need <= units) {
      uint64_t at = fetch_add(bump, need);
      if (at + need <= units) {
        classes[at] = static_cast<uint8_t>(k);
        return base + at * kPoolUnit;
      }
    }
    for (uint32_t larger = k + 1; larger < kPoolClasses; larger++) {
      if (uint8_t* block = pop(larger)) return block;
    }
    return nullptr;
  }

  RUSTG_HD void give(void* block) const {
    uint64_t unit = unit_of(block);
    uint64_t* list = &lists[classes[unit]];
    uint64_t head = load_acquire(list);
    for (;;) {
      store_release(static_cast<uint64_t*>(block), head & 0xffffffffu);
      uint64_t was = compare_exchange(list, head, ((head >> 32) + 1) << 32 | (unit + 1));
      if (was == head) return;
      head = was;
    }
  }

 private:
  RUSTG_HD uint8_t* pop(uint32_t k) const {
    uint64_t head = load_acquire(&lists[k]);
    while ((head & 0xffffffffu) != 0) {
      uint8_t* block = base + ((head & 0xffffffffu) - 1) * kPoolUnit;
      // If another lane has taken the block meanwhile this reads its data; the tag then makes the exchange fail.
      uint64_t next = load_acquire(reinterpret_cast<const uint64_t*>(block)) & 0xffffffffu;
      uint64_t was = compare_exchange(&lists[k], head, ((head >> 32) + 1) << 32 | next);
      if (was == head) return block;
      head = was;
    }
    return nullptr;
  }
};

}  // namespace rustg::runtime::cuda
