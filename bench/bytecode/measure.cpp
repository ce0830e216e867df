// bytecode_bench FILE.wasm [EXPORT=ARGUMENT…]: how fast the module compiles to bytecode, and for each export, called with one i32,
// its result and the best time of several calls. bench/bytecode/compare puts node beside it.
#include <algorithm>
#include <ctime>

#include "bytecode/program.h"
#include "target/bytecode/bytecode.h"

using namespace rustg;

namespace {
// Processor time of this thread, so that a busy machine disturbs less.
double now_ms() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}
}  // namespace

int main(int argc, char** argv) {
  bench::Loaded loaded;
  if (argc < 2 || !loaded.open(argv[1])) return 1;
  double compile = 1e9;
  for (int i = 0; i < 20; ++i) {
    const double begin = now_ms();
    auto code = bytecode::compile(loaded.program, {.sequences = true});
    compile = std::min(compile, now_ms() - begin);
    if (!code) return 1;
  }
  fmt::print("compile {} KB: {:.2f} ms, {:.1f} MB/s\n", loaded.bytes.size() / 1000, compile,
             loaded.bytes.size() / compile / 1000);
  for (int i = 2; i < argc; ++i) {
    const std::string argument = argv[i], name = argument.substr(0, argument.find('='));
    const uint64_t n = std::stoull(argument.substr(argument.find('=') + 1));
    uint64_t result = 0;
    double best = 1e9;
    for (int k = 0; k < 7; ++k) {
      const double begin = now_ms();
      if (!loaded.call(name, n, result)) return 1;
      best = std::min(best, now_ms() - begin);
    }
    fmt::print("{} {} {} {:.2f}\n", name, n, static_cast<uint32_t>(result), best);
  }
  return 0;
}
