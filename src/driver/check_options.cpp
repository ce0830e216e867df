#include "driver/check_options.h"

#include <CLI/CLI.hpp>
#include <charconv>

#include "driver/options.h"
#include "graph/manifest.h"

namespace rustg::driver {
namespace {

void define_common(CLI::App& app, RawCheck& raw) {
  app.add_option("--edition", raw.edition,
                 "Take all files as of this edition (default: what Cargo.toml says for a folder, 2015 for a file, as rustc)")
      ->check(CLI::IsMember({"2015", "2018", "2021", "2024"}))
      ->option_text("2015|2018|2021|2024");
  app.add_option("--device", raw.device, "Where to work: auto (a GPU, where there is one, for very much source), cpu, cuda or cuda:N")
      ->option_text("DEVICE");
  app.add_option("--error-format", raw.format, "How to show errors: human, short (a line each), or json as rustc's")
      ->check(CLI::IsMember({"human", "short", "json"}))
      ->option_text("FORMAT");
  app.add_option("--color", raw.color, "Colors: auto (on a terminal), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->option_text("WHEN");
}

Result<PassDevice> parse_device(const std::string& text) {
  if (text == "auto") return PassDevice{};
  if (text == "cpu") return PassDevice{PassDevice::Kind::cpu};
  std::string_view rest = text;
  bool cuda = rest.starts_with("cuda"), gpu = rest.starts_with("gpu");
  if (cuda || gpu) {
    rest.remove_prefix(cuda ? 4 : 3);
    PassDevice device{PassDevice::Kind::cuda};
    if (rest.empty()) return device;
    auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), device.ordinal);
    if (rest[0] == ':' && rest.size() > 1 && rest[1] != '-' && error == std::errc() && end == rest.data() + rest.size()) return device;
  }
  return Error{"--device " + text + ": expected auto, cpu, cuda or cuda:N"};
}

template <class Options>
Status finish_common(Options& options, const RawCheck& raw) {
  RUSTG_LET(device, parse_device(raw.device));
  options.device = device;
  options.edition = graph::edition_of(raw.edition);
  options.format = raw.format == "json" ? source::ErrorFormat::json : raw.format == "short" ? source::ErrorFormat::terse : source::ErrorFormat::human;
  options.color = raw.color == "always" ? ColorChoice::always : raw.color == "never" ? ColorChoice::never : ColorChoice::automatic;
  return ok();
}

}  // namespace

void define_check(CLI::App& app, CheckOptions& options, RawCheck& raw) {
  app.add_option("PATH", options.paths, "Files, or folders with all .rs files below them (default: the current folder)")->option_text(" ");
  app.add_flag("--syntax", options.syntax, "Lex and parse; all that there is to check so far");
  define_common(app, raw);
  app.add_option("-j,--jobs", options.jobs, "CPU threads (default: one a core)")->check(CLI::Range(0, 1024))->option_text("N");
  app.add_flag("--stats", options.stats, "Say on stderr how much there was and how long each stage took");
  app.add_option("--batch", raw.batch, "Source text to check at once, as 64M (default: what suits the device)")->option_text("SIZE");
  app.add_option("--max-file", raw.most_file, "Refuse files larger than this (default: what there is memory for, at most 4 GiB)")
      ->option_text("SIZE");
}

Status finish_check(CheckOptions& options, const RawCheck& raw) {
  RUSTG_TRY(finish_common(options, raw));
  if (!options.syntax) return Error{"check: only `rustg check --syntax` exists so far: there is no type checker yet"};
  if (!raw.batch.empty()) {
    RUSTG_LET(bytes, parse_size(raw.batch));
    if (bytes == 0) return Error{"--batch 0: nothing would be checked"};
    options.batch_bytes = bytes;
  }
  if (!raw.most_file.empty()) {
    RUSTG_LET(bytes, parse_size(raw.most_file));
    if (bytes == 0) return Error{"--max-file 0: nothing would be checked"};
    options.most_file_bytes = bytes;
  }
  if (options.paths.empty()) options.paths.push_back(".");
  return ok();
}

void define_parse(CLI::App& app, ParseOptions& options, RawCheck& raw) {
  app.add_option("FILE", options.file, "A file, or - for stdin")->option_text(" ");
  app.add_option("--dump", raw.dump, "What to print: tokens, tree, or json (the tree, for programs)")
      ->check(CLI::IsMember({"tokens", "tree", "json"}))
      ->option_text("WHAT");
  define_common(app, raw);
}

Status finish_parse(ParseOptions& options, const RawCheck& raw) {
  RUSTG_TRY(finish_common(options, raw));
  if (options.file.empty()) return Error{"parse: which file? See rustg parse --help"};
  options.dump = raw.dump == "tokens" ? DumpKind::tokens : raw.dump == "json" ? DumpKind::json : DumpKind::tree;
  return ok();
}

}  // namespace rustg::driver
