// The lexer by its parts, on a queue of either device.
#pragma once
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

#include "lex/lex.h"
#include "lex/stretch.h"
#include "source/source_map.h"

namespace rustg::bench {

struct Seconds {
  double wall, cpu;  // cpu: of this thread, which is what counts on a busy machine
};

template <class Work>
Seconds best_of(int repeats, Work work) {
  Seconds best{1e9, 1e9};
  for (int i = 0; i < repeats; ++i) {
    auto cpu = [] {
      timespec t;
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
      return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
    };
    double cpu_begin = cpu();
    auto begin = std::chrono::steady_clock::now();
    work();
    best.wall = std::min(best.wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    best.cpu = std::min(best.cpu, cpu() - cpu_begin);
  }
  return best;
}

inline void print_row(const char* device, const char* part, Seconds s, double bytes, double lines) {
  std::printf("%-12s %-10s %9.3f ms %9.1f MB/s %8.2f M lines/s   (cpu time: %7.1f MB/s)\n", device, part, s.wall * 1e3, bytes / s.wall / 1e6,
              lines / s.wall / 1e6, bytes / s.cpu / 1e6);
}

// `sources` are in the queue's memory.
template <class Queue>
void bench_lexer(const char* device, Queue& queue, const source::Sources& sources, double bytes, double lines, int repeats) {
  lex::Tokens<Queue> tokens(queue);
  lex::lex(queue, sources, tokens);
  auto part = [&](const char* name, auto work) {
    print_row(device, name, best_of(repeats, [&] {
                work();
                queue.synchronize();
              }),
              bytes, lines);
  };
  part("starts", [&] { lex::find_starts(queue, sources, tokens); });
  // Lanes write their lists over what the first part left: of theirs this is the difference.
  if constexpr (lex::OfCores<Queue>) part("emit", [&] { lex::emit_tokens(queue, sources, tokens); });
  part("all", [&] { lex::lex_reserved(queue, sources, tokens); });
  auto graph = queue.capture([&] { lex::lex_reserved(queue, sources, tokens); });
  part("graph", [&] { queue.replay(graph); });
  uint32_t count = queue.read(tokens.ref().count), symbols = queue.read(tokens.table().size());
  uint32_t texts = queue.read(tokens.workspace().texts);
  std::printf("%-12s %u tokens, %u symbols of %u texts, %.0f MB of device memory beside the source at most\n", device, count, symbols, texts,
              double(queue.memory()->peak()) / 1e6);
}

}  // namespace rustg::bench
