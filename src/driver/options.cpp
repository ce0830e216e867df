#include "driver/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>

#include "source/explain.h"

namespace rustg::driver {
namespace {

constexpr const char* kVersion = "rustg 0.1.0";
constexpr const char* kUsage = "rustg COMMAND ...";

struct Suffix {
  std::string_view text;
  uint64_t factor;
};

// A whole number with one of the suffixes.
Result<uint64_t> parse_scaled(const std::string& text, std::initializer_list<Suffix> suffixes, const char* what) {
  uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view rest(end, text.data() + text.size() - end);
  if (error == std::errc())
    for (const Suffix& suffix : suffixes)
      if (rest == suffix.text && number <= UINT64_MAX / suffix.factor) return number * suffix.factor;
  return Error{"`" + text + "` is not " + what};
}

Result<Preopen> parse_dir(const std::string& text) {
  size_t separator = text.find("::");
  Preopen dir{text.substr(0, separator), separator == std::string::npos ? text : text.substr(separator + 2)};
  if (dir.host.empty() || dir.guest.empty()) return Error{"--dir `" + text + "`: expected HOST or HOST::GUEST"};
  return dir;
}

// K=V, or K for the value that rustg itself has, as wasmtime reads it.
Result<std::pair<std::string, std::string>> parse_env(const std::string& text) {
  size_t equals = text.find('=');
  std::string key = text.substr(0, equals);
  if (key.empty()) return Error{"--env `" + text + "`: expected NAME=VALUE or NAME"};
  if (equals != std::string::npos) return std::pair{key, text.substr(equals + 1)};
  const char* value = std::getenv(key.c_str());
  if (!value) return Error{"--env " + key + ": the environment has no such variable"};
  return std::pair{key, std::string(value)};
}

// Options as text, before they are looked into.
struct RawRun {
  std::vector<std::string> dirs, env;
  std::string device = "auto", engine = "auto", stack, timeout;
  int64_t fuel = -1;
  uint32_t instances = 0;
};

void define_run(CLI::App& app, RunOptions& run, RawRun& raw) {
  app.add_option("--device", raw.device, "Where to run: auto (the GPU where there is one), cpu or gpu")
      ->check(CLI::IsMember({"auto", "cpu", "gpu"}))
      ->option_text("DEVICE");
  app.add_option("--engine", raw.engine, "How to run: auto, bytecode (starts at once) or ptx (GPU only)")
      ->check(CLI::IsMember({"auto", "bytecode", "ptx"}))
      ->option_text("ENGINE");
  app.add_option("--instances", raw.instances,
                 "Run N independent copies; each has RUSTG_INSTANCE=0..N-1 in its environment")
      ->check(CLI::Range(1u, UINT32_MAX))
      ->option_text("N");
  app.add_option("-j,--jobs", run.jobs, "CPU threads for the instances (default: one a core)")->option_text("N");
  app.add_flag("--stats", run.stats, "Say on stderr how long compiling and running took");
  app.add_flag("--ordered", run.ordered, "Print the instances' output in instance order");
  app.add_option("--output-dir", run.output_dir, "Write each instance's output to DIR/N.stdout and DIR/N.stderr")
      ->option_text("DIR");
  app.add_option("--dir", raw.dirs, "Give the program a directory (a .rs program has the current one)")
      ->option_text("HOST[::GUEST]")
      ->allow_extra_args(false);
  app.add_option("--env", raw.env, "Set a variable in the program's environment, or pass one on")
      ->option_text("NAME[=VALUE]")
      ->allow_extra_args(false);
  app.add_option("--stack", raw.stack, "Stack of an instance, as 512K or 8M")->option_text("SIZE");
  app.add_option("--fuel", raw.fuel, "Trap after about N instructions")
      ->check(CLI::NonNegativeNumber)
      ->option_text("N");
  app.add_option("--timeout", raw.timeout, "Trap after this long, as 500ms, 10s or 2m")->option_text("TIME");
  app.add_option("--rustc-arg", run.rustc_args, "An argument for rustc, for a .rs file; may be repeated")
      ->option_text("ARG")
      ->allow_extra_args(false);
}

Status finish_run(RunOptions& run, const RawRun& raw) {
  run.device = raw.device == "cpu"   ? DeviceChoice::cpu
               : raw.device == "gpu" ? DeviceChoice::gpu
                                     : DeviceChoice::automatic;
  run.engine = raw.engine == "ptx"        ? EngineChoice::ptx
               : raw.engine == "bytecode" ? EngineChoice::bytecode
                                          : EngineChoice::automatic;
  if (run.engine == EngineChoice::ptx && run.device == DeviceChoice::cpu)
    return Error{"--engine ptx runs on a GPU, not with --device cpu"};
  for (const std::string& text : raw.dirs) {
    RUSTG_LET(dir, parse_dir(text));
    run.dirs.push_back(dir);
  }
  for (const std::string& text : raw.env) {
    RUSTG_LET(variable, parse_env(text));
    run.env.push_back(variable);
  }
  if (!raw.stack.empty()) {
    RUSTG_LET(bytes, parse_size(raw.stack));
    if (bytes < 4096) return Error{"--stack " + raw.stack + ": at least 4K are needed"};
    run.stack_bytes = bytes;
  }
  if (!raw.timeout.empty()) {
    RUSTG_LET(duration, parse_duration_ns(raw.timeout));
    if (duration == 0) return Error{"--timeout " + raw.timeout + ": it would end before it began"};
    run.timeout_ns = duration;
  }
  if (raw.fuel >= 0) run.fuel = raw.fuel;
  if (raw.instances > 0) run.instances = raw.instances;
  return ok();
}

// FILE and what follows it; a `--` right behind FILE is not the program's.
Status take_program(const std::vector<std::string>& rest, const char* command, std::string& file,
                    std::vector<std::string>* args) {
  size_t at = 0;
  if (!rest.empty() && rest[0].size() > 1 && rest[0][0] == '-')
    return Error{std::string(command) + ": unknown option `" + rest[0] + "`; see rustg " + command + " --help"};
  if (at >= rest.size()) return Error{std::string(command) + ": which file? See rustg " + command + " --help"};
  file = rest[at++];
  if (at < rest.size() && rest[at] == "--") at++;
  if (!args && at < rest.size()) return Error{std::string(command) + ": one file at a time, please"};
  if (args) args->assign(rest.begin() + at, rest.end());
  return ok();
}

// CLI11 does not know about FILE and what follows it: the usage line is ours, and says what must be there.
std::string help_of(const CLI::App& app, const char* usage) {
  CLI::Formatter formatter;
  formatter.column_width(30);
  for (const char* unsaid : {"TEXT", "REQUIRED"}) formatter.label(unsaid, "");
  formatter.label("Positionals", "Arguments");
  std::string text = app.get_description() + "\n\nUsage: " + usage + "\n" + formatter.make_positionals(&app);
  text += formatter.make_groups(&app, CLI::AppFormatMode::Normal);
  return text + formatter.make_subcommands(&app, CLI::AppFormatMode::Normal);
}

bool is_gpu_run(std::string_view program) {
  size_t slash = program.rfind('/');
  return (slash == std::string_view::npos ? program : program.substr(slash + 1)) == "gpu-run";
}

}  // namespace

Result<uint64_t> parse_size(const std::string& text) {
  return parse_scaled(text, {{"", 1}, {"K", 1u << 10}, {"M", 1u << 20}, {"G", 1u << 30}},
                      "a size (as 4096, 512K or 8M)");
}

Result<uint64_t> parse_duration_ns(const std::string& text) {
  constexpr uint64_t second = 1'000'000'000;
  return parse_scaled(
      text, {{"", second}, {"s", second}, {"ms", 1'000'000}, {"us", 1'000}, {"m", 60 * second}, {"h", 3600 * second}},
      "a time (as 500ms, 10s or 2m)");
}

Result<Command> parse_command_line(int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (is_gpu_run(argv[0])) arguments.insert(arguments.begin(), "run");

  Command command;
  RawRun raw;
  CLI::App app("Runs unmodified Rust programs, and WebAssembly, on the GPU and on the CPU; checks the syntax of Rust source on either.", "rustg");
  app.require_subcommand(0, 1);
  bool version = false, ir = false, bytecode = false, ptx = false;
  std::string code;
  app.add_flag("-V,--version", version, "Print the version");
  app.add_option("--explain", code, "Explain an error code, such as E0766")->type_name("CODE");
  CLI::App* run = app.add_subcommand("run", "Run a .rs or .wasm file");
  run->prefix_command();
  define_run(*run, command.run, raw);
  RawCheck raw_check;
  CLI::App* check = app.add_subcommand("check", "Check Rust source: files, folders, Cargo packages");
  define_check(*check, command.check, raw_check);
  CLI::App* parse = app.add_subcommand("parse", "Show the tokens or the syntax tree of a Rust file");
  define_parse(*parse, command.parse, raw_check);
  CLI::App* graph = app.add_subcommand("graph", "Crates: registries, lock files, trees, build orders, pictures");
  define_graph(*graph, command.graph);
  CLI::App* devices = app.add_subcommand("devices", "List the devices that programs can run on");
  CLI::App* inspect = app.add_subcommand("inspect", "Show what rustg makes of a .rs or .wasm file");
  inspect->prefix_command();
  auto* show_ir = inspect->add_flag("--ir", ir, "The typed SSA form that both front ends end in")->option_text(" ");
  auto* show_bytecode = inspect->add_flag("--bytecode", bytecode, "The bytecode of the interpreter")->excludes(show_ir)->option_text(" ");
  inspect->add_flag("--ptx", ptx, "The PTX of the GPU engine")->excludes(show_ir)->excludes(show_bytecode)->option_text(" ");
  inspect->add_option("--rustc-arg", command.inspect.rustc_args, "An argument for rustc, for a .rs file")
      ->option_text("ARG")
      ->allow_extra_args(false);

  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* of_graph = nullptr;
    const std::string graph_line = graph_usage(*graph, of_graph);
    command.text = run->parsed()       ? help_of(*run, "rustg run [OPTIONS] FILE [[--] ARG...]")
                   : check->parsed()   ? help_of(*check, "rustg check --syntax [OPTIONS] [PATH...]")
                   : parse->parsed()   ? help_of(*parse, "rustg parse [OPTIONS] FILE")
                   : graph->parsed()   ? help_of(*of_graph, graph_line.c_str())
                   : inspect->parsed() ? help_of(*inspect, "rustg inspect [OPTIONS] FILE")
                   : devices->parsed() ? help_of(*devices, "rustg devices")
                                       : help_of(app, kUsage);
    return command;
  } catch (const CLI::ParseError& error) {
    return Error{error.what()};
  }
  if (!code.empty()) {
    auto text = source::explain(code);
    if (!text) return Error{fmt::format("{} is not a known error code", code)};
    command.text = *text;
  } else if (version) {
    command.text = std::string(kVersion) + "\n";
  } else if (run->parsed()) {
    command.kind = Command::Kind::run;
    RUSTG_TRY(take_program(run->remaining(), "run", command.run.file, &command.run.args));
    RUSTG_TRY(finish_run(command.run, raw));
  } else if (check->parsed()) {
    command.kind = Command::Kind::check;
    RUSTG_TRY(finish_check(command.check, raw_check));
  } else if (parse->parsed()) {
    command.kind = Command::Kind::parse;
    RUSTG_TRY(finish_parse(command.parse, raw_check));
  } else if (graph->parsed()) {
    command.kind = Command::Kind::graph;
    RUSTG_TRY(finish_graph(*graph, command.graph));
  } else if (inspect->parsed()) {
    command.kind = Command::Kind::inspect;
    RUSTG_TRY(take_program(inspect->remaining(), "inspect", command.inspect.file, nullptr));
    command.inspect.kind = ir         ? InspectKind::ir
                           : bytecode ? InspectKind::bytecode
                           : ptx      ? InspectKind::ptx
                                      : InspectKind::summary;
  } else if (devices->parsed()) {
    command.kind = Command::Kind::devices;
  } else {
    command.text = help_of(app, kUsage);
  }
  return command;
}

}  // namespace rustg::driver
