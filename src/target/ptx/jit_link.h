// nvJitLink, opened at run time: for machines that have a CUDA runtime but not its tools.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace rustg::ptx {

struct JitInput {
  std::string name;
  std::span<const uint8_t> bytes;
  bool is_ptx;  // a text that a NUL follows; otherwise whatever relocatable code
};
// Assemble and link, in one call and on one core. The error holds the library's log.
Result<std::vector<uint8_t>> jit_link(const std::string& library, uint32_t sm, std::span<const JitInput> inputs);

}  // namespace rustg::ptx
