// What is known of the whole program before any function is emitted.
#pragma once
#include <cstdint>
#include <vector>

#include "target/ptx/emit.h"

namespace rustg::ptx {

// Alignment is written as the log2 of a power of two that divides the value, kMaxAlign at most.
constexpr uint8_t kMaxAlign = 4;

struct Facts {
  std::vector<bool> reachable;           // per function: emitted
  std::vector<bool> address_taken;       // per function: a reference to it may exist
  std::vector<bool> may_grow;            // per function: calling it may move or grow a memory
  std::vector<bool> signature_may_grow;  // per signature: calling some referenced function of it may
  // Alignments that hold whenever the program runs (see alignment.h).
  std::vector<uint8_t> global_align;               // per global
  std::vector<std::vector<uint8_t>> param_align;   // per function and parameter
  std::vector<std::vector<uint8_t>> result_align;  // per function and result

  Facts(const ir::Program& program, const Options& options);
};

}  // namespace rustg::ptx
