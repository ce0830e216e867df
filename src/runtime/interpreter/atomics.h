// Sequentially consistent atomic operations on an instance's memory, 1 to 8 bytes wide, on either device.
#pragma once
#include <cstdint>

#include "target/abi/instance.h"

namespace rustg::runtime::atomics {

enum class Rmw : uint8_t { add, sub, and_, or_, xor_, xchg };

template <class T>
RUSTG_HD inline T combine(Rmw rmw, T old_value, T operand) {
  switch (rmw) {
    case Rmw::add: return static_cast<T>(old_value + operand);
    case Rmw::sub: return static_cast<T>(old_value - operand);
    case Rmw::and_: return static_cast<T>(old_value & operand);
    case Rmw::or_: return static_cast<T>(old_value | operand);
    case Rmw::xor_: return static_cast<T>(old_value ^ operand);
    case Rmw::xchg: return operand;
  }
  return operand;
}

#if defined(__CUDACC__)
// Bytes and half words are changed inside the aligned 32-bit word around them.
template <class T>
__device__ inline T compare_exchange(uint8_t* at, T expected, T desired) {
  if constexpr (sizeof(T) == 8) {
    return atomicCAS(reinterpret_cast<unsigned long long*>(at), static_cast<unsigned long long>(expected),
                     static_cast<unsigned long long>(desired));
  } else if constexpr (sizeof(T) == 4) {
    return atomicCAS(reinterpret_cast<uint32_t*>(at), expected, desired);
  } else {
    const uintptr_t address = reinterpret_cast<uintptr_t>(at);
    uint32_t* word = reinterpret_cast<uint32_t*>(address & ~uintptr_t{3});
    const uint32_t shift = static_cast<uint32_t>(address & 3) * 8, mask = static_cast<uint32_t>(static_cast<T>(~T{0}))
                                                                          << shift;
    uint32_t seen = *reinterpret_cast<volatile uint32_t*>(word);
    while (true) {
      const T value = static_cast<T>(seen >> shift);
      if (value != expected) return value;
      const uint32_t before = atomicCAS(word, seen, (seen & ~mask) | static_cast<uint32_t>(desired) << shift);
      if (before == seen) return value;
      seen = before;
    }
  }
}
template <class T>
__device__ inline T load(uint8_t* at) {
  __threadfence();
  const T value = *reinterpret_cast<volatile T*>(at);
  __threadfence();
  return value;
}
template <class T>
__device__ inline void store(uint8_t* at, T value) {
  __threadfence();
  *reinterpret_cast<volatile T*>(at) = value;
  __threadfence();
}
template <class T>
__device__ inline T update(Rmw rmw, uint8_t* at, T operand) {
  __threadfence();
  T seen = load<T>(at);
  while (true) {
    const T before = compare_exchange<T>(at, seen, combine<T>(rmw, seen, operand));
    if (before == seen) return before;
    seen = before;
  }
}
__device__ inline void fence() { __threadfence(); }
#else
template <class T>
inline T compare_exchange(uint8_t* at, T expected, T desired) {
  __atomic_compare_exchange_n(reinterpret_cast<T*>(at), &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}
template <class T>
inline T load(uint8_t* at) {
  return __atomic_load_n(reinterpret_cast<T*>(at), __ATOMIC_SEQ_CST);
}
template <class T>
inline void store(uint8_t* at, T value) {
  __atomic_store_n(reinterpret_cast<T*>(at), value, __ATOMIC_SEQ_CST);
}
template <class T>
inline T update(Rmw rmw, uint8_t* at, T operand) {
  T seen = load<T>(at);
  while (!__atomic_compare_exchange_n(reinterpret_cast<T*>(at), &seen, combine<T>(rmw, seen, operand), true,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  return seen;
}
inline void fence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
#endif

}  // namespace rustg::runtime::atomics
