// What rustg itself tells the user on stderr.
#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "ir/program.h"
#include "target/abi/instance.h"

namespace rustg::driver {

constexpr int kExitError = 1, kExitUsage = 2, kExitTrap = 134;

// "error: …" on stderr, in red on a terminal; the exit code for it.
int report_error(const std::string& message, int exit_code = kExitError);

// "error: wasm trap: …" and the backtrace, innermost function first, with demangled names. With an instance's number where
// there are many.
std::string describe_trap(const ir::Program& program, const abi::Outcome& outcome,
                          std::optional<uint32_t> instance = std::nullopt);

// Did the instance end otherwise than by returning or by asking for it?
bool is_trap(const abi::Outcome& outcome);

// The last word of `run --stats`, on stderr: "stats: gpu, ptx: 1024 instances, 1024 at a time (1 a warp): compile 0.1 s, set-up …".
struct RunStats {
  std::string where;                                  // device and engine
  uint32_t instances = 1, at_a_time = 1, a_warp = 0;  // a_warp: 0 where there are no warps
  double compile_seconds = 0, setup_seconds = 0, run_seconds = 0;
};
void report_stats(const RunStats& stats);

// The exit code that an outcome means.
int exit_code_of(const abi::Outcome& outcome);

}  // namespace rustg::driver
