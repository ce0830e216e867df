// What `rustg check` and `rustg parse` were asked for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "source/render.h"

namespace CLI {
class App;
}

namespace rustg::driver {

// Where passes run.
struct PassDevice {
  enum class Kind { automatic, cpu, cuda } kind = Kind::automatic;
  int ordinal = 0;
};

enum class ColorChoice { automatic, always, never };

struct CheckOptions {
  std::vector<std::string> paths;
  bool syntax = false;
  std::optional<uint8_t> edition;
  PassDevice device;
  uint32_t jobs = 0;  // CPU threads; 0: one a core
  source::ErrorFormat format = source::ErrorFormat::human;
  ColorChoice color = ColorChoice::automatic;
  bool stats = false;
  uint64_t batch_bytes = 0;      // source text checked at once; 0: what suits the device
  uint64_t most_file_bytes = 0;  // of a file; 0: what the device has memory for
};

enum class DumpKind { tokens, tree, json };
struct ParseOptions {
  std::string file;  // "-": stdin
  DumpKind dump = DumpKind::tree;
  std::optional<uint8_t> edition;
  PassDevice device;
  source::ErrorFormat format = source::ErrorFormat::human;
  ColorChoice color = ColorChoice::automatic;
};

// Options as text, before they are looked into.
struct RawCheck {
  std::string edition, device = "auto", format = "human", color = "auto", dump = "tree", batch, most_file;
};
void define_check(CLI::App& app, CheckOptions& options, RawCheck& raw);
Status finish_check(CheckOptions& options, const RawCheck& raw);
void define_parse(CLI::App& app, ParseOptions& options, RawCheck& raw);
Status finish_parse(ParseOptions& options, const RawCheck& raw);

}  // namespace rustg::driver
