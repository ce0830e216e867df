// What GPUs there are, or why there are none. Works in every build, with or without nvcc, with or without a driver.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace rustg::runtime::cuda {

struct DeviceInfo {
  int ordinal = 0;
  std::string name;
  uint64_t memory_bytes = 0;  // all there is
  uint64_t free_bytes = 0;    // what a run could take now; 0 if the device could not be asked
  uint32_t multiprocessors = 0;
  uint32_t compute_major = 0, compute_minor = 0;
};

struct Devices {
  std::vector<DeviceInfo> list;
  std::string driver;  // "CUDA 13.0": the newest CUDA that the driver speaks; empty without one
  std::string reason;  // why `list` is empty, in a user's words
};

// Opens libcuda.so.1 on the first call. Never fails: the reason is in the answer.
Devices devices();

}  // namespace rustg::runtime::cuda
