#include "driver/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace rustg::testing {
namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

Scratch::Scratch() {
  std::string name = (fs::temp_directory_path() / "rustg-test-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path Scratch::write(const std::string& name, const std::string& content) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << content;
  return path_ / name;
}

fs::path Scratch::wasm(const std::string& name, const std::string& text) const {
  fs::path source = write(name + ".wat", text), module = path_ / (name + ".wasm");
  Ran ran = run({"wat2wasm", "--enable-all", "--debug-names", source, "-o", module});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  return module;
}

Ran run(const std::vector<std::string>& command, const How& how) {
  Scratch scratch;
  fs::path in = scratch.write("in", how.input), out = scratch / "out", err = scratch / "err";
  auto began = std::chrono::steady_clock::now();
  pid_t child = fork();
  if (child == 0) {
    auto redirect = [](const fs::path& file, int flags, int to) { dup2(open(file.c_str(), flags, 0600), to); };
    redirect(in, O_RDONLY, 0);
    redirect(out, O_WRONLY | O_CREAT, 1);
    redirect(err, O_WRONLY | O_CREAT, 2);
    if (!how.folder.empty() && chdir(how.folder.c_str()) != 0) _exit(126);
    for (const auto& [name, value] : how.variables)
      value.empty() ? unsetenv(name.c_str()) : setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> argv;
    for (const std::string& part : command) argv.push_back(const_cast<char*>(part.c_str()));
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Ran ran;
  ran.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.out = read_file(out);
  ran.err = read_file(err);
  return ran;
}

std::string rustg_path() { return RUSTG_BINARY_DIR "/bin/rustg"; }

Ran rustg(std::vector<std::string> arguments, const How& how) {
  arguments.insert(arguments.begin(), rustg_path());
  return run(arguments, how);
}

bool has_program(const std::string& name) { return run({"sh", "-c", "command -v " + name}).exit_code == 0; }

fs::path kept_folder() {
  fs::path folder = RUSTG_BINARY_DIR "/kept";
  fs::create_directories(folder);
  return folder;
}

std::optional<std::string> no_rust() {
  // Kept where it is: a compiler found is found again in no time.
  fs::path probe = kept_folder() / "probe.rs";
  if (!fs::exists(probe)) std::ofstream(probe) << "fn main() {}\n";
  Ran ran = rustg({"run", probe});
  if (ran.exit_code == 1 && ran.err.find("no Rust compiler") != std::string::npos) return ran.err;
  return std::nullopt;
}

}  // namespace rustg::testing
