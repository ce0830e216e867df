// gpu_spec [--engine bytecode|ptx] [--jobs N] FOLDER|FILE.json… (SIMD left out): run the specification's tests, as wast2json made them, on the first GPU.
// Each file, or part of it, in a process of its own (a fault that takes the device's context down ends with it), N at a time. Prints passed and failed
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
#include <vector>

#include "cuda/gpu_engine.h"
#include "spec/runner.h"

using namespace rustg;
namespace cuda = runtime::cuda;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kSecondsPerFile = 240;

// The suite's name: files are NAME/t.json.
std::string name_of(const std::string& file) { return fs::path(file).parent_path().filename().string(); }

struct Counts {
  uint64_t passed = 0, failed = 0, skipped = 0;
  void add(const Counts& other) {
    passed += other.passed;
    failed += other.failed;
    skipped += other.skipped;
  }
};

struct File {
  std::string path;
  uint32_t parts = 1, ended = 0;
  Counts counts;
  std::string text;  // about its first failures
};

// In the child: run one part, write the counts and what there is to say to `result`.
[[noreturn]] void run_part(const std::string& file, spec::Part part, cuda::Engine engine, int result) {
  alarm(kSecondsPerFile);
  auto done = spec::run_file(
      file, [engine] { return std::make_unique<spec::GpuEngine>(engine); }, {}, part);
  Counts counts;
  std::string text;
  if (done) {
    counts = {done->passed, done->failures.size(), done->skipped_text + done->skipped_outdated};
    for (size_t i = 0; i < done->failures.size() && i < 5; i++)
      text += fmt::format("    line {}: {:.400}\n", done->failures[i].line, done->failures[i].message);
  } else {
    counts.failed = 1;
    text = "    " + done.error().message + "\n";
  }
  bool told = write(result, &counts, sizeof counts) == static_cast<ssize_t>(sizeof counts) &&
              write(result, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  _exit(told ? 0 : 4);
}

struct Child {
  File* file;
  int result;
};

// What a part that has ended told.
void take(File& file, int result, int status) {
  Counts counts;
  if (read(result, &counts, sizeof counts) == static_cast<ssize_t>(sizeof counts)) {
    char text[4096];
    for (ssize_t n; (n = read(result, text, sizeof text)) > 0;) file.text.append(text, static_cast<size_t>(n));
  } else {
    counts.failed = 1;
    file.text += WIFSIGNALED(status) ? fmt::format("    ended by signal {}\n", WTERMSIG(status))
                                     : fmt::format("    ended by exit code {}\n", WEXITSTATUS(status));
  }
  file.counts.add(counts);
  if (++file.ended < file.parts) return;
  fmt::print("{:6} passed {:5} failed {:4} skipped  {}\n{}", file.counts.passed, file.counts.failed,
             file.counts.skipped, name_of(file.path), file.text);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  cuda::Engine engine = cuda::Engine::bytecode;
  size_t jobs = std::max(1u, std::thread::hardware_concurrency());
  std::vector<File> files;
  for (int i = 1; i < argc; i++) {
    if (std::strcmp(argv[i], "--engine") == 0 && i + 1 < argc) {
      engine = std::strcmp(argv[++i], "ptx") == 0 ? cuda::Engine::ptx : cuda::Engine::bytecode;
    } else if (std::strcmp(argv[i], "--jobs") == 0 && i + 1 < argc) {
      jobs = std::max(1ul, std::strtoul(argv[++i], nullptr, 10));
    } else if (fs::is_directory(argv[i])) {
      for (const auto& entry : fs::recursive_directory_iterator(argv[i])) {
        std::string path = entry.path().string();
        if (path.ends_with(".json") && path.find("/simd_") == std::string::npos) files.push_back({path, 1, 0, {}, {}});
      }
    } else {
      files.push_back({argv[i], 1, 0, {}, {}});
    }
  }
  // A file of many modules that stand alone is run in parts, side by side.
  constexpr uint32_t kModulesPerPart = 32;
  for (File& file : files)
    if (auto modules = spec::count_parts(file.path)) file.parts = (*modules + kModulesPerPart - 1) / kModulesPerPart;
  // The largest first: they take longest.
  std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return fs::file_size(a.path) > fs::file_size(b.path); });

  std::map<pid_t, Child> children;
  auto reap = [&] {
    int status = 0;
    auto child = children.find(wait(&status));
    if (child == children.end()) return;
    take(*child->second.file, child->second.result, status);
    close(child->second.result);
    children.erase(child);
  };
  for (File& file : files) {
    for (uint32_t part = 0; part < file.parts; part++) {
      while (children.size() >= jobs) reap();
      int ends[2];
      if (pipe(ends) != 0) return 2;
      std::fflush(stdout);
      pid_t pid = fork();
      if (pid == 0) {
        close(ends[0]);
        run_part(file.path, {part, file.parts}, engine, ends[1]);
      }
      close(ends[1]);
      if (pid < 0) return 2;
      children[pid] = {&file, ends[0]};
    }
  }
  while (!children.empty()) reap();
  Counts total;
  for (const File& file : files) total.add(file.counts);
  fmt::print("{} files: {} passed, {} failed, {} left out (text format, or overtaken by core 2.0)\n", files.size(),
             total.passed, total.failed, total.skipped);
  return total.failed != 0;
}
