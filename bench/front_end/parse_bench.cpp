// Lexer and parser over all .rs files below the folders given: MB/s by stage, nodes, memory. With a CUDA device, the same there, with the sources
// in its memory; --check compares the trees of both.
//
//   parse_bench [--device cpu|cuda] [--threads N] [--runs N] [--cut N] [--check] FOLDER...
#include <fmt/core.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "parse/host_tree.h"

using namespace rustg;

namespace {

struct Options {
  int threads = 1, runs = 5;
  uint32_t cut = 0;
  bool check = false;
};

double seconds(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

// The best of several runs, by the wall's clock and by that of this process, which is what counts on a busy machine.
struct Timer {
  double wall = 1e9, cpu = 1e9;
  template <class Work>
  void take(Work work) {
    double cpu_begin = seconds(CLOCK_PROCESS_CPUTIME_ID), begin = seconds(CLOCK_MONOTONIC);
    work();
    wall = std::min(wall, seconds(CLOCK_MONOTONIC) - begin);
    cpu = std::min(cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin);
  }
  void print(const char* name, double megabytes) const {
    fmt::print("  {:10} {:9.3f} ms {:9.1f} MB/s   (cpu time {:9.1f} MB/s)\n", name, wall * 1e3, megabytes / wall, megabytes / cpu);
  }
};

template <class Queue>
parse::HostTree measure(Queue& queue, const source::Sources& sources, double megabytes, const Options& options) {
  lex::Tokens<Queue> tokens(queue);
  parse::Tree<Queue> tree(queue);
  if (options.cut) tree.set_cut(options.cut);
  Timer lex, brackets, parsers, pack, parse, all;
  auto timed = [&](Timer& timer, auto work) {
    timer.take([&] {
      work();
      queue.synchronize();
    });
  };
  lex::lex(queue, sources, tokens);
  parse::parse(queue, sources, tokens, tree);
  for (int run = 0; run < options.runs; ++run) {
    timed(lex, [&] { lex::lex_reserved(queue, sources, tokens); });
    timed(brackets, [&] { parse::match_brackets(queue, sources, tokens, tree); });
    timed(parsers, [&] { parse::run_parsers(queue, sources, tokens, tree); });
    timed(pack, [&] { parse::pack_tree(queue, sources, tokens, tree); });
    timed(parse, [&] { parse::parse_reserved(queue, sources, tokens, tree); });
    timed(all, [&] {
      lex::lex_reserved(queue, sources, tokens);
      parse::parse_reserved(queue, sources, tokens, tree);
    });
  }
  fmt::print("{}: {} tokens, {} nodes, {} errors, best of {}; {:.1f} bytes of memory for each of the source\n", Queue::kDevice,
             queue.read(tokens.ref().count), queue.read(tree.ref().count), tree.errors().size(), options.runs,
             double(queue.memory()->held()) / 1e6 / megabytes + (std::string_view(Queue::kDevice) == "cpu" ? 1 : 0));
  lex.print("lex", megabytes);
  brackets.print("brackets", megabytes);
  parsers.print("parsers", megabytes);
  pack.print("pack", megabytes);
  parse.print("parse", megabytes);
  all.print("lex+parse", megabytes);
  if (!options.check) return {};
  parse::HostTree host = parse::download(queue, sources.files, tokens, tree);
  uint64_t sum = host.count();  // one number for the tree and its errors, to compare builds by
  for (uint32_t n = 0; n != host.count(); ++n)
    sum = (sum ^ (uint64_t(host.tokens[n]) << 32 | host.sizes[n])) * 0x9e3779b97f4a7c15u + (host.kinds[n] << 8 | host.flags[n]);
  for (const parse::Error& error : tree.errors()) sum = (sum ^ error.token) * 0x9e3779b97f4a7c15u + uint8_t(error.kind);
  fmt::print("  tree {:016x}\n", sum);
  return host;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measure the lexer and the parser");
  std::vector<std::string> roots, paths;
  Options options;
  std::string device = "cpu";
  app.add_option("folders", roots)->required();
  app.add_option("--device", device)->check(CLI::IsMember({"cpu", "cuda"}));
  app.add_option("--threads", options.threads);
  app.add_option("--runs", options.runs);
  app.add_option("--cut", options.cut);
  app.add_flag("--check", options.check);
  CLI11_PARSE(app, argc, argv);
  for (const std::string& root : roots)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
      if (entry.is_regular_file() && entry.path().extension() == ".rs") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  source::SourceMap map(lex::known_words());
  auto loaded = map.load(paths, 3);
  if (!loaded) {
    fmt::print(stderr, "{}\n", loaded.error().message);
    return 1;
  }
  double megabytes = double(map.text_bytes()) / 1e6;
  fmt::print("{} files, {:.1f} MB\n", map.files(), megabytes);
  parse::HostTree cpu, cuda;
  if (device == "cpu" || options.check) {
    device::cpu::Queue queue(options.threads);
    cpu = measure(queue, map.host(), megabytes, options);
  }
  if (device == "cpu") return 0;
#if defined(RUSTG_HAS_CUDA)
  auto queue = device::cuda::Queue::open();
  if (!queue) {
    fmt::print(stderr, "{}\n", queue.error().message);
    return 1;
  }
  source::DeviceSources sources(**queue, map.host());
  cuda = measure(**queue, sources.ref(), megabytes, options);
  if (!options.check) return 0;
  bool equal = cpu.kinds == cuda.kinds && cpu.flags == cuda.flags && cpu.tokens == cuda.tokens && cpu.sizes == cuda.sizes &&
               cpu.files == cuda.files;
  fmt::print("the trees are {}\n", equal ? "equal" : "different");
  return equal ? 0 : 1;
#else
  fmt::print(stderr, "built without CUDA\n");
  return 1;
#endif
}
