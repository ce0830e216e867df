#include "driver/devices.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "runtime/cuda/devices.h"

namespace rustg::driver {
namespace {

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

}  // namespace

int list_devices() {
  constexpr double gib = 1u << 30;
  fmt::print("cpu   {}, {} threads\n", cpu_name(), std::thread::hardware_concurrency());
  runtime::cuda::Devices found = runtime::cuda::devices();
  for (const auto& gpu : found.list)
    fmt::print("gpu   {}, {:.0f} GiB ({:.0f} free), {} multiprocessors, sm_{}{}, {}\n", gpu.name,
               gpu.memory_bytes / gib, gpu.free_bytes / gib, gpu.multiprocessors, gpu.compute_major, gpu.compute_minor,
               found.driver);
  if (found.list.empty()) fmt::print("gpu   none: {}\n", found.reason);
  return 0;
}

}  // namespace rustg::driver
