// The front end in memory: lexer and parser on CPU threads and on a CUDA device, over all .rs files below the folders given.
//
//   front_end_bench [--runs N] [--threads N,N] [--stages] [--compare] [--series] FOLDER...
//
// Rows of values with tabs between them; the first word of a row says what it is:
//   corpus   files, lines, bytes
//   stage    device, stage, seconds (the best run's), bytes, lines, processor seconds of that run
//   memory   device, peak bytes beside the source
//   series   device, lines, bytes, seconds to lex, seconds to parse: 1,000 to 10,000,000 lines, made by repeating whole files
//   compare  equal or different: all tokens and trees of the CPU and of the CUDA device
#include <fmt/core.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "driver/find_sources.h"
#include "lex/lex.h"
#include "parse/host_tree.h"
#include "parse/parse.h"
#include "source/source_map.h"

using namespace rustg;

namespace {

struct Seconds {
  double wall = 1e9, processor = 1e9;
};

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](timeval t) { return double(t.tv_sec) + double(t.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Work>
Seconds timed(Work work) {
  double processor = processor_seconds();
  auto begin = std::chrono::steady_clock::now();
  work();
  double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return {wall, processor_seconds() - processor};
}

uint64_t lines_of(const source::SourceMap& map) {
  uint64_t lines = 0;
  for (uint32_t f = 0; f < map.files(); ++f) lines += uint64_t(std::ranges::count(map.text(f), '\n'));
  return lines;
}

// What a device made of a batch, on the host.
struct Made {
  std::vector<uint8_t> kinds, flags;
  std::vector<uint32_t> symbols;
  parse::HostTree tree;
  std::vector<std::pair<uint32_t, uint32_t>> errors;
  bool operator==(const Made& o) const {
    const parse::HostTree &a = tree, &b = o.tree;
    return kinds == o.kinds && flags == o.flags && symbols == o.symbols && errors == o.errors && a.kinds == b.kinds &&
           a.flags == b.flags && a.tokens == b.tokens && a.sizes == b.sizes && a.files == b.files && a.starts == b.starts &&
           a.lengths == b.lengths && a.first_tokens == b.first_tokens;
  }
};

template <class Queue>
struct Bench {
  Queue& queue;
  std::string device;
  lex::Tokens<Queue> tokens{queue};
  parse::Tree<Queue> tree{queue};

  void lex(const source::Sources& sources) { lex::lex(queue, sources, tokens), queue.synchronize(); }
  void parse(const source::Sources& sources) { parse::parse(queue, sources, tokens, tree), queue.synchronize(); }

  void stages(const source::Sources& sources, uint64_t bytes, uint64_t lines, int runs) {
    const size_t before = queue.memory()->in_use();  // on a device with the sources
    queue.memory()->reset_peak();
    Seconds best_lex, best_parse, best_both;
    auto keep = [](Seconds& best, Seconds s) {
      if (s.wall < best.wall) best = s;
    };
    lex(sources), parse(sources);
    for (int run = 0; run < runs; ++run) {
      keep(best_lex, timed([&] { lex(sources); }));
      keep(best_parse, timed([&] { parse(sources); }));
      keep(best_both, timed([&] { lex::lex(queue, sources, tokens), parse(sources); }));
    }
    auto row = [&](const char* stage, Seconds s) {
      fmt::print("stage\t{}\t{}\t{:.6f}\t{}\t{}\t{:.6f}\n", device, stage, s.wall, bytes, lines, s.processor);
    };
    row("lex", best_lex);
    row("parse", best_parse);
    row("lex+parse", best_both);
    fmt::print("memory\t{}\t{}\n", device, queue.memory()->peak() - before);
  }

  void point(const source::Sources& sources, uint64_t bytes, uint64_t lines) {
    // As often as fits into a fifth of a second, at least three times.
    double lex_best = 1e9, parse_best = 1e9, spent = 0;
    lex(sources), parse(sources);
    for (int run = 0; run < 3 || (spent < 0.2 && run < 200); ++run) {
      double l = timed([&] { lex(sources); }).wall, p = timed([&] { parse(sources); }).wall;
      lex_best = std::min(lex_best, l), parse_best = std::min(parse_best, p), spent += l + p;
    }
    fmt::print("series\t{}\t{}\t{}\t{:.6f}\t{:.6f}\n", device, lines, bytes, lex_best, parse_best);
  }

  Made make(const source::Sources& sources) {
    lex(sources), parse(sources);
    uint32_t count = queue.read(tokens.ref().count);
    Made made{queue.download(tokens.ref().kinds, count), queue.download(tokens.ref().flags, count),
              queue.download(tokens.ref().symbols, count), parse::download(queue, sources.files, tokens, tree), {}};
    for (const parse::Error& e : tree.errors()) made.errors.emplace_back(e.token, uint32_t(e.kind));
    return made;
  }
};

// Whole files, the same ones again and again, until there are so many lines. The order is mixed, so that every size has the same kinds of files.
void fill(source::SourceMap& map, const source::SourceMap& corpus, uint64_t lines_wanted) {
  const uint64_t step = 7919;  // a prime: all files come once before one comes again
  uint64_t lines = 0;
  for (uint64_t i = 0; lines < lines_wanted; ++i) {
    uint32_t file = uint32_t(i * step % corpus.files());
    uint64_t more = uint64_t(std::ranges::count(corpus.text(file), '\n'));
    // Not far beyond what is wanted.
    if (lines + more > lines_wanted + lines_wanted / 4 && i < 10 * uint64_t(corpus.files())) continue;
    if (!map.add(corpus.name(file), corpus.text(file), corpus.edition(file))) return;
    lines += more;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measure the front end");
  std::vector<std::string> roots;
  std::vector<int> threads{1, 2};
  int runs = 5;
  bool stages = false, series = false, compare = false;
  uint64_t most_lines = 10'000'000;
  app.add_option("folders", roots)->required();
  app.add_option("--threads", threads)->delimiter(',');
  app.add_option("--runs", runs);
  app.add_flag("--stages", stages);
  app.add_flag("--series", series);
  app.add_option("--most-lines", most_lines);
  app.add_flag("--compare", compare);
  CLI11_PARSE(app, argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);

  driver::FoundSources found = driver::find_sources(roots, uint8_t(3), 2);
  source::SourceMap corpus(lex::known_words());
  auto loaded = corpus.load(found.files, true);
  if (!loaded) return fmt::print(stderr, "{}\n", loaded.error().message), 1;
  const uint64_t bytes = corpus.text_bytes(), lines = lines_of(corpus);
  fmt::print("corpus\t{}\t{}\t{}\n", corpus.files(), lines, bytes);

  std::optional<std::unique_ptr<device::cuda::Queue>> cuda;
  if (auto opened = device::cuda::Queue::open())
    cuda = std::move(*opened);
  else
    fmt::print(stderr, "no CUDA device: {}\n", opened.error().message);

  auto on_each = [&](const source::SourceMap& map, auto work) {
    for (int n : threads) {
      device::cpu::Queue queue(n);
      Bench<device::cpu::Queue> bench{queue, fmt::format("cpu-{}", n)};
      work(bench, map.host());
    }
#if defined(RUSTG_HAS_CUDA)
    if (cuda) {
      source::DeviceSources<device::cuda::Queue> sources(**cuda, map.host());
      Bench<device::cuda::Queue> bench{**cuda, "cuda"};
      work(bench, sources.ref());
    }
#endif
  };
#if defined(RUSTG_HAS_CUDA)
  if (stages && cuda) {
    double best = 1e9;
    for (int run = 0; run <= runs; ++run)
      best = std::min(best, timed([&] {
                              source::DeviceSources<device::cuda::Queue> sources(**cuda, corpus.host());
                              (*cuda)->synchronize();
                            }).wall);
    fmt::print("stage\tcuda\tcopy\t{:.6f}\t{}\t{}\t{:.6f}\n", best, bytes, lines, best);
  }
#endif
  if (stages)
    on_each(corpus, [&](auto& bench, const source::Sources& sources) { bench.stages(sources, bytes, lines, runs); });

#if defined(RUSTG_HAS_CUDA)
  if (compare && cuda) {
    device::cpu::Queue queue;
    Made cpu = Bench<device::cpu::Queue>{queue, "cpu"}.make(corpus.host());
    source::DeviceSources<device::cuda::Queue> sources(**cuda, corpus.host());
    Made gpu = Bench<device::cuda::Queue>{**cuda, "cuda"}.make(sources.ref());
    fmt::print("compare\t{}\t{}\t{}\n", cpu == gpu ? "equal" : "different", cpu.kinds.size(), cpu.tree.count());
  }
#else
  (void)compare;
#endif

  if (!series) return 0;
  for (double wanted = 1000; wanted <= double(most_lines) * 1.01; wanted *= std::sqrt(10.0)) {
    source::SourceMap map(lex::known_words());
    fill(map, corpus, uint64_t(std::llround(wanted)));
    uint64_t map_bytes = map.text_bytes(), map_lines = lines_of(map);
    on_each(map, [&](auto& bench, const source::Sources& sources) { bench.point(sources, map_bytes, map_lines); });
  }
  return 0;
}
