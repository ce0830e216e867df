// What the two sides of the bus need to speak to each other: ordered loads and stores at system scope, atomics, a clock, a pause.
// One source for the device and the host, so that tests run the protocols with host threads as lanes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "target/abi/instance.h"
#if !defined(__CUDA_ARCH__)
#  include <ctime>
#  include <thread>
#endif

#if defined(__CUDACC__)
#  define RUSTG_UNROLL _Pragma("unroll")
#else
#  define RUSTG_UNROLL
#endif

namespace rustg::runtime::cuda {

#if defined(__CUDA_ARCH__)

__device__ inline uint32_t load_acquire(const uint32_t* p) {
  uint32_t v;
  asm volatile("ld.acquire.sys.u32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
  return v;
}
__device__ inline uint64_t load_acquire(const uint64_t* p) {
  uint64_t v;
  asm volatile("ld.acquire.sys.u64 %0, [%1];" : "=l"(v) : "l"(p) : "memory");
  return v;
}
__device__ inline void store_release(uint32_t* p, uint32_t v) {
  asm volatile("st.release.sys.u32 [%0], %1;" ::"l"(p), "r"(v) : "memory");
}
__device__ inline void store_release(uint64_t* p, uint64_t v) {
  asm volatile("st.release.sys.u64 [%0], %1;" ::"l"(p), "l"(v) : "memory");
}
// Among the device's own threads only.
__device__ inline uint32_t fetch_add(uint32_t* p, uint32_t v) { return atomicAdd(p, v); }
__device__ inline uint64_t fetch_add(uint64_t* p, uint64_t v) {
  return atomicAdd(reinterpret_cast<unsigned long long*>(p), static_cast<unsigned long long>(v));
}
// Returns what was there; the exchange happened if that equals `expected`. Orders memory both ways.
__device__ inline uint64_t compare_exchange(uint64_t* p, uint64_t expected, uint64_t desired) {
  __threadfence();
  uint64_t was = atomicCAS(reinterpret_cast<unsigned long long*>(p), static_cast<unsigned long long>(expected),
                           static_cast<unsigned long long>(desired));
  __threadfence();
  return was;
}
__device__ inline uint64_t now_ns() {
  uint64_t v;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(v));
  return v;
}
__device__ inline void pause_ns(uint32_t ns) { asm volatile("nanosleep.u32 %0;" ::"r"(ns)); }

#else

inline uint32_t load_acquire(const uint32_t* p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
inline uint64_t load_acquire(const uint64_t* p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
inline void store_release(uint32_t* p, uint32_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }
inline void store_release(uint64_t* p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }
inline uint32_t fetch_add(uint32_t* p, uint32_t v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
inline uint64_t fetch_add(uint64_t* p, uint64_t v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
inline uint64_t compare_exchange(uint64_t* p, uint64_t expected, uint64_t desired) {
  __atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  return expected;
}
inline uint64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}
inline void pause_ns(uint32_t) { std::this_thread::yield(); }

#endif

struct alignas(16) Unit {
  uint32_t word[4];
};

// Copy n bytes; `to` is 16-byte aligned and has room for whole units (the last one is padded with zeros). Whole units because
// a store across the bus costs the same for 1 byte as for 16.
RUSTG_HD inline void copy_units(uint8_t* to, const uint8_t* from, uint64_t n) {
  Unit* out = reinterpret_cast<Unit*>(to);
  for (uint64_t at = 0; at < n; at += 16) {
    Unit u = {};
    uint32_t left = n - at < 16 ? static_cast<uint32_t>(n - at) : 16;
    for (uint32_t i = 0; i < left; i++) u.word[i / 4] |= static_cast<uint32_t>(from[at + i]) << (i % 4 * 8);
    *out++ = u;
  }
}

// Zero or copy whole units between aligned addresses; several loads are in flight before the first store.
RUSTG_HD inline void zero_aligned(uint8_t* to, uint64_t bytes) {
  Unit* out = reinterpret_cast<Unit*>(to);
  for (uint64_t i = 0; i < bytes / 16; i++) out[i] = Unit{};
}
RUSTG_HD inline void copy_aligned(uint8_t* to, const uint8_t* from, uint64_t bytes) {
  Unit* out = reinterpret_cast<Unit*>(to);
  const Unit* in = reinterpret_cast<const Unit*>(from);
  uint64_t n = bytes / 16, i = 0;
  for (; i + 8 <= n; i += 8) {
    Unit u[8];
    RUSTG_UNROLL
    for (uint32_t k = 0; k < 8; k++) u[k] = in[i + k];
    RUSTG_UNROLL
    for (uint32_t k = 0; k < 8; k++) out[i + k] = u[k];
  }
  for (; i < n; i++) out[i] = in[i];
}

// What the host tells every waiting lane; in pinned memory.
struct Control {
  uint32_t abort;      // an ir::Trap: waits end with it. 0: go on
  uint32_t heartbeat;  // changes as long as the host is alive
};

constexpr uint64_t kHostSilence = 20'000'000'000;  // ns without a heartbeat after which the host is taken for dead

// Patience while a lane waits for the host: call `tired` once each time round the loop.
struct Patience {
  const Control* control;
  uint64_t heard = 0;
  uint32_t heartbeat = 0, rounds = 0;

  // True if the wait must end: the host said so, or has gone silent.
  RUSTG_HD bool tired() {
    rounds++;
    pause_ns(rounds < 64 ? 100 : 1000);
    if (rounds % 64 != 0) return false;
    if (load_acquire(&control->abort) != 0) return true;
    uint32_t beat = load_acquire(&control->heartbeat);
    uint64_t now = now_ns();
    if (beat != heartbeat || heard == 0) {
      heartbeat = beat;
      heard = now;
      return false;
    }
    return now - heard > kHostSilence;
  }
};

}  // namespace rustg::runtime::cuda
