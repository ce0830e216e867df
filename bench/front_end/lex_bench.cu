#include "device/cuda/queue.cuh"
#include "lex_bench.h"

namespace rustg::bench {

void bench_cuda(const source::SourceMap& map, double bytes, double lines, int repeats) {
  auto queue = device::cuda::Queue::open();
  if (!queue) {
    std::printf("cuda: skipped, %s\n", queue.error().message.c_str());
    return;
  }
  source::DeviceSources<device::cuda::Queue> sources(**queue, map.host());
  print_row("cuda", "upload", best_of(repeats, [&] {
              source::DeviceSources<device::cuda::Queue> again(**queue, map.host());
              (*queue)->synchronize();
            }),
            bytes, lines);
  bench_lexer("cuda", **queue, sources.ref(), bytes, lines, repeats);
}

}  // namespace rustg::bench
