// A CUDA device's queue: one stream. It has the operations of cpu::Queue (whose header explains them), which return before they
// have run. This header needs no CUDA, so that the host's side can open queues and hold buffers; the operations that run
// functors are defined in queue.cuh, for .cu files.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "device/algorithms.h"
#include "device/machines.h"
#include "device/memory.h"
#include "device/types.h"
#include "device/work_queue.h"

namespace rustg::device::cuda {

class Queue;

// Kernels recorded by Queue::capture: one launch replays them all. What they work on, and the queue, must outlive the graph.
class Graph {
 public:
  Graph(Graph&& other) noexcept
      : executable_(std::exchange(other.executable_, nullptr)),
        memory_(std::move(other.memory_)),
        blocks_(std::move(other.blocks_)) {}
  ~Graph();

 private:
  friend class Queue;
  Graph(void* executable, std::shared_ptr<Memory> memory, std::vector<void*> blocks)
      : executable_(executable), memory_(std::move(memory)), blocks_(std::move(blocks)) {}
  void* executable_;  // cudaGraphExec_t
  std::shared_ptr<Memory> memory_;
  std::vector<void*> blocks_;  // what its kernels allocated
};

class Queue : public Algorithms<Queue> {
 public:
  static constexpr const char* kDevice = "cuda";

  // The queue of a device, or why there is none.
  static Result<std::unique_ptr<Queue>> open(int ordinal = 0);
  ~Queue();
  Queue(const Queue&) = delete;
  // As the driver calls it: "NVIDIA H200".
  const std::string& name() const { return name_; }
  const std::shared_ptr<Memory>& memory() const { return memory_; }

  using Algorithms::download;
  using Algorithms::upload;
  // Through page-locked staging, in pieces; the source may be reused at once. Not while capturing.
  template <class T>
  void upload(T* to, const T* from, size_t count) {
    upload_by(to, count,
              [=](T* into, size_t begin, size_t end) { std::memcpy(into, from + begin, (end - begin) * sizeof(T)); });
  }
  template <class T, class Fill>
  void upload_by(T* to, size_t count, Fill fill) {
    constexpr size_t kPiece = kStaging / sizeof(T);
    for (size_t begin = 0; begin < count; begin += kPiece) {
      size_t end = count - begin < kPiece ? count : begin + kPiece;
      fill(static_cast<T*>(next_staging()), begin, end);
      send_staging(to + begin, (end - begin) * sizeof(T));
    }
  }
  template <class T>
  void download(T* to, const T* from, size_t count) {
    download_bytes(to, from, count * sizeof(T));
  }
  template <class T>
  void set_bytes(T* to, uint8_t byte, size_t count) {
    set_bytes_raw(to, byte, count * sizeof(T));
  }
  void synchronize();

  template <class Work>
  Graph capture(Work work) {
    begin_capture();
    work();
    return end_capture();
  }
  void replay(Graph& graph);

  template <class F>
  void for_each(Count count, F f, uint32_t grain = 0);
  template <class F>
  void for_each_chunk(Count count, uint32_t lane, F f);
  template <class In, class T, class Op>
  void reduce(Count count, In in, T identity, Op op, T* result);
  template <class In, class Out, class T, class Op>
  void exclusive_scan(Count count, In in, Out out, T identity, Op op, T* total = nullptr);
  template <class In, class Out, class T, class Op>
  void inclusive_scan(Count count, In in, Out out, T identity, Op op, T* total = nullptr);
  template <class Summarize, class Emit, class T, class Op>
  void scan_chunks(Count count, uint32_t lane, Summarize summarize, Emit emit, T identity, Op op, T* total = nullptr);
  template <class Keep, class Emit>
  void compact(Count count, Keep keep, Emit emit, uint32_t* total = nullptr);
  template <class Key>
  void radix_sort(Count count, Key* keys, uint32_t* values, int begin_bit = 0, int end_bit = int(sizeof(Key) * 8), SortRoom<Key> room = {});
  template <class Task, class Seed, class F>
  void run_tasks(WorkQueue<Task>& tasks, Count seeds, Seed seed, F f);
  template <class Machine, class Seed>
  void run_machines(Machines<Machine>& machines, Count seeds, Seed seed, Machine machine);
  // How both begin.
  template <class Task, class Seed>
  void place_seeds(const WorkQueueRef<Task>& queue, Count seeds, Seed seed);
  // Tasks of which this many are stepped at once, out of `capacity` in all.
  template <class Machine>
  uint32_t machines_at_once(uint32_t capacity) const;

 private:
  static constexpr uint32_t kBlock = 256;
  static constexpr size_t kStaging = 8u << 20;

  Queue(int ordinal, std::string name);
  // The half of the staging memory to be written next, once the device has read it; and sending it.
  void* next_staging();
  void send_staging(void* to, size_t bytes);
  void download_bytes(void* to, const void* from, size_t bytes);
  void set_bytes_raw(void* to, uint8_t byte, size_t bytes);
  void begin_capture();
  Graph end_capture();
  // Scratch for one operation, good until the next one asks. Grows, never shrinks: captured graphs refer to it.
  void* scratch(size_t bytes);
  // Thread blocks of `kernel` that are resident at once.
  uint32_t resident(const void* kernel, uint32_t block) const;
  // Counts a launch; throws Failure if it was refused.
  void launched(const char* what);
  // Lets a kernel have so much shared memory.
  void allow_shared(const void* kernel, uint32_t bytes) const;
  template <class T, class Op, class Body>
  void scan_tiles(Count count, uint32_t tile, Body body, T identity, Op op, T* total);

  int ordinal_, multiprocessors_ = 0;
  uint32_t shared_bytes_ = 0;  // that a block may have
  std::string name_;
  void* stream_ = nullptr;  // cudaStream_t
  std::shared_ptr<Memory> memory_;
  std::vector<Buffer<uint8_t>> scratch_;  // the last one is in use
  uint8_t* staging_ = nullptr;            // two halves of page-locked memory
  void* staged_[2] = {};                  // cudaEvent_t: the copy to or from that half has ended
  uint32_t half_ = 0;                     // the one to be used next
};

}  // namespace rustg::device::cuda
