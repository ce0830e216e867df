// Lexer and parser over all .rs files below the folders given, or over copies of one: MB/s by stage, nodes, memory.
//
//   parse_bench [--threads N] [--runs N] FOLDER...
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "device/cpu/queue.h"
#include "lex/lex.h"
#include "parse/parse.h"
#include "source/source_map.h"

using namespace rustg;

int main(int argc, char** argv) {
  CLI::App app("Measure the lexer and the parser");
  std::vector<std::string> roots, paths;
  int threads = 1, runs = 5;
  app.add_option("folders", roots)->required();
  app.add_option("--threads", threads);
  app.add_option("--runs", runs);
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
  device::cpu::Queue queue(threads);
  lex::Tokens<device::cpu::Queue> tokens(queue);
  parse::Tree<device::cpu::Queue> tree(queue);
  double megabytes = double(map.text_bytes()) / 1e6, best_lex = 1e9, best_parse = 1e9;
  for (int run = 0; run < runs; ++run) {
    auto begin = std::chrono::steady_clock::now();
    lex::lex(queue, map.host(), tokens);
    auto middle = std::chrono::steady_clock::now();
    parse::parse(queue, map.host(), tokens, tree);
    auto end = std::chrono::steady_clock::now();
    best_lex = std::min(best_lex, std::chrono::duration<double>(middle - begin).count());
    best_parse = std::min(best_parse, std::chrono::duration<double>(end - middle).count());
  }
  fmt::print("{} files, {:.1f} MB, {} tokens, {} nodes, {} threads, best of {}\n", map.files(), megabytes,
             *tokens.ref().count, *tree.ref().count, threads, runs);
  fmt::print("lex {:.0f} MB/s, parse {:.0f} MB/s, both {:.0f} MB/s; {:.1f} bytes of memory for each of the source\n",
             megabytes / best_lex, megabytes / best_parse, megabytes / (best_lex + best_parse),
             double(queue.memory()->peak()) / 1e6 / megabytes + 1);
  return 0;
}
