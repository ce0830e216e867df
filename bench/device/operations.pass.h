#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

#include "device/atomic.h"
#include "device/bytes.h"
#include "device/hash_table.h"
#include "device/work_queue.h"
#include "device_bench.h"

namespace rustg::bench {

using namespace rustg::device;

template <class Queue, class Work>
double best_seconds(Queue& queue, Work work, int runs = 7) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  work();
  queue.synchronize();
  for (int run = 0; run < runs; ++run) {
    auto start = Clock::now();
    work();
    queue.synchronize();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

struct Affine {
  uint32_t a, b;
};
struct Compose {
  RUSTG_HD Affine operator()(const Affine& x, const Affine& y) const { return {x.a * y.a, x.b * y.a + y.b}; }
};

// Words as a program has them: `different` ones, the k-th about 1/k as often as the first.
inline std::vector<uint8_t> words_of_text(uint32_t count, uint32_t different, std::vector<ByteSpan>& spans) {
  std::mt19937_64 random(5);
  std::vector<uint8_t> text;
  spans.resize(count);
  for (ByteSpan& span : spans) {
    uint64_t rank = uint64_t(std::pow(double(different), std::uniform_real_distribution<>()(random)));
    std::string word;
    for (uint64_t rest = rank * 0x9e3779b97f4a7c15u, k = 0; k < 3 + rank % 9; ++k, rest = rest * 5 + 1)
      word += char('a' + (rest >> 40) % 26);
    span = {uint32_t(text.size()), uint32_t(word.size())};
    text.insert(text.end(), word.begin(), word.end());
    text.push_back(' ');
  }
  text.resize(text.size() + kBytePadding);
  return text;
}

struct Task {
  uint32_t leaves;
};

// A machine of 64 steps through 32 states, which it is in as often as any other.
struct Walk {
  struct Task {
    uint32_t number;
  };
  struct Context {
    uint32_t number, left;
  };
  static constexpr uint32_t kStates = 32, kScratch = 0, kSteps = 64;

  uint32_t* out;

  RUSTG_HD bool begin(const Task& task, const Push<Task>&, uint8_t*, Context& context) const {
    context = {task.number, kSteps};
    return true;
  }
  RUSTG_HD uint32_t state(const Context& context) const { return context.number >> 27; }
  RUSTG_HD bool step(uint32_t state, Context& context, const Push<Task>&, uint8_t*) const {
    context.number = context.number * 1664525u + state;
    if (--context.left != 0) return true;
    *out = context.number;
    return false;
  }
  RUSTG_HD void run(const Task& task, const Push<Task>& push) const {
    Context context;
    for (bool more = begin(task, push, nullptr, context); more;) more = step(state(context), context, push, nullptr);
  }
};

template <class Queue>
std::vector<Measurement> measure(Queue& queue, uint32_t n) {
  std::vector<Measurement> all;
  auto add = [&](std::string name, double items, double bytes, double seconds) {
    all.push_back({name, items, bytes, seconds});
  };

  Buffer<uint32_t> input = queue.template allocate<uint32_t>(n),
                   output = queue.template allocate<uint32_t>(2 * size_t(n));
  Buffer<uint32_t> totals = queue.template allocate<uint32_t>(16);
  uint32_t *in = input.data(), *out = output.data(), *total = totals.data();
  Affine* affine = reinterpret_cast<Affine*>(out);
  queue.for_each(n, [=] RUSTG_HD(uint32_t i) {
    uint32_t x = (i ^ i >> 16) * 0x7feb352du;
    x = (x ^ x >> 15) * 0x846ca68bu;
    in[i] = x ^ x >> 16;
  });

  add("copy", n, 8.0 * n, best_seconds(queue, [&] { queue.copy(out, in, n); }));
  add("reduce, sum", n, 4.0 * n, best_seconds(queue, [&] {
        queue.reduce(
            n, [=] RUSTG_HD(uint32_t i) { return in[i]; }, 0u, Sum{}, total);
      }));
  add("exclusive_scan, sum", n, 8.0 * n, best_seconds(queue, [&] {
        queue.exclusive_scan(
            n, [=] RUSTG_HD(uint32_t i) { return in[i]; }, [=] RUSTG_HD(uint32_t i, uint32_t x) { out[i] = x; }, 0u,
            Sum{}, total);
      }));
  add("exclusive_scan, sum, bound 4x", n / 4, 2.0 * n, best_seconds(queue, [&] {
        queue.fill(total + 1, 1, n / 4);
        queue.exclusive_scan(
            Count{total + 1, n}, [=] RUSTG_HD(uint32_t i) { return in[i]; },
            [=] RUSTG_HD(uint32_t i, uint32_t x) { out[i] = x; }, 0u, Sum{}, total);
      }));
  add("inclusive_scan, maps of 8 bytes", n, 12.0 * n, best_seconds(queue, [&] {
        queue.inclusive_scan(
            n,
            [=] RUSTG_HD(uint32_t i) {
              return Affine{in[i], i};
            },
            [=] RUSTG_HD(uint32_t i, const Affine& x) { affine[i] = x; }, Affine{1, 0}, Compose{});
      }));
  add("segmented_inclusive_scan", n, 8.0 * n, best_seconds(queue, [&] {
        queue.segmented_inclusive_scan(
            n, [=] RUSTG_HD(uint32_t i) { return in[i]; }, [=] RUSTG_HD(uint32_t i) { return in[i] % 16 == 0; },
            [=] RUSTG_HD(uint32_t i, uint32_t x) { out[i] = x; }, 0u, Sum{});
      }));
  add("compact, 1 in 4", n, 5.0 * n, best_seconds(queue, [&] {
        queue.compact(
            n, [=] RUSTG_HD(uint32_t i) { return in[i] % 4 == 0; },
            [=] RUSTG_HD(uint32_t i, uint32_t p) { out[p] = i; }, total);
      }));
  add("reduce_by_key, runs of 2", n, 8.0 * n, best_seconds(queue, [&] {
        queue.reduce_by_key(
            n, [=] RUSTG_HD(uint32_t i) { return in[i]; },
            [=] RUSTG_HD(uint32_t i) { return (in[i] & 1) == (in[i + 1] & 1); },
            [=] RUSTG_HD(uint32_t run, uint32_t, uint32_t x) { out[run] = x; }, 0u, Sum{}, total);
      }));

  // Bytes: newlines, and a two-state automaton (inside quotes or not) that writes a mask of the bytes inside for each 16.
  const uint8_t* text = reinterpret_cast<const uint8_t*>(in);
  uint32_t bytes = uint32_t(std::min<uint64_t>(4ull * n, 1u << 30)) / 16 * 16;
  add("for_each_chunk, count newlines", bytes, bytes, best_seconds(queue, [&] {
        queue.for_each_chunk(bytes, 64, [=] RUSTG_HD(Chunk chunk) {
          uint32_t lines = 0;
          for (uint32_t i = chunk.begin; i < chunk.end; i += 16) {
            Bytes16 sixteen = load_bytes16(text + i);
            for (uint32_t word : sixteen.word) {
              uint32_t x = word ^ 0x0a0a0a0au;
              lines += ((x - 0x01010101u) & ~x & 0x80808080u) != 0;
            }
          }
          if (lines > chunk.end) *total = lines;  // never; so that it is computed
        });
      }));
  auto quotes_before = [=] RUSTG_HD(uint32_t word) {  // parity of quotes in four bytes
    uint32_t x = word ^ 0x22222222u, zero = ~(((x & 0x7f7f7f7fu) + 0x7f7f7f7fu) | x | 0x7f7f7f7fu);
    zero ^= zero >> 16;
    return (zero ^ zero >> 8) >> 7 & 1u;
  };
  uint16_t* masks = reinterpret_cast<uint16_t*>(out);
  add("scan_chunks, inside quotes", bytes, bytes * 1.125, best_seconds(queue, [&] {
        queue.scan_chunks(
            bytes, 64,
            [=] RUSTG_HD(Chunk chunk) {
              uint32_t parity = 0;
              for (uint32_t i = chunk.begin; i < chunk.end; i += 16) {
                Bytes16 sixteen = load_bytes16(text + i);
                for (uint32_t word : sixteen.word) parity ^= quotes_before(word);
              }
              return parity;
            },
            [=] RUSTG_HD(Chunk chunk, uint32_t before) {
              uint32_t inside = before & 1;
              for (uint32_t i = chunk.begin; i < chunk.end; i += 16) {
                Bytes16 sixteen = load_bytes16(text + i);
                uint32_t mask = 0;
                for (uint32_t k = 0; k < 16; ++k) {
                  inside ^= (sixteen.word[k / 4] >> 8 * (k % 4) & 0xff) == '"' ? 1 : 0;
                  mask |= inside << k;
                }
                masks[i / 16] = uint16_t(mask);
              }
              return inside;
            },
            0u, [=] RUSTG_HD(uint32_t a, uint32_t b) { return (a ^ b) & 1; });
      }));

  uint32_t pairs = n / 2;
  uint32_t* values = out + pairs;
  double copying = best_seconds(queue, [&] { queue.copy(out, in, pairs); });
  add("radix_sort, 32 bits", pairs, 16.0 * 4 * pairs, best_seconds(queue, [&] {
                                                        queue.copy(out, in, pairs);
                                                        queue.radix_sort(pairs, out, values);
                                                      }) - copying);
  add("radix_sort, 16 bits", pairs, 16.0 * 2 * pairs, best_seconds(queue, [&] {
                                                        queue.copy(out, in, pairs);
                                                        queue.radix_sort(pairs, out, values, 0, 16);
                                                      }) - copying);

  std::vector<ByteSpan> spans;
  uint32_t words = std::min(n / 8, 4'000'000u);
  std::vector<uint8_t> word_text = words_of_text(words, 200'000, spans);
  Buffer<uint8_t> there = queue.upload(word_text);
  Buffer<ByteSpan> there_spans = queue.upload(spans);
  const ByteSpan* span = there_spans.data();
  {
    HashTable table(queue, 1 << 19);
    HashTableRef ref = table.ref();
    Buffer<uint32_t> ids = queue.template allocate<uint32_t>(words);
    auto clear = [&] {
      queue.set_bytes(ref.slots, 0xff, ref.mask + 1);
      queue.zero(ref.size, 3);
    };
    double clearing = best_seconds(queue, clear);
    auto get = [=] RUSTG_HD(uint32_t i) { return span[i]; };
    add("HashTable, intern", words, double(word_text.size()) + 12.0 * words, best_seconds(queue, [&] {
                                                                               clear();
                                                                               table.intern(queue, words, there.data(),
                                                                                            get, ids.data());
                                                                             }) - clearing);
    add("HashTable, find", words, double(word_text.size()) + 12.0 * words,
        best_seconds(queue, [&] { table.find(queue, words, there.data(), there.data(), get, ids.data()); }));
  }

  uint32_t leaves = std::min(n / 8, 1u << 20);
  WorkQueue<Task> tasks(queue, 2 * leaves);
  add("run_tasks, a binary tree", 2.0 * leaves - 1, 0, best_seconds(queue, [&] {
        queue.run_tasks(
            tasks, 1, [=] RUSTG_HD(uint32_t) { return Task{leaves}; },
            [=] RUSTG_HD(Task task, Push<Task> push) {
              if (task.leaves > 1) push({task.leaves / 2}), push({task.leaves - task.leaves / 2});
            });
      }));

  Machines<Walk> machines(queue, leaves);
  add("run_machines, steps in 32 states", double(Walk::kSteps) * leaves, 0, best_seconds(queue, [&] {
        queue.run_machines(machines, leaves, [=] RUSTG_HD(uint32_t i) { return Walk::Task{i * 0x9e3779b9u}; }, Walk{total});
      }));

  // What small inputs cost: twenty operations on 10,000 items, one after the other and as a graph.
  auto small = [&] {
    for (int k = 0; k < 10; ++k) {
      queue.for_each(10'000, [=] RUSTG_HD(uint32_t i) { out[i] = in[i]; });
      queue.exclusive_scan(
          10'000, [=] RUSTG_HD(uint32_t i) { return in[i]; }, [=] RUSTG_HD(uint32_t i, uint32_t x) { out[i] = x; }, 0u,
          Sum{}, total);
    }
  };
  add("20 operations on 10,000 items", 200'000, 0, best_seconds(queue, small, 50));
  auto graph = queue.capture(small);
  add("the same, replayed", 200'000, 0,
      best_seconds(
          queue, [&] { queue.replay(graph); }, 50));
  return all;
}

}  // namespace rustg::bench
