// What a linked cubin says of itself.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace rustg::ptx {

struct FunctionCode {
  std::string name;
  uint32_t code_bytes;   // of its SASS, padding included
  uint32_t frame_bytes;  // of stack per call
  uint32_t registers;    // 0 where it is not said: only kernels and functions of relocatable objects say it
};
// The functions in an ELF file as ptxas and nvlink write it. An error: it is none.
Result<std::vector<FunctionCode>> read_functions(std::span<const uint8_t> cubin);

}  // namespace rustg::ptx
