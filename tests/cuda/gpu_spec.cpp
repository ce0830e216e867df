// gpu_spec [--engine bytecode|ptx] [--jobs N] FOLDER|FILE.json… (SIMD left out): run the specification's tests, as wast2json made them, on the first GPU.
// Each file in a process of its own (a fault that takes the device's context down ends with it), N at a time. Prints passed and failed
// by file, and a total. Exit code 1 if anything failed.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <thread>

#include "runtime/cuda/session.h"
#include "spec/runner.h"

using namespace rustg;
namespace cuda = runtime::cuda;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kSecondsPerFile = 240;

class GpuEngine final : public spec::SpecEngine {
 public:
  explicit GpuEngine(cuda::Engine engine) : engine_(engine) {}

  Status extend(const ir::Program& program, std::span<const runtime::HostFunctionPtr> host_functions) override {
    if (!session_) {
      RUSTG_LET(session, cuda::Session::create(0, engine_));
      session_ = std::move(session);
    }
    return session_->extend(program, host_functions);
  }
  abi::Outcome call(ir::FunctionId function, std::span<const uint64_t> args, std::span<uint64_t> results) override {
    return checked(session_->call(function, args, results));
  }
  uint64_t global(ir::GlobalId global) override { return checked(session_->global(global)); }
  uint64_t table_size(ir::TableId table) override { return checked(session_->table_size(table)); }
  uint64_t memory_pages(ir::MemoryId memory) override { return checked(session_->memory_pages(memory)); }

 private:
  // A device that has failed cannot go on: this file ends here, and says why.
  template <class T>
  static T checked(Result<T> result) {
    if (result) return *result;
    fmt::print("    the device failed: {}\n", result.error().message);
    std::fflush(stdout);
    _exit(3);
  }
  cuda::Engine engine_;
  std::unique_ptr<cuda::Session> session_;
};

// The suite's name: files are NAME/t.json.
std::string name_of(const std::string& file) { return fs::path(file).parent_path().filename().string(); }

struct Counts {
  uint64_t passed = 0, failed = 0, skipped = 0;
};

// In the child: run one file, write the counts to `result`.
[[noreturn]] void run_one(const std::string& file, cuda::Engine engine, int result) {
  alarm(kSecondsPerFile);
  auto done = spec::run_file(file, [engine] { return std::make_unique<GpuEngine>(engine); });
  Counts counts;
  std::string text;
  if (done) {
    counts = {done->passed, done->failures.size(), done->skipped_text + done->skipped_outdated};
    for (size_t i = 0; i < done->failures.size() && i < 5; i++)
      text += fmt::format("    line {}: {}\n", done->failures[i].line, done->failures[i].message);
  } else {
    counts.failed = 1;
    text = "    " + done.error().message + "\n";
  }
  fmt::print("{:6} passed {:5} failed {:4} skipped  {}\n{}", counts.passed, counts.failed, counts.skipped,
             name_of(file), text);
  std::fflush(stdout);
  bool told = write(result, &counts, sizeof counts) == static_cast<ssize_t>(sizeof counts);
  _exit(told ? 0 : 4);
}

struct Child {
  std::string file;
  int result;
};

}  // namespace

int main(int argc, char** argv) {
  cuda::Engine engine = cuda::Engine::bytecode;
  size_t jobs = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::string> files;
  for (int i = 1; i < argc; i++) {
    if (std::strcmp(argv[i], "--engine") == 0 && i + 1 < argc) {
      engine = std::strcmp(argv[++i], "ptx") == 0 ? cuda::Engine::ptx : cuda::Engine::bytecode;
    } else if (std::strcmp(argv[i], "--jobs") == 0 && i + 1 < argc) {
      jobs = std::max(1ul, std::strtoul(argv[++i], nullptr, 10));
    } else if (fs::is_directory(argv[i])) {
      for (const auto& entry : fs::recursive_directory_iterator(argv[i])) {
        std::string path = entry.path().string();
        if (path.ends_with(".json") && path.find("/simd_") == std::string::npos) files.push_back(path);
      }
    } else {
      files.push_back(argv[i]);
    }
  }
  // The largest first: they take longest.
  std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return fs::file_size(a) > fs::file_size(b); });

  Counts total;
  uint32_t broken = 0;
  std::map<pid_t, Child> children;
  auto reap = [&] {
    int status = 0;
    pid_t pid = wait(&status);
    auto child = children.find(pid);
    if (child == children.end()) return;
    Counts counts;
    if (read(child->second.result, &counts, sizeof counts) == static_cast<ssize_t>(sizeof counts)) {
      total.passed += counts.passed, total.failed += counts.failed, total.skipped += counts.skipped;
    } else {
      broken++;
      fmt::print("     0 passed     1 failed: ended by {}  {}\n",
                 WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                     : fmt::format("exit code {}", WEXITSTATUS(status)),
                 name_of(child->second.file));
      std::fflush(stdout);
    }
    close(child->second.result);
    children.erase(child);
  };
  for (const std::string& file : files) {
    while (children.size() >= jobs) reap();
    int ends[2];
    if (pipe(ends) != 0) return 2;
    std::fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
      close(ends[0]);
      run_one(file, engine, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) return 2;
    children[pid] = {file, ends[0]};
  }
  while (!children.empty()) reap();
  fmt::print(
      "{} files: {} passed, {} failed, {} left out (text format, or overtaken by core 2.0), {} files broke off\n",
      files.size(), total.passed, total.failed, total.skipped, broken);
  return total.failed != 0 || broken != 0;
}
