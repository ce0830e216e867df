// cuda::Queue::run_tasks: resident warps claim tasks from one append-only array until all are done. A lane runs a task; a warp claims no more
// than its share of what there is, so that a few tasks are spread over many warps.
#pragma once
#include "device/cuda/queue.cuh"

namespace rustg::device::cuda {

namespace detail {

template <class Task, class F>
__global__ void __launch_bounds__(128) run_tasks(WorkQueueRef<Task> queue, F f) {
  uint32_t lane = threadIdx.x % 32, warps = gridDim.x * (128 / 32);
  Push<Task> push{queue};
  for (uint32_t pause = 32;;) {
    uint32_t first = 0, take = 0;
    bool done = false;
    if (lane == 0) {
      // In this order: finished before the places that it is compared with.
      uint32_t finished = atomic_load_acquire(&queue.state->finished);
      uint32_t claimed = atomic_load_acquire(&queue.state->claimed), places = queue.places();
      if (claimed < places) {
        uint32_t share = (places - claimed) / warps;
        take = share < 1 ? 1 : share > 32 ? 32 : share;
        first = claimed;
        if (atomic_cas(&queue.state->claimed, claimed, claimed + take) != claimed) take = 0;
        pause = 32;
      } else {
        done = finished == places;
        if (!done) {
          __nanosleep(pause);
          if (pause < 1024) pause *= 2;
        }
      }
    }
    if (__shfl_sync(~0u, done, 0)) return;
    first = __shfl_sync(~0u, first, 0);
    take = __shfl_sync(~0u, take, 0);
    if (lane < take) {
      uint32_t place = first + lane;
      while (atomic_load_acquire(&queue.ready[place]) == 0) {
      }
      Task task = queue.tasks[place];
      f(task, push);
    }
    __syncwarp();
    __threadfence();  // what the tasks wrote is seen before their end
    if (lane == 0 && take != 0) atomic_add(&queue.state->finished, take);
  }
}

}  // namespace detail

template <class Task, class Seed, class F>
void Queue::run_tasks(WorkQueue<Task>& tasks, Count seeds, Seed seed, F f) {
  WorkQueueRef<Task> queue = tasks.ref();
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
  static const uint32_t most = resident(reinterpret_cast<const void*>(&detail::run_tasks<Task, F>), 128);
  uint32_t grid = std::min(most, std::max(1u, detail::blocks_for(queue.capacity, 32 * 4)));
  detail::run_tasks<<<grid, 128, 0, static_cast<cudaStream_t>(stream_)>>>(queue, f);
  launched("run_tasks");
}

}  // namespace rustg::device::cuda
