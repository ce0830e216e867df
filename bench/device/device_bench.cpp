// device_bench [MILLIONS]: every operation of the device layer on one CPU thread, on all, and on the CUDA device if there is one; inputs of that
// many million 32-bit words (default 16, and 16 times as many on CUDA). Best of several runs.
#include "device_bench.h"

#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"

namespace {

void print(const std::string& device, const std::vector<rustg::bench::Measurement>& all) {
  double copy = all.front().bytes / all.front().seconds;
  fmt::print("\n{}\n{:<34}{:>12}{:>14}{:>10}{:>10}\n", device, "operation", "ms", "M items/s", "GB/s", "% of copy");
  for (const auto& m : all) {
    fmt::print("{:<34}{:>12.4f}{:>14.1f}", m.operation, m.seconds * 1e3, m.items / m.seconds / 1e6);
    if (m.bytes != 0) fmt::print("{:>10.2f}{:>10.1f}", m.bytes / m.seconds / 1e9, m.bytes / m.seconds / copy * 100);
    fmt::print("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rustg;
  uint32_t millions = argc > 1 ? uint32_t(std::atoi(argv[1])) : 16;
  if (millions == 0 || millions > 64) {
    fmt::print(stderr, "usage: device_bench [MILLIONS, 1 to 64]\n");
    return 2;
  }
  {
    device::cpu::Queue queue(1);
    print("CPU, 1 thread", bench::measure(queue, millions << 20));
  }
  if (device::cpu::Queue queue; queue.threads() > 1) {
    print(fmt::format("CPU, {} threads", queue.threads()), bench::measure(queue, millions << 20));
  }
  auto queue = device::cuda::Queue::open();
  if (!queue) {
    fmt::print("\nCUDA: skipped, {}\n", queue.error().message);
    return 0;
  }
#if defined(RUSTG_HAS_CUDA)
  print("CUDA, " + (*queue)->name(), bench::measure(**queue, millions << 24));
#endif
}
