#include "driver/source.h"

#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "driver/compiler.h"

namespace rustg::driver {
namespace fs = std::filesystem;
namespace {

// The files that rustc's dep-info says the program was made of, and their contents' hash.
std::string state_of_inputs(const fs::path& dep_info) {
  std::ifstream in(dep_info);
  std::string state;
  for (std::string line; std::getline(in, line);) {
    // "FILE:" alone names an input; "OUTPUT: FILE..." a rule; "# env-dep:NAME=VALUE" a variable that env!() read.
    if (line.starts_with("# env-dep:")) {
      std::string name = line.substr(10, line.find('=') - 10);
      state += name + "=" + environment_variable(name.c_str()) + "\n";
    } else if (line.size() > 1 && line.back() == ':') {
      std::string path;
      for (size_t i = 0; i + 1 < line.size(); i++)
        if (line[i] != '\\' || line[i + 1] != ' ') path += line[i];
      auto content = read_file(path);
      state += fmt::format("{} {:016x}\n", path, content ? XXH3_64bits(content->data(), content->size()) : 0);
    }
  }
  return state;
}

std::vector<std::string> flags_for(const std::vector<std::string>& rustc_args) {
  std::vector<std::string> flags = {"--target", kRustTarget, "-Cpanic=abort"};
  auto given = [&](std::string_view start, std::string_view part) {
    for (const std::string& arg : rustc_args)
      if (arg.starts_with(start) || arg.find(part) != std::string::npos) return true;
    return false;
  };
  if (!given("-O", "opt-level")) flags.push_back("-O");
  if (!given("--edition", "--edition")) flags.push_back("--edition=2021");
  flags.insert(flags.end(), rustc_args.begin(), rustc_args.end());
  return flags;
}

// Where the module for this question is kept: FOLDER/app.wasm, made of what app.d lists, in the state that `state` records.
fs::path folder_for(const std::string& source, const std::vector<std::string>& flags) {
  std::error_code error;
  std::string question = fs::absolute(source, error).string() + '\n';
  for (const char* name : {"RUSTC", "RUSTG_SYSROOT", "PATH"}) question += environment_variable(name) + '\n';
  for (const std::string& flag : flags) question += flag + '\n';
  XXH128_hash_t hash = XXH3_128bits(question.data(), question.size());
  return cache_folder() / "rs" / fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string record_of(const Compiler& compiler, const fs::path& dep_info) {
  std::string record = compiler.rustc + '\n';
  for (const std::string& arg : compiler.args) record += arg + '\n';
  return record + '\n' + identity(compiler) + state_of_inputs(dep_info);
}

// Is the module there, and would the same compiler make the same of the same files? Found without starting a process.
bool is_fresh(const fs::path& folder) {
  auto record = read_file(folder / "state");
  if (!record || access((folder / "app.wasm").c_str(), R_OK) != 0) return false;
  std::istringstream lines(*record);
  Compiler compiler;
  std::getline(lines, compiler.rustc);
  for (std::string arg; std::getline(lines, arg) && !arg.empty();) compiler.args.push_back(arg);
  return *record == record_of(compiler, folder / "app.d");
}

}  // namespace

Result<std::variant<std::string, CompilerRefused>> compile_rust(const std::string& source,
                                                                const std::vector<std::string>& rustc_args) {
  using Outcome = std::variant<std::string, CompilerRefused>;
  std::vector<std::string> flags = flags_for(rustc_args);
  fs::path folder = folder_for(source, flags), wasm = folder / "app.wasm";
  if (is_fresh(folder)) return Outcome(wasm.string());

  RUSTG_LET(compiler, find_compiler());
  // Into a place of this process's own, then moved: two at once never see each other's halves.
  fs::path scratch = folder / fmt::format("part.{}", getpid());
  std::error_code error;
  fs::create_directories(scratch, error);
  if (error) return Error{"cannot make " + scratch.string() + ": " + error.message()};
  std::vector<std::string> command = {compiler.rustc};
  command.insert(command.end(), compiler.args.begin(), compiler.args.end());
  command.insert(command.end(), flags.begin(), flags.end());
  command.push_back(fmt::format("--emit=link={0}/app.wasm,dep-info={0}/app.d", scratch.string()));
  command.insert(command.end(),
                 {"--out-dir", scratch.string()});  // object files too, which else land in the current directory
  command.push_back(source);
  RUSTG_LET(exit_code, spawn(command));
  if (exit_code == 0) {
    std::ofstream(scratch / "state", std::ios::binary) << record_of(compiler, scratch / "app.d");
    for (const char* file : {"app.wasm", "app.d", "state"})
      if (!error) fs::rename(scratch / file, folder / file, error);
  }
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  if (exit_code != 0) return Outcome(CompilerRefused{exit_code});
  if (error) return Error{"cannot write " + folder.string() + ": " + error.message()};
  return Outcome(wasm.string());
}

}  // namespace rustg::driver
