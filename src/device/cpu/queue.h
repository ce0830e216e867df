// The CPU's queue: passes run on the calling thread and on oneTBB's workers, and have ended when the call returns. docs/device.md explains
// the operations; this header is also their reference, since a CUDA queue has the same ones.
#pragma once
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "device/algorithms.h"
#include "device/machines.h"
#include "device/memory.h"
#include "device/types.h"
#include "device/work_queue.h"

namespace rustg::device::cpu {

class Queue;

// Host work recorded by Queue::capture, to be run again and again.
class Graph {
 public:
  explicit Graph(std::function<void()> work) : work_(std::move(work)) {}

 private:
  friend class Queue;
  std::function<void()> work_;
};

class Queue : public Algorithms<Queue> {
 public:
  static constexpr const char* kDevice = "cpu";
  // Bytes or items that a core goes through at once: in its second-level cache between being summarised and being emitted.
  static constexpr uint32_t kChunk = 32 * 1024;
  static constexpr uint32_t kTile = 16 * 1024;
  // Bytes or items that one core may be left alone with where dividing them costs something.
  static constexpr uint32_t kAlone = 256 * 1024;

  // threads 0: RUSTG_THREADS, or else all cores.
  explicit Queue(int threads = 0);
  Queue(const Queue&) = delete;
  int threads() const { return threads_; }
  const std::shared_ptr<Memory>& memory() const { return memory_; }

  using Algorithms::download;
  using Algorithms::upload;
  template <class T>
  void upload(T* to, const T* from, size_t count) {
    if (count != 0) std::memcpy(to, from, count * sizeof(T));
  }
  // Upload without a copy of the whole: fill(T* into, size_t begin, size_t end) writes elements [begin, end) to into[0..end-begin); called for
  // consecutive pieces (here one, into device memory itself).
  template <class T, class Fill>
  void upload_by(T* to, size_t count, Fill fill) {
    if (count != 0) fill(to, size_t(0), count);
  }
  template <class T>
  void download(T* to, const T* from, size_t count) {
    synchronize();
    if (count != 0) std::memcpy(to, from, count * sizeof(T));
  }
  // Every byte of `count` elements becomes `byte`.
  template <class T>
  void set_bytes(T* to, uint8_t byte, size_t count) {
    ++launches_;
    if (count != 0) std::memset(static_cast<void*>(to), byte, count * sizeof(T));
  }
  // Wait until all work is done. Counted.
  void synchronize() { ++synchronisations_; }

  // work() calls this queue's operations; it is not run now but by every replay. What it captures must outlive the graph.
  template <class Work>
  Graph capture(Work work) {
    return Graph(work);
  }
  void replay(Graph& graph) { graph.work_(); }

  // f(i) for every item, in any order. grain: how many items a CPU core takes at once, and the fewest worth a second core.
  template <class F>
  void for_each(Count count, F f, uint32_t grain = 4096) {
    ++launches_;
    blocks(count.get(), grain, [&](uint32_t begin, uint32_t end) {
      F local = f;  // whose address nobody has: its pointers stay in registers whatever it stores. So below, too
      for (uint32_t i = begin; i != end; ++i) local(i);
    });
  }

  // f(Chunk) over runs of at most `lane` items on a GPU (the same bytes of neighbouring lanes lie `lane` apart), of larger
  // ones on a CPU; every run begins at a multiple of `lane`.
  template <class F>
  void for_each_chunk(Count count, uint32_t lane, F f) {
    ++launches_;
    blocks(count.get(), chunk_items(lane), [&](uint32_t begin, uint32_t end) { f(Chunk{begin, end}); });
  }

  // *result = op over in(0), in(1), … in order; identity if there are none.
  template <class In, class T, class Op>
  void reduce(Count count, In in, T identity, Op op, T* result) {
    ++launches_;
    uint32_t n = count.get();
    auto fold = summary(in, op);
    if (n <= kTile || threads_ == 1) {
      *result = n == 0 ? identity : fold(0, n);
      return;
    }
    uint32_t tiles = tile_count(n, kTile);
    Buffer<T> sums = allocate<T>(tiles);
    blocks(n, kTile, [&](uint32_t begin, uint32_t end) { new (sums.data() + begin / kTile) T(fold(begin, end)); });
    T sum = sums.data()[0];
    for (uint32_t t = 1; t < tiles; ++t) sum = op(sum, sums.data()[t]);
    *result = sum;
  }

  // out(i, x) with x = op over the items before i (exclusive) or up to i (inclusive). *total (may be null) = op over all.
  // in(i) may be called more than once, out(i, x) is called once.
  template <class In, class Out, class T, class Op>
  void exclusive_scan(Count count, In in, Out out, T identity, Op op, T* total = nullptr) {
    scan_tiles(
        count.get(), kTile, summary(in, op),
        [&](uint32_t begin, uint32_t end, T state) {
          In local_in = in;
          Out local_out = out;
          for (uint32_t i = begin; i != end; ++i) {
            T next = op(state, local_in(i));
            local_out(i, state);
            state = next;
          }
          return state;
        },
        identity, op, total);
  }
  template <class In, class Out, class T, class Op>
  void inclusive_scan(Count count, In in, Out out, T identity, Op op, T* total = nullptr) {
    scan_tiles(
        count.get(), kTile, summary(in, op),
        [&](uint32_t begin, uint32_t end, T state) {
          In local_in = in;
          Out local_out = out;
          for (uint32_t i = begin; i != end; ++i) {
            state = op(state, local_in(i));
            local_out(i, state);
          }
          return state;
        },
        identity, op, total);
  }

  // A scan over runs of items: summarize(Chunk) gives what a run means to those after it, emit(Chunk, x) sees what all before it mean and
  // returns op(x, summarize(Chunk)). One core alone never calls summarize. Runs are as for for_each_chunk, and no result may
  // depend on where they are cut.
  template <class Summarize, class Emit, class T, class Op>
  void scan_chunks(Count count, uint32_t lane, Summarize summarize, Emit emit, T identity, Op op, T* total = nullptr) {
    scan_tiles(
        count.get(), chunk_items(lane),
        [&](uint32_t begin, uint32_t end) {
          return summarize(Chunk{begin, end});
        },
        [&](uint32_t begin, uint32_t end, const T& before) {
          return emit(Chunk{begin, end}, before);
        },
        identity, op, total);
  }

  // emit(i, position) for every item with keep(i), position counting the kept ones before it. *total (may be null): how many.
  template <class Keep, class Emit>
  void compact(Count count, Keep keep, Emit emit, uint32_t* total = nullptr) {
    scan_tiles(
        count.get(), kTile,
        [&](uint32_t begin, uint32_t end) {
          Keep local = keep;
          uint32_t kept = 0;
          for (uint32_t i = begin; i != end; ++i) kept += local(i) ? 1 : 0;
          return kept;
        },
        [&](uint32_t begin, uint32_t end, uint32_t position) {
          // 64 at a time into a mask without branches, which would be mispredicted; then the bits that are set.
          Keep local_keep = keep;
          Emit local_emit = emit;
          for (uint32_t i = begin; i != end;) {
            uint32_t many = std::min(64u, end - i);
            uint64_t kept = 0;
            for (uint32_t k = 0; k != many; ++k) kept |= uint64_t(local_keep(i + k) ? 1 : 0) << k;
            for (; kept != 0; kept &= kept - 1) local_emit(i + uint32_t(std::countr_zero(kept)), position++);
            i += many;
          }
          return position;
        },
        0u, Sum{}, total);
  }

  // Sort pairs by the bits [begin_bit, end_bit) of their keys, in place; equal ones keep their order. Key: uint32_t or uint64_t. At most
  // 2^30 - 1 pairs.
  template <class Key>
  void radix_sort(Count count, Key* keys, uint32_t* values, int begin_bit = 0, int end_bit = int(sizeof(Key) * 8), SortRoom<Key> room = {});

  // Run seed(i) for every seed and all tasks that these push, in any order: f(task, push), push(Task) -> bool. See work_queue.h.
  template <class Task, class Seed, class F>
  void run_tasks(WorkQueue<Task>& tasks, Count seeds, Seed seed, F f);

  // The same for tasks that a device may step (machines.h); here each is run at once.
  template <class Machine, class Seed>
  void run_machines(Machines<Machine>& machines, Count seeds, Seed seed, Machine machine) {
    run_tasks(machines.tasks(), seeds, seed,
              [=](const typename Machine::Task& task, const Push<typename Machine::Task>& push) { machine.run(task, push); });
  }
  template <class Machine>
  uint32_t machines_at_once(uint32_t) const {
    return 0;
  }

 private:
  static uint32_t tile_count(uint32_t n, uint32_t tile) { return n == 0 ? 0 : (n - 1) / tile + 1; }
  static uint32_t chunk_items(uint32_t lane) { return std::max(lane, kChunk / lane * lane); }
  template <class In, class Op>
  static auto summary(In& in, Op& op) {
    return [&](uint32_t begin, uint32_t end) {
      In local = in;
      auto sum = local(begin);
      for (uint32_t i = begin + 1; i != end; ++i) sum = op(sum, local(i));
      return sum;
    };
  }

  // body(worker) on `workers` threads, or on fewer, one after the other.
  template <class Body>
  void on_workers(uint32_t workers, Body&& body) {
    arena_.execute([&] {
      tbb::parallel_for(
          0u, workers, [&](uint32_t w) { body(w); }, tbb::simple_partitioner());
    });
  }

  // body(begin, end) over the tiles of [0, n).
  template <class Body>
  void blocks(uint32_t n, uint32_t tile, Body&& body) {
    uint32_t tiles = tile_count(n, tile);
    auto run = [&](uint32_t t) { body(t * tile, t + 1 == tiles ? n : (t + 1) * tile); };
    if (tiles <= 1 || threads_ == 1) {
      for (uint32_t t = 0; t < tiles; ++t) run(t);
      return;
    }
    std::atomic<uint32_t> next{0};
    on_workers(std::min<uint32_t>(threads_, tiles), [&](uint32_t) {
      for (uint32_t t; (t = next.fetch_add(1, std::memory_order_relaxed)) < tiles;) run(t);
    });
  }

  // The scan under all others, in one pass over memory: tiles are taken in order; each is summarised, waits for what is before
  // it (whose owner is at work already, so this ends), tells what is after it, and is emitted while still in cache.
  template <class Summarize, class Emit, class T, class Op>
  void scan_tiles(uint32_t n, uint32_t tile, Summarize&& summarize, Emit&& emit, T identity, Op op, T* total) {
    ++launches_;
    uint32_t tiles = tile_count(n, tile);
    auto end_of = [&](uint32_t t) { return t + 1 == tiles ? n : (t + 1) * tile; };
    if (tiles <= 1 || threads_ == 1) {
      T state = identity;
      for (uint32_t t = 0; t < tiles; ++t) state = emit(t * tile, end_of(t), state);
      if (total != nullptr) *total = state;
      return;
    }
    struct alignas(64) Slot {
      T upto;
      std::atomic<bool> ready;
    };
    static_assert(std::is_trivially_copyable_v<T>, "scans carry plain data");
    Buffer<Slot> slots = allocate<Slot>(tiles);
    Slot* slot = slots.data();
    for (uint32_t t = 0; t < tiles; ++t) new (&slot[t].ready) std::atomic<bool>(false);
    std::atomic<uint32_t> next{0};
    on_workers(std::min<uint32_t>(threads_, tiles), [&](uint32_t) {
      for (uint32_t t; (t = next.fetch_add(1, std::memory_order_relaxed)) < tiles;) {
        T sum = summarize(t * tile, end_of(t));
        T before = identity;
        if (t != 0) {
          for (uint32_t spins = 0; !slot[t - 1].ready.load(std::memory_order_acquire);) {
            if (++spins > 4096) std::this_thread::yield();
          }
          before = slot[t - 1].upto;
        }
        slot[t].upto = t == 0 ? sum : op(before, sum);
        slot[t].ready.store(true, std::memory_order_release);
        emit(t * tile, end_of(t), before);
      }
    });
    if (total != nullptr) *total = slot[tiles - 1].upto;
  }

  int threads_;
  std::unique_ptr<tbb::global_control> more_threads_;  // than there are cores, if asked for
  tbb::task_arena arena_;
  std::shared_ptr<Memory> memory_;
};

}  // namespace rustg::device::cpu

#include "device/cpu/radix_sort.h"
#include "device/cpu/run_tasks.h"
