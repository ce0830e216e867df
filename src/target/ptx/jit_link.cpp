#include "target/ptx/jit_link.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <iterator>

#include "target/ptx/toolchain.h"

#include "target/ptx/toolchain.h"

namespace rustg::ptx {
namespace {

// From nvJitLink.h, so that building needs no CUDA.
using Handle = struct nvJitLink*;
constexpr int kInputPtx = 2, kInputAny = 10;

struct Library {
  int (*create)(Handle*, uint32_t, const char**);
  int (*destroy)(Handle*);
  int (*add_data)(Handle, int, const void*, size_t, const char*);
  int (*complete)(Handle);
  int (*cubin_size)(Handle, size_t*);
  int (*cubin)(Handle, void*);
  int (*log_size)(Handle, size_t*);
  int (*log)(Handle, char*);
  void* handle = nullptr;

  bool open(const std::string& path) {
    handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: it may keep threads
    return handle && find(create, "nvJitLinkCreate") && find(destroy, "nvJitLinkDestroy") &&
           find(add_data, "nvJitLinkAddData") && find(complete, "nvJitLinkComplete") &&
           find(cubin_size, "nvJitLinkGetLinkedCubinSize") && find(cubin, "nvJitLinkGetLinkedCubin") &&
           find(log_size, "nvJitLinkGetErrorLogSize") && find(log, "nvJitLinkGetErrorLog");
  }

 private:
  // The plain names were not exported before CUDA 13; the versioned ones always were.
  template <class F>
  bool find(F& function, const std::string& name) {
    for (const char* suffix :
         {"", "_13_0", "_12_9", "_12_8", "_12_6", "_12_5", "_12_4", "_12_3", "_12_2", "_12_1", "_12_0"})
      if (void* symbol = dlsym(handle, ((*suffix ? "__" : "") + name + suffix).c_str())) {
        function = reinterpret_cast<F>(symbol);
        return true;
      }
    return false;
  }
};

}  // namespace

Result<std::vector<uint8_t>> jit_link(const std::string& path, uint32_t sm, std::span<const JitInput> inputs) {
  Library library;
  if (!library.open(path))
    return Error{fmt::format("cannot use {}: {}", path, library.handle ? "functions are missing" : dlerror())};
  const std::string arch = fmt::format("-arch=sm_{}", sm);
  const std::string no_bank = fmt::format("-Xptxas={}", kNoConstantBank);
  const char* options[] = {arch.c_str(), no_bank.c_str()};
  Handle link = nullptr;
  if (int r = library.create(&link, std::size(options), options))
    return Error{fmt::format("internal error: nvJitLinkCreate gives {}", r)};
  std::string what = "linking";
  int result = 0;
  for (const JitInput& in : inputs) {
    result = library.add_data(link, in.is_ptx ? kInputPtx : kInputAny, in.bytes.data(),
                              in.bytes.size() + (in.is_ptx ? 1 : 0), in.name.c_str());
    if (result) {
      what = fmt::format("assembling PTX unit '{}'", in.name);
      break;
    }
  }
  if (!result) result = library.complete(link);
  std::vector<uint8_t> cubin;
  size_t size = 0;
  if (!result) result = library.cubin_size(link, &size);
  if (!result) {
    cubin.resize(size);
    result = library.cubin(link, cubin.data());
  }
  std::string log;
  if (result && library.log_size(link, &size) == 0) {
    log.resize(size);
    library.log(link, log.data());
  }
  library.destroy(&link);
  if (result) return Error{fmt::format("internal error: {}: nvJitLink gives {}: {}", what, result, log)};
  return cubin;
}

}  // namespace rustg::ptx
