// MB/s and lines/s of the lexer by part, on CPU threads and on a CUDA device, over a tree of .rs files:
//     lex_bench FOLDER|LIST [--repeats N] [--threads N...]
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "lex_bench.h"

int main(int argc, char** argv) {
  using namespace rustg;
  CLI::App app{"The lexer's throughput"};
  std::string where;
  int repeats = 5;
  std::vector<int> threads{1, 2};
  app.add_option("where", where, "a folder of .rs files, or a file with a list of them")->required()->check(CLI::ExistingPath);
  app.add_option("--repeats", repeats, "the best of so many runs counts");
  app.add_option("--threads", threads, "CPU threads of each run");
  CLI11_PARSE(app, argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);

  std::vector<std::string> paths;
  if (std::filesystem::is_directory(where)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(where)) {
      if (entry.is_regular_file() && entry.path().extension() == ".rs") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
  } else {
    std::ifstream in(where);
    for (std::string line; std::getline(in, line);) paths.push_back(line);
  }
  source::SourceMap map(lex::known_words());
  double bytes = 0, lines = 0;
  bench::Seconds load{};
  {
    load = bench::best_of(1, [&] {
      auto problems = map.load(paths, 2);
      if (!problems) std::printf("%s\n", problems.error().message.c_str());
    });
    bytes = double(map.text_bytes());
    for (uint32_t f = 0; f < map.files(); ++f) lines += double(std::count(map.text(f).begin(), map.text(f).end(), '\n'));
  }
  std::printf("%u files, %.1f MB, %.2f M lines\n", map.files(), bytes / 1e6, lines / 1e6);
  bench::print_row("cpu", "read", load, bytes, lines);
  for (int count : threads) {
    device::cpu::Queue queue(count);
    bench::bench_lexer((std::to_string(count) + (count == 1 ? " thread" : " threads")).c_str(), queue, map.host(), bytes, lines, repeats);
  }
#if defined(RUSTG_HAS_CUDA)
  auto queue = device::cuda::Queue::open();
  if (!queue) {
    std::printf("cuda: skipped, %s\n", queue.error().message.c_str());
    return 0;
  }
  source::DeviceSources<device::cuda::Queue> sources(**queue, map.host());
  bench::print_row("cuda", "upload", bench::best_of(repeats, [&] {
                     source::DeviceSources<device::cuda::Queue> again(**queue, map.host());
                     (*queue)->synchronize();
                   }),
                   bytes, lines);
  bench::bench_lexer("cuda", **queue, sources.ref(), bytes, lines, repeats);
#endif
}
