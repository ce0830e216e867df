// Atomic operations on device memory, for kernels. Relaxed unless the name says otherwise; each returns the value before.
// T: uint32_t or uint64_t.
#pragma once
#include <atomic>
#include <cstdint>

#include "base/hd.h"

namespace rustg::device {

namespace detail {
// CUDA's 64-bit overloads want `unsigned long long`.
template <class T>
struct Word;
template <>
struct Word<uint32_t> {
  using Type = unsigned;
};
template <>
struct Word<uint64_t> {
  using Type = unsigned long long;
};
}  // namespace detail

template <class T>
RUSTG_HD inline T atomic_load(const T* p) {
#if defined(__CUDA_ARCH__)
  return *const_cast<const volatile T*>(p);
#else
  return __atomic_load_n(p, __ATOMIC_RELAXED);
#endif
}

template <class T>
RUSTG_HD inline T atomic_load_acquire(const T* p) {
#if defined(__CUDA_ARCH__)
  T v = *const_cast<const volatile T*>(p);
  __threadfence();
  return v;
#else
  return __atomic_load_n(p, __ATOMIC_ACQUIRE);
#endif
}

template <class T>
RUSTG_HD inline void atomic_store_release(T* p, T v) {
#if defined(__CUDA_ARCH__)
  __threadfence();
  *const_cast<volatile T*>(p) = v;
#else
  __atomic_store_n(p, v, __ATOMIC_RELEASE);
#endif
}

template <class T>
RUSTG_HD inline T atomic_add(T* p, T v) {
#if defined(__CUDA_ARCH__)
  return atomicAdd(reinterpret_cast<typename detail::Word<T>::Type*>(p), v);
#else
  return __atomic_fetch_add(p, v, __ATOMIC_ACQ_REL);
#endif
}

template <class T>
RUSTG_HD inline T atomic_or(T* p, T v) {
#if defined(__CUDA_ARCH__)
  return atomicOr(reinterpret_cast<typename detail::Word<T>::Type*>(p), v);
#else
  return __atomic_fetch_or(p, v, __ATOMIC_ACQ_REL);
#endif
}

template <class T>
RUSTG_HD inline T atomic_and(T* p, T v) {
#if defined(__CUDA_ARCH__)
  return atomicAnd(reinterpret_cast<typename detail::Word<T>::Type*>(p), v);
#else
  return __atomic_fetch_and(p, v, __ATOMIC_ACQ_REL);
#endif
}

template <class T>
RUSTG_HD inline T atomic_min(T* p, T v) {
#if defined(__CUDA_ARCH__)
  return atomicMin(reinterpret_cast<typename detail::Word<T>::Type*>(p), v);
#else
  T seen = __atomic_load_n(p, __ATOMIC_RELAXED);
  while (v < seen && !__atomic_compare_exchange_n(p, &seen, v, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
  }
  return seen;
#endif
}

template <class T>
RUSTG_HD inline T atomic_max(T* p, T v) {
#if defined(__CUDA_ARCH__)
  return atomicMax(reinterpret_cast<typename detail::Word<T>::Type*>(p), v);
#else
  T seen = __atomic_load_n(p, __ATOMIC_RELAXED);
  while (v > seen && !__atomic_compare_exchange_n(p, &seen, v, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
  }
  return seen;
#endif
}

// Store `desired` if *p is `expected`; the store took place if the result equals `expected`.
template <class T>
RUSTG_HD inline T atomic_cas(T* p, T expected, T desired) {
#if defined(__CUDA_ARCH__)
  return atomicCAS(reinterpret_cast<typename detail::Word<T>::Type*>(p), expected, desired);
#else
  __atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  return expected;
#endif
}

// What this thread wrote before is seen by whoever sees what it writes after, and the same for reads.
RUSTG_HD inline void fence() {
#if defined(__CUDA_ARCH__)
  __threadfence();
#else
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

}  // namespace rustg::device
