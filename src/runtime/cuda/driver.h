// The CUDA driver, opened at run time: one binary runs with and without it. Errors come back as Result with the driver's
// own names. `Context` is the device's primary context made current; `DeviceBuffer` and `PinnedBuffer` own memory.
#pragma once
#include <cuda.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "base/result.h"
#include "runtime/cuda/devices.h"

namespace rustg::runtime::cuda {

// Every driver function used. cuda.h maps some names to versioned ones (cuMemAlloc -> cuMemAlloc_v2): the members and the
// symbols looked up follow that mapping.
#define RUSTG_CUDA_FUNCTIONS(X)                  \
  X(cuInit)                                      \
  X(cuDriverGetVersion)                          \
  X(cuDeviceGetCount)                            \
  X(cuDeviceGet)                                 \
  X(cuDeviceGetName)                             \
  X(cuDeviceTotalMem)                            \
  X(cuDeviceGetAttribute)                        \
  X(cuDevicePrimaryCtxRetain)                    \
  X(cuDevicePrimaryCtxRelease)                   \
  X(cuCtxSetCurrent)                             \
  X(cuCtxSetLimit)                               \
  X(cuCtxGetLimit)                               \
  X(cuMemGetInfo)                                \
  X(cuMemAlloc)                                  \
  X(cuMemFree)                                   \
  X(cuMemHostAlloc)                              \
  X(cuMemFreeHost)                               \
  X(cuMemHostGetDevicePointer)                   \
  X(cuMemcpyHtoD)                                \
  X(cuMemcpyDtoH)                                \
  X(cuMemcpyDtoD)                                \
  X(cuMemsetD8)                                  \
  X(cuModuleLoadDataEx)                          \
  X(cuModuleUnload)                              \
  X(cuModuleGetFunction)                         \
  X(cuFuncGetAttribute)                          \
  X(cuOccupancyMaxActiveBlocksPerMultiprocessor) \
  X(cuStreamCreate)                              \
  X(cuStreamDestroy)                             \
  X(cuStreamQuery)                               \
  X(cuStreamSynchronize)                         \
  X(cuLaunchKernel)                              \
  X(cuGetErrorName)                              \
  X(cuGetErrorString)

struct Driver {
#define RUSTG_CUDA_MEMBER(f) decltype(&::f) f = nullptr;
  RUSTG_CUDA_FUNCTIONS(RUSTG_CUDA_MEMBER)
#undef RUSTG_CUDA_MEMBER
};

// The driver, loaded and initialised once; the error says what is missing.
const Result<Driver>& driver();

// "cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY (out of memory)".
Error driver_error(const Driver& d, const char* what, CUresult code);

// Call a driver function in a function that returns a Result; `d` must be in scope.
#define RUSTG_CU(f, ...)                                                \
  do {                                                                  \
    if (CUresult rustg_cu = d.f(__VA_ARGS__); rustg_cu != CUDA_SUCCESS) \
      return ::rustg::runtime::cuda::driver_error(d, #f, rustg_cu);     \
  } while (0)

struct DeviceLimits {
  uint32_t multiprocessors, threads_per_multiprocessor, blocks_per_multiprocessor;
  uint32_t compute_major, compute_minor;
  uint64_t memory_bytes;
};

// One device's primary context, current on the thread that made it. Other threads that call the driver call `bind`.
class Context {
 public:
  static Result<Context> create(int ordinal);
  Context(Context&& other) noexcept { swap(other); }
  Context& operator=(Context&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Context();

  const Driver& driver() const { return *driver_; }
  const DeviceLimits& limits() const { return limits_; }
  Status bind() const;
  Result<uint64_t> free_bytes() const;

 private:
  Context() = default;
  void swap(Context& other) {
    std::swap(driver_, other.driver_);
    std::swap(device_, other.device_);
    std::swap(context_, other.context_);
    std::swap(limits_, other.limits_);
  }
  const Driver* driver_ = nullptr;
  CUdevice device_ = 0;
  CUcontext context_ = nullptr;
  DeviceLimits limits_ = {};
};

// Plain device memory.
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  static Result<DeviceBuffer> create(const Driver& d, uint64_t bytes);
  static Result<DeviceBuffer> upload(const Driver& d, const void* bytes, uint64_t size);
  DeviceBuffer(DeviceBuffer&& other) noexcept { *this = std::move(other); }
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    std::swap(driver_, other.driver_);
    std::swap(address_, other.address_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~DeviceBuffer();

  CUdeviceptr address() const { return address_; }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(address_);
  }
  uint64_t bytes() const { return bytes_; }
  // Everything asked of the default stream so far (memset too) is done when it returns.
  Status write(uint64_t offset, const void* from, uint64_t size) const;
  Status read(uint64_t offset, void* to, uint64_t size) const;

 private:
  const Driver* driver_ = nullptr;
  CUdeviceptr address_ = 0;
  uint64_t bytes_ = 0;
};

// Host memory that the device reads and writes in place.
class PinnedBuffer {
 public:
  PinnedBuffer() = default;
  static Result<PinnedBuffer> create(const Driver& d, uint64_t bytes, bool zeroed);
  PinnedBuffer(PinnedBuffer&& other) noexcept { *this = std::move(other); }
  PinnedBuffer& operator=(PinnedBuffer&& other) noexcept {
    std::swap(driver_, other.driver_);
    std::swap(host_, other.host_);
    std::swap(device_, other.device_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~PinnedBuffer();

  template <class T>
  T* host() const {
    return static_cast<T*>(host_);
  }
  // The same memory as the device addresses it.
  template <class T>
  T* device() const {
    return reinterpret_cast<T*>(device_);
  }
  uint64_t bytes() const { return bytes_; }

 private:
  const Driver* driver_ = nullptr;
  void* host_ = nullptr;
  CUdeviceptr device_ = 0;
  uint64_t bytes_ = 0;
};

// A loaded cubin, fatbin or PTX text (which the driver then compiles).
class Module {
 public:
  Module() = default;
  static Result<Module> load(const Driver& d, const void* image);
  Module(Module&& other) noexcept { *this = std::move(other); }
  Module& operator=(Module&& other) noexcept {
    std::swap(driver_, other.driver_);
    std::swap(module_, other.module_);
    return *this;
  }
  ~Module();

  Result<CUfunction> function(const char* name) const;

 private:
  const Driver* driver_ = nullptr;
  CUmodule module_ = nullptr;
};

}  // namespace rustg::runtime::cuda
