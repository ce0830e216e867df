// RUSTG_HD: a function or lambda that runs on the host and on a CUDA device.
// RUSTG_HD_INLINE: the same, never called on a CUDA device: an object whose address is passed to a call lies in memory, not in registers.
// RUSTG_HD_APART: the same, never made part of its caller.
#pragma once

#if defined(__CUDACC__)
#  define RUSTG_HD __host__ __device__
#  define RUSTG_HD_INLINE RUSTG_HD __forceinline__
#  define RUSTG_HD_APART RUSTG_HD __noinline__ inline
#else
#  define RUSTG_HD
#  define RUSTG_HD_INLINE inline
#  define RUSTG_HD_APART [[gnu::noinline]] inline
#endif

namespace rustg::base {

// A device's caches of instructions are small and all its lanes share them: there, large code should exist once rather than be near at hand.
#if defined(__CUDA_ARCH__)
constexpr bool kSmallCode = true;
#else
constexpr bool kSmallCode = false;
#endif

}  // namespace rustg::base
