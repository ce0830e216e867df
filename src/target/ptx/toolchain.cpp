#include "target/ptx/toolchain.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "target/ptx/process.h"

namespace rustg::ptx {
namespace {

std::string find_program(const char* name) {
  std::string folders = std::getenv("PATH") ? std::getenv("PATH") : "";
  if (const char* home = std::getenv("CUDA_HOME")) folders += fmt::format(":{}/bin", home);
  folders += ":/usr/local/cuda/bin";
  for (size_t from = 0; from < folders.size();) {
    const size_t to = std::min(folders.find(':', from), folders.size());
    const std::string path = folders.substr(from, to - from) + "/" + name;
    if (access(path.c_str(), X_OK) == 0) return path;
    from = to + 1;
  }
  return {};
}

// What is emitted is all in PTX 8.0, but 9.0 is the first to know every GPU of today.
uint32_t ptx_version_of(uint32_t cuda_major) { return cuda_major >= 13 ? 90 : 80; }

}  // namespace

Result<Toolchain> find_jit_library() {
  for (const char* name : {"libnvJitLink.so.13", "libnvJitLink.so.12", "/usr/local/cuda/lib64/libnvJitLink.so.13",
                           "/usr/local/cuda/lib64/libnvJitLink.so.12"}) {
    void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) continue;
    const auto get_version = reinterpret_cast<int (*)(unsigned*, unsigned*)>(dlsym(library, "nvJitLinkVersion"));
    unsigned major = 0, minor = 0;
    if (!get_version || get_version(&major, &minor) != 0) continue;
    return Toolchain{{}, {}, name, fmt::format("nvJitLink {}.{}", major, minor), ptx_version_of(major)};
  }
  return Error{"no libnvJitLink.so.12 or .13 found"};
}

Result<Toolchain> find_toolchain() {
  const std::string ptxas = find_program("ptxas"), nvlink = find_program("nvlink");
  if (!ptxas.empty() && !nvlink.empty()) {
    RUSTG_LET(text, run_process({ptxas, "--version"}, std::chrono::seconds(20)));
    const size_t at = text.find("release ");
    const uint32_t major = at == std::string::npos ? 0 : static_cast<uint32_t>(std::atoi(text.c_str() + at + 8));
    if (major >= 12) return Toolchain{ptxas, nvlink, {}, text, ptx_version_of(major)};
  }
  auto library = find_jit_library();
  if (library) return library;
  return Error{
      "assembling for the GPU needs ptxas and nvlink of CUDA 12 or later (looked on PATH, in $CUDA_HOME/bin and in "
      "/usr/local/cuda/bin), or libnvJitLink: none of them was found"};
}

}  // namespace rustg::ptx
