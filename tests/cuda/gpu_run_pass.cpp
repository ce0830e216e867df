// gpu_run_pass [--engine bytecode|ptx] [--jobs N] [--count N] [--stack BYTES] FOLDER: run the modules that FOLDER/list.txt names (KEY NAME a line)
// on the first GPU and compare exit code and stdout with node's (FOLDER/KEY.stdout, exit code 0). A process runs many modules, so that
// making a CUDA context is paid once; a module that takes its process down is a failure, and another process goes on.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "driver/load.h"
#include "driver/run_gpu.h"
#include "runtime/cuda/driver.h"

using namespace rustg;

namespace {

constexpr unsigned kSecondsPerModule = 60;

struct Module {
  std::string key, name;
};

struct Arguments {
  driver::RunOptions run;
  uint32_t jobs = std::max(1u, std::thread::hardware_concurrency());
  size_t count = SIZE_MAX;
  std::string folder;
};

// What the processes tell each other: which module each is at, and how many have gone which way.
struct Board {
  std::atomic<uint32_t> passed, failed;
  std::atomic<uint32_t> at[];
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Empty if the module did as it did under node; else what was different.
std::string check(const Arguments& arguments, const Module& module, int output) {
  auto file = driver::load(arguments.folder + "/" + module.key + ".wasm", {});
  if (!file) return file.error().message;
  if (ftruncate(output, 0) != 0 || lseek(output, 0, SEEK_SET) != 0) return "its output cannot be kept";
  dup2(output, STDOUT_FILENO);
  runtime::wasi::Options host;
  host.args = {module.key + ".wasm"};
  auto code = driver::run_on_gpu(*std::get<std::unique_ptr<driver::Loaded>>(*file), arguments.run, host);
  if (!code) return code.error().message;
  if (*code != 0) return fmt::format("exit code {}", *code);
  std::string printed(static_cast<size_t>(lseek(output, 0, SEEK_END)), '\0');
  if (pread(output, printed.data(), printed.size(), 0) != static_cast<ssize_t>(printed.size()))
    return "its output is lost";
  return printed == read_file(arguments.folder + "/" + module.key + ".stdout") ? "" : "other output than node's";
}

// In a child: every jobs-th module from `first` on.
[[noreturn]] void work(const Arguments& arguments, const std::vector<Module>& modules, uint32_t worker, size_t first,
                       Board& board) {
  int report = dup(STDOUT_FILENO), output = memfd_create("stdout", 0);
  auto context = runtime::cuda::Context::create(0);  // held, so that runs do not make it again
  if (!context) {
    dprintf(report, "FAILED: %s\n", context.error().message.c_str());
    _exit(3);
  }
  for (size_t i = first; i < modules.size(); i += arguments.jobs) {
    board.at[worker] = static_cast<uint32_t>(i);
    alarm(kSecondsPerModule);
    std::string wrong = check(arguments, modules[i], output);
    (wrong.empty() ? board.passed : board.failed)++;
    std::string line = wrong.empty() ? fmt::format("ok {} {}\n", modules[i].key, modules[i].name)
                                     : fmt::format("FAILED {} {}: {:.300}\n", modules[i].key, modules[i].name, wrong);
    if (write(report, line.data(), line.size()) < 0) _exit(4);
    // After a fault of the device its context is of no more use: the parent begins a new process.
    if (wrong.find("CUDA_ERROR") != std::string::npos) _exit(5);
  }
  board.at[worker] = static_cast<uint32_t>(modules.size());
  _exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.run.engine = driver::EngineChoice::bytecode;
  for (int i = 1; i < argc; i++) {
    std::string word = argv[i];
    if (!word.starts_with("--")) {
      arguments.folder = word;
    } else if (++i == argc) {
      fmt::print(stderr, "gpu_run_pass: {} needs a value\n", word);
      return 2;
    } else if (word == "--engine") {
      arguments.run.engine =
          std::strcmp(argv[i], "ptx") == 0 ? driver::EngineChoice::ptx : driver::EngineChoice::bytecode;
    } else if (word == "--stack") {
      arguments.run.stack_bytes = std::strtoull(argv[i], nullptr, 10);
    } else if (word == "--jobs") {
      arguments.jobs = static_cast<uint32_t>(std::max(1ul, std::strtoul(argv[i], nullptr, 10)));
    } else if (word == "--count") {
      arguments.count = std::strtoull(argv[i], nullptr, 10);
    } else {
      fmt::print(stderr, "gpu_run_pass: unknown option {}\n", word);
      return 2;
    }
  }
  std::vector<Module> modules;
  std::ifstream list(arguments.folder + "/list.txt");
  for (Module m; modules.size() < arguments.count && list >> m.key && std::getline(list >> std::ws, m.name);)
    modules.push_back(m);
  if (modules.empty()) {
    fmt::print(stderr, "gpu_run_pass: there is no module in {}/list.txt\n", arguments.folder);
    return 2;
  }
  void* shared = mmap(nullptr, sizeof(Board) + arguments.jobs * sizeof(uint32_t), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 2;
  Board& board = *new (shared) Board;
  auto begin = std::chrono::steady_clock::now();
  std::map<pid_t, uint32_t> workers;
  auto start = [&](uint32_t worker, size_t first) {
    pid_t pid = fork();
    if (pid == 0) work(arguments, modules, worker, first, board);
    workers[pid] = worker;
  };
  for (uint32_t w = 0; w < arguments.jobs; w++) {
    board.at[w] = w;
    start(w, w);
  }
  while (!workers.empty()) {
    int status = 0;
    pid_t pid = wait(&status);
    auto worker = workers.find(pid);
    if (worker == workers.end()) break;
    uint32_t w = worker->second;
    workers.erase(worker);
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3)) continue;
    const size_t at = board.at[w];
    if (WIFSIGNALED(status)) {
      board.failed++;
      fmt::print("FAILED {} {}: signal {}\n", modules[at].key, modules[at].name, WTERMSIG(status));
      std::fflush(stdout);
    }
    start(w, at + arguments.jobs);
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  fmt::print("{} modules: {} passed, {} failed, {:.1f} s\n", modules.size(), board.passed.load(), board.failed.load(),
             seconds);
  return board.failed == 0 && board.passed == modules.size() ? 0 : 1;
}
