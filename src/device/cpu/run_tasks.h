// cpu::Queue::run_tasks. Workers claim places of one append-only array; whoever finds none waits until all tasks are done.
#pragma once
#include "device/cpu/queue.h"

namespace rustg::device::cpu {

template <class Task, class Seed, class F>
void Queue::run_tasks(WorkQueue<Task>& tasks, Count seeds, Seed seed, F f) {
  ++launches_;
  WorkQueueRef<Task> queue = tasks.ref();
  std::memset(queue.ready, 0, queue.places() * sizeof(uint32_t));
  uint32_t n = seeds.get(), placed = std::min(n, queue.capacity);
  for (uint32_t i = 0; i != placed; ++i) {
    queue.tasks[i] = seed(i);
    queue.ready[i] = 1;
  }
  *queue.state = {n, 0, 0};
  Push<Task> push{queue};

  if (threads_ == 1) {
    for (uint32_t i = 0; i != queue.places(); ++i) {
      Task task = queue.tasks[i];
      f(task, push);
    }
    *queue.state = {queue.state->reserved, queue.places(), queue.places()};
    return;
  }
  uint32_t workers = uint32_t(threads_);
  on_workers(workers, [&](uint32_t) {
    F local = f;
    for (uint32_t idle = 0;;) {
      // In this order: finished before the places that it is compared with.
      uint32_t finished = atomic_load_acquire(&queue.state->finished),
               claimed = atomic_load_acquire(&queue.state->claimed);
      uint32_t available = queue.places() - claimed;
      if (available == 0) {
        if (finished == claimed) return;
        if (++idle > 1024) std::this_thread::yield();
        continue;
      }
      // A share of what there is, so that the last ones are spread over all.
      uint32_t take = std::clamp(available / (4 * workers), 1u, 64u);
      if (atomic_cas(&queue.state->claimed, claimed, claimed + take) != claimed) continue;
      idle = 0;
      for (uint32_t i = claimed; i != claimed + take; ++i) {
        while (atomic_load_acquire(&queue.ready[i]) == 0) {
        }
        Task task = queue.tasks[i];
        local(task, push);
      }
      atomic_add(&queue.state->finished, take);
    }
  });
}

}  // namespace rustg::device::cpu
