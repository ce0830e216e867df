#include "runtime/cuda/driver.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstring>

namespace rustg::runtime::cuda {
namespace {

#define RUSTG_TEXT_(x) #x
#define RUSTG_TEXT(x) RUSTG_TEXT_(x)

Result<Driver> load() {
  void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    // A file that exists but cannot be loaded is another problem than no driver; dlerror tells them apart.
    if (why != nullptr && std::strstr(why, "No such file") == nullptr)
      return Error{fmt::format("libcuda.so.1 cannot be loaded: {}", why)};
    return Error{"libcuda.so.1 not found: no NVIDIA driver is installed"};
  }
  Driver d;
#define RUSTG_CUDA_LOAD(f)                                              \
  d.f = reinterpret_cast<decltype(d.f)>(dlsym(library, RUSTG_TEXT(f))); \
  if (d.f == nullptr) return Error{"the NVIDIA driver is too old: it has no " RUSTG_TEXT(f)};
  RUSTG_CUDA_FUNCTIONS(RUSTG_CUDA_LOAD)
#undef RUSTG_CUDA_LOAD
  CUresult code = d.cuInit(0);
  if (code == CUDA_ERROR_NO_DEVICE) return Error{"an NVIDIA driver is installed, but it sees no device"};
  if (code != CUDA_SUCCESS) return driver_error(d, "cuInit", code);
  return d;
}

std::string version_text(int version) { return fmt::format("CUDA {}.{}", version / 1000, version % 1000 / 10); }

int attribute(const Driver& d, CUdevice device, CUdevice_attribute which) {
  int value = 0;
  return d.cuDeviceGetAttribute(&value, which, device) == CUDA_SUCCESS ? value : 0;
}

uint64_t free_memory(const Driver& d, CUdevice device) {
  CUcontext context;
  size_t free = 0, total = 0;
  if (d.cuDevicePrimaryCtxRetain(&context, device) != CUDA_SUCCESS) return 0;
  if (d.cuCtxSetCurrent(context) != CUDA_SUCCESS || d.cuMemGetInfo(&free, &total) != CUDA_SUCCESS) free = 0;
  d.cuDevicePrimaryCtxRelease(device);
  return free;
}

}  // namespace

const Result<Driver>& driver() {
  static const Result<Driver> loaded = load();
  return loaded;
}

Error driver_error(const Driver& d, const char* what, CUresult code) {
  const char *name = nullptr, *text = nullptr;
  d.cuGetErrorName(code, &name);
  d.cuGetErrorString(code, &text);
  return Error{fmt::format("{}: {} ({})", what, name ? name : fmt::format("error {}", static_cast<int>(code)),
                           text ? text : "unknown to the driver")};
}

Devices devices() {
  Devices found;
  const Result<Driver>& loaded = driver();
  if (!loaded) {
    found.reason = loaded.error().message;
    return found;
  }
  const Driver& d = *loaded;
  int version = 0, count = 0;
  if (d.cuDriverGetVersion(&version) == CUDA_SUCCESS) found.driver = version_text(version);
  if (CUresult code = d.cuDeviceGetCount(&count); code != CUDA_SUCCESS) {
    found.reason = driver_error(d, "cuDeviceGetCount", code).message;
    return found;
  }
  for (int i = 0; i < count; i++) {
    CUdevice device;
    if (d.cuDeviceGet(&device, i) != CUDA_SUCCESS) continue;
    char name[256] = {};
    size_t bytes = 0;
    d.cuDeviceGetName(name, sizeof name - 1, device);
    d.cuDeviceTotalMem(&bytes, device);
    found.list.push_back({
        .ordinal = i,
        .name = name,
        .memory_bytes = bytes,
        .free_bytes = free_memory(d, device),
        .multiprocessors = static_cast<uint32_t>(attribute(d, device, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)),
        .compute_major = static_cast<uint32_t>(attribute(d, device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)),
        .compute_minor = static_cast<uint32_t>(attribute(d, device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)),
    });
  }
  if (found.list.empty()) found.reason = "an NVIDIA driver is installed, but it sees no device";
  return found;
}

Result<Context> Context::create(int ordinal) {
  const Result<Driver>& loaded = cuda::driver();
  if (!loaded) return loaded.error();
  const Driver& d = *loaded;
  Context c;
  RUSTG_CU(cuDeviceGet, &c.device_, ordinal);
  RUSTG_CU(cuDevicePrimaryCtxRetain, &c.context_, c.device_);
  c.driver_ = &d;
  RUSTG_CU(cuCtxSetCurrent, c.context_);
  size_t bytes = 0;
  RUSTG_CU(cuDeviceTotalMem, &bytes, c.device_);
  auto get = [&](CUdevice_attribute which) { return static_cast<uint32_t>(attribute(d, c.device_, which)); };
  c.limits_ = {.multiprocessors = get(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
               .threads_per_multiprocessor = get(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR),
               .blocks_per_multiprocessor = get(CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR),
               .compute_major = get(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
               .compute_minor = get(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
               .memory_bytes = bytes};
  if (c.limits_.compute_major * 10 + c.limits_.compute_minor < 75)
    return Error{fmt::format("the GPU has compute capability {}.{}; rustg needs 7.5 or newer", c.limits_.compute_major,
                             c.limits_.compute_minor)};
  return c;
}

Context::~Context() {
  if (driver_ != nullptr) driver_->cuDevicePrimaryCtxRelease(device_);
}

Status Context::bind() const {
  const Driver& d = *driver_;
  RUSTG_CU(cuCtxSetCurrent, context_);
  return ok();
}

Result<uint64_t> Context::free_bytes() const {
  const Driver& d = *driver_;
  size_t free = 0, total = 0;
  RUSTG_CU(cuMemGetInfo, &free, &total);
  return static_cast<uint64_t>(free);
}

Result<DeviceBuffer> DeviceBuffer::create(const Driver& d, uint64_t bytes) {
  DeviceBuffer b;
  CUresult code = d.cuMemAlloc(&b.address_, bytes == 0 ? 1 : bytes);
  if (code != CUDA_SUCCESS)
    return Error{fmt::format("{} bytes: {}", bytes, driver_error(d, "cuMemAlloc", code).message)};
  b.driver_ = &d;
  b.bytes_ = bytes;
  return b;
}

Result<DeviceBuffer> DeviceBuffer::upload(const Driver& d, const void* bytes, uint64_t size) {
  RUSTG_LET(b, create(d, size));
  RUSTG_TRY(b.write(0, bytes, size));
  return std::move(b);
}

DeviceBuffer::~DeviceBuffer() {
  if (driver_ != nullptr) driver_->cuMemFree(address_);
}

Status DeviceBuffer::write(uint64_t offset, const void* from, uint64_t size) const {
  const Driver& d = *driver_;
  if (size != 0) RUSTG_CU(cuMemcpyHtoD, address_ + offset, from, size);
  // A copy from pageable memory can still be on its way when the call returns, and kernels run on streams that do not wait for it.
  RUSTG_CU(cuStreamSynchronize, nullptr);
  return ok();
}

Status DeviceBuffer::read(uint64_t offset, void* to, uint64_t size) const {
  const Driver& d = *driver_;
  if (size != 0) RUSTG_CU(cuMemcpyDtoH, to, address_ + offset, size);
  return ok();
}

Result<PinnedBuffer> PinnedBuffer::create(const Driver& d, uint64_t bytes, bool zeroed) {
  PinnedBuffer b;
  RUSTG_CU(cuMemHostAlloc, &b.host_, bytes, CU_MEMHOSTALLOC_DEVICEMAP | CU_MEMHOSTALLOC_PORTABLE);
  b.driver_ = &d;
  b.bytes_ = bytes;
  RUSTG_CU(cuMemHostGetDevicePointer, &b.device_, b.host_, 0);
  if (zeroed) std::memset(b.host_, 0, bytes);
  return b;
}

PinnedBuffer::~PinnedBuffer() {
  if (driver_ != nullptr) driver_->cuMemFreeHost(host_);
}

Result<Module> Module::load(const Driver& d, const void* image) {
  Module m;
  char log[4096] = {};
  CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  void* values[] = {log, reinterpret_cast<void*>(sizeof log)};
  CUresult code = d.cuModuleLoadDataEx(&m.module_, image, 2, options, values);
  if (code != CUDA_SUCCESS)
    return Error{fmt::format("{}{}{}", driver_error(d, "cuModuleLoadDataEx", code).message, *log ? ": " : "", log)};
  m.driver_ = &d;
  return m;
}

Module::~Module() {
  if (driver_ != nullptr) driver_->cuModuleUnload(module_);
}

Result<CUfunction> Module::function(const char* name) const {
  const Driver& d = *driver_;
  CUfunction f;
  CUresult code = d.cuModuleGetFunction(&f, module_, name);
  if (code != CUDA_SUCCESS)
    return Error{fmt::format("{}: {}", name, driver_error(d, "cuModuleGetFunction", code).message)};
  return f;
}

}  // namespace rustg::runtime::cuda
