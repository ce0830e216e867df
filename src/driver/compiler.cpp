#include "driver/compiler.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

extern char** environ;

namespace rustg::driver {
namespace fs = std::filesystem;
namespace {

std::optional<std::string> read_line(const fs::path& path) {
  auto text = read_file(path);
  if (text) text->resize(std::min(text->find('\n'), text->size()));
  return text;
}

// The file that a command's name stands for.
std::optional<fs::path> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos)
    return access(name.c_str(), X_OK) == 0 ? std::optional<fs::path>(name) : std::nullopt;
  std::istringstream folders(environment_variable("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');)
    if (fs::path path = fs::path(folder) / name; access(path.c_str(), X_OK) == 0) return path;
  return std::nullopt;
}

bool has_target(const std::string& rustc) {
  std::string folder;
  auto exit_code = spawn({rustc, "--print=target-libdir", "--target", kRustTarget}, &folder);
  if (!exit_code || *exit_code != 0) return false;
  while (!folder.empty() && folder.back() == '\n') folder.pop_back();
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error))
    if (file.path().filename().string().starts_with("libstd-")) return true;
  return false;
}

}  // namespace

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path cache_folder() {
  if (auto folder = environment_variable("XDG_CACHE_HOME"); !folder.empty()) return fs::path(folder) / "rustg";
  if (auto home = environment_variable("HOME"); !home.empty()) return fs::path(home) / ".cache/rustg";
  return fs::temp_directory_path() / "rustg";
}

Result<int> spawn(const std::vector<std::string>& command, std::string* output) {
  std::vector<char*> argv;
  for (const std::string& part : command) argv.push_back(const_cast<char*>(part.c_str()));
  argv.push_back(nullptr);
  int pipe_ends[2] = {-1, -1};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (output) {
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) return Error{std::string("pipe: ") + std::strerror(errno)};
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  }
  pid_t child;
  int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (output) {
    close(pipe_ends[1]);
    char buffer[4096];
    for (ssize_t n; !failed && (n = read(pipe_ends[0], buffer, sizeof buffer)) > 0;) output->append(buffer, n);
    close(pipe_ends[0]);
  }
  if (failed) return Error{command[0] + ": " + std::strerror(failed)};
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<Compiler> find_compiler() {
  std::string rustc = environment_variable("RUSTC").empty() ? "rustc" : environment_variable("RUSTC");
  if (find_program(rustc) && has_target(rustc)) return Compiler{rustc, {}};
  for (const fs::path& sysroot : {fs::path(environment_variable("RUSTG_SYSROOT")), cache_folder() / "sysroot"}) {
    auto compiler = read_line(sysroot / "rustc"), linker = read_line(sysroot / "linker");
    if (sysroot.empty() || !compiler || !linker || !find_program(*compiler)) continue;
    return Compiler{*compiler, {"--sysroot", sysroot.string(), "-Clinker=" + *linker}};
  }
  return Error{
      fmt::format("no Rust compiler for {0} was found; install the target with `rustup target add {0}`, or make it "
                  "from Debian's packages with `./x sysroot`",
                  kRustTarget)};
}

std::string identity(const Compiler& compiler) {
  std::string text;
  for (const std::string& part : compiler.args) text += part + '\n';
  for (const char* name : {"RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "RUSTFLAGS"}) text += environment_variable(name) + '\n';
  std::vector<fs::path> files = {find_program(compiler.rustc).value_or(compiler.rustc)};
  if (!environment_variable("HOME").empty())
    files.push_back(fs::path(environment_variable("HOME")) / ".rustup/settings.toml");
  if (compiler.args.size() > 1) files.push_back(fs::path(compiler.args[1]) / "rustc");
  for (const fs::path& file : files) {
    struct stat info;
    if (stat(file.c_str(), &info) == 0)
      text += fmt::format("{} {} {}.{}\n", file.string(), info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  }
  return text;
}

}  // namespace rustg::driver
