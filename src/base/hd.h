// RUSTG_HD: a function or lambda that runs on the host and on a CUDA device.
#pragma once

#if defined(__CUDACC__)
#  define RUSTG_HD __host__ __device__
#else
#  define RUSTG_HD
#endif
