// RUSTG_HD: a function or lambda that runs on the host and on a CUDA device.
// RUSTG_HD_INLINE: the same, never called on a CUDA device: an object whose address is passed to a call lies in memory, not in registers.
#pragma once

#if defined(__CUDACC__)
#  define RUSTG_HD __host__ __device__
#  define RUSTG_HD_INLINE RUSTG_HD __forceinline__
#else
#  define RUSTG_HD
#  define RUSTG_HD_INLINE inline
#endif
