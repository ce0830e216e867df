// What the command line asked for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "driver/check_options.h"
#include "driver/graph_options.h"

namespace rustg::driver {

enum class DeviceChoice { automatic, cpu, gpu };
enum class EngineChoice { automatic, bytecode, ptx };

// A host directory and the name that the program knows it by.
struct Preopen {
  std::string host, guest;
};

struct RunOptions {
  std::string file;
  std::vector<std::string> args;  // the program's, its own name not among them
  DeviceChoice device = DeviceChoice::automatic;
  EngineChoice engine = EngineChoice::automatic;
  std::optional<uint32_t> instances;  // none: one, which is not told that it is an instance
  uint32_t jobs = 0;                  // CPU threads that run instances; 0: one a core
  bool ordered = false;
  bool stats = false;      // say on stderr how long it took
  std::string output_dir;  // empty: stdout and stderr
  std::vector<Preopen> dirs;
  std::vector<std::pair<std::string, std::string>> env;
  std::optional<uint64_t> stack_bytes;  // of an instance; none: what its device finds good
  std::optional<int64_t> fuel;
  uint64_t timeout_ns = 0;  // 0: none
  std::vector<std::string> rustc_args;
};

enum class InspectKind { summary, ir, bytecode, ptx };
struct InspectOptions {
  std::string file;
  InspectKind kind = InspectKind::summary;
  std::vector<std::string> rustc_args;
};

struct Command {
  enum class Kind { run, check, parse, graph, devices, inspect, print } kind = Kind::print;
  RunOptions run;
  CheckOptions check;
  ParseOptions parse;
  GraphOptions graph;
  InspectOptions inspect;
  std::string text;  // print: help or version, for stdout
};

// Parse main's arguments. Called as `gpu-run`, everything is for `run`. An error is a usage error: exit code 2.
Result<Command> parse_command_line(int argc, const char* const* argv);

// "8M", "64K", "1G" or bytes; "10s", "500ms", "2m" or seconds.
Result<uint64_t> parse_size(const std::string& text);
Result<uint64_t> parse_duration_ns(const std::string& text);

}  // namespace rustg::driver
