// cuda::Queue::run_tasks: resident warps draw places of one append-only array by a counter, whether these hold a task yet or not, wait for
// what they have drawn, and run a task a lane. One addition a draw: with compare-and-swap on what there is, thousands of warps would take
// turns. A warp draws no more than its share of what there is, so that a few tasks are spread over many warps.
#pragma once
#include "device/cuda/queue.cuh"

namespace rustg::device::cuda {

namespace detail {

template <class Task, class F>
__global__ void __launch_bounds__(128) run_tasks(WorkQueueRef<Task> queue, F f) {
  constexpr uint32_t kAll = ~0u;
  const uint32_t lane = threadIdx.x % 32, warps = gridDim.x * (128 / 32);
  Push<Task> push{queue};
  for (;;) {
    uint32_t first = 0, take = 0;
    if (lane == 0) {
      uint32_t claimed = atomic_load(&queue.state->claimed), places = queue.places();
      uint32_t share = claimed < places ? (places - claimed) / warps : 0;
      take = share < 1 ? 1 : share > 32 ? 32 : share;
      first = atomic_add(&queue.state->claimed, take);
    }
    const uint32_t place = __shfl_sync(kAll, first, 0) + lane;
    bool waiting = lane < __shfl_sync(kAll, take, 0);
    for (uint32_t turn = 0, pause = 32; __any_sync(kAll, waiting); ++turn) {
      bool ready = waiting && place < queue.capacity && atomic_load_acquire(&queue.ready[place]) != 0;
      uint32_t running = __ballot_sync(kAll, ready);
      if (running != 0) {
        if (ready) {
          Task task = queue.tasks[place];
          f(task, push);
          waiting = false;
          __threadfence();  // what the task wrote is seen before its end
        }
        __syncwarp();
        if (lane == 0) atomic_add(&queue.state->finished, uint32_t(__popc(running)));
        turn = 0, pause = 32;
        continue;
      }
      // Everyone looks at these two words: not too often.
      if (turn % 4 == 3) {
        // In this order: finished before the places that it is compared with.
        bool done = lane == 0 && atomic_load_acquire(&queue.state->finished) == queue.places();
        if (__any_sync(kAll, done)) return;
      }
      __nanosleep(pause);
      if (pause < 512) pause *= 2;
    }
  }
}

}  // namespace detail

template <class Task, class Seed>
void Queue::place_seeds(const WorkQueueRef<Task>& queue, Count seeds, Seed seed) {
  // Marks of the run before, then the state, then the seeds: each needs the one before it whole.
  for_each(Count(&queue.state->reserved, queue.capacity), [=] __device__(uint32_t i) { queue.ready[i] = 0; });
  for_each(1, [=] __device__(uint32_t) {
    uint32_t n = seeds.get();
    *queue.state = {n, 0, 0};
  });
  for_each(seeds, [=] __device__(uint32_t i) {
    if (i >= queue.capacity) return;
    queue.tasks[i] = seed(i);
    queue.ready[i] = 1;
  });
}

template <class Task, class Seed, class F>
void Queue::run_tasks(WorkQueue<Task>& tasks, Count seeds, Seed seed, F f) {
  WorkQueueRef<Task> queue = tasks.ref();
  place_seeds(queue, seeds, seed);
  static const uint32_t most = resident(reinterpret_cast<const void*>(&detail::run_tasks<Task, F>), 128);
  uint32_t grid = std::min(most, std::max(1u, detail::blocks_for(queue.capacity, 32 * 4)));
  detail::run_tasks<<<grid, 128, 0, static_cast<cudaStream_t>(stream_)>>>(queue, f);
  launched("run_tasks");
}

}  // namespace rustg::device::cuda
