#include "driver/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/demangle.h"
#include "ir/trap.h"

namespace rustg::driver {

int report_error(const std::string& message, int exit_code) {
  bool color = isatty(2);
  std::fprintf(stderr, "%serror%s: %s\n", color ? "\x1b[1;31m" : "", color ? "\x1b[0m" : "", message.c_str());
  return exit_code;
}

bool is_trap(const abi::Outcome& outcome) {
  auto trap = static_cast<ir::Trap>(outcome.trap);
  return trap != ir::Trap::none && trap != ir::Trap::exit;
}

std::string describe_trap(const ir::Program& program, const abi::Outcome& outcome, std::optional<uint32_t> instance) {
  std::string text = fmt::format("error: {}wasm trap: {}\n", instance ? fmt::format("instance {}: ", *instance) : "",
                                 ir::message(static_cast<ir::Trap>(outcome.trap)));
  uint32_t frames = std::min(outcome.frame_count, abi::kBacktraceFrames);
  for (uint32_t i = 0; i < frames; i++) {
    uint32_t function = outcome.functions[i];
    const std::string& name = program.functions[function].name;
    text += fmt::format("{:4}: {}\n", i, name.empty() ? fmt::format("function {}", function) : demangle(name));
  }
  if (outcome.depth > frames) text += fmt::format("      ({} more)\n", outcome.depth - frames);
  return text;
}

int exit_code_of(const abi::Outcome& outcome) {
  switch (static_cast<ir::Trap>(outcome.trap)) {
    case ir::Trap::none: return 0;
    case ir::Trap::exit: return static_cast<int>(outcome.exit_code & 0xff);
    default: return kExitTrap;
  }
}

void report_stats(const RunStats& s) {
  fmt::print(stderr,
             "stats: {}: {} instances, {} at a time{}: compile {:.3f} s, set-up {:.3f} s, run {:.4f} s, {:.0f} "
             "instances/s\n",
             s.where, s.instances, s.at_a_time, s.a_warp ? fmt::format(" ({} a warp)", s.a_warp) : "",
             s.compile_seconds, s.setup_seconds, s.run_seconds, s.instances / s.run_seconds);
}

}  // namespace rustg::driver
