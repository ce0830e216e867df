// Running a tool.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace rustg::ptx {

// Run a program (a path or a name on PATH) to its end and give what it wrote to stdout and stderr. Errors: it cannot be started, ends with
// another status than 0 (the message holds its output), or takes longer than `limit` (it is killed).
Result<std::string> run_process(const std::vector<std::string>& command, std::chrono::seconds limit);

}  // namespace rustg::ptx
