// Tasks that push tasks. Every task runs once, on whichever core or lane is free; order is not defined, so a pass makes its
// results independent of  it (a task writes to places of its own, or results are sorted afterwards).
#pragma once
#include <cstdint>
#include <type_traits>

#include "device/atomic.h"
#include "device/memory.h"
#include "device/types.h"

namespace rustg::device {

// In device memory.
struct WorkQueueState {
  uint32_t reserved;  // places given out; above the capacity if tasks were dropped
  uint32_t claimed;   // places whose task has an owner
  uint32_t
      finished;  // tasks done. Only a task that is not done pushes, so all is over when this has caught up with the places
};

// What kernels work on: plain pointers.
template <class Task>
struct WorkQueueRef {
  WorkQueueState* state;
  Task* tasks;
  uint32_t* ready;  // 1: the task in this place can be read
  uint32_t capacity;

  RUSTG_HD uint32_t places() const {
    uint32_t reserved = atomic_load(&state->reserved);
    return reserved < capacity ? reserved : capacity;
  }
};

// What a task pushes with. False: there was no place left, and the task is dropped.
template <class Task>
struct Push {
  WorkQueueRef<Task> queue;

  RUSTG_HD bool operator()(const Task& task) const {
    if (atomic_load(&queue.state->reserved) > queue.capacity) return false;  // so that the number cannot wrap around
    uint32_t place = atomic_add(&queue.state->reserved, 1u);
    if (place >= queue.capacity) return false;
    queue.tasks[place] = task;
    atomic_store_release(&queue.ready[place], 1u);
    return true;
  }
};

// `capacity`: tasks in one whole run, seeds included. A task pushed beyond it is dropped (push gives false), and
// *pushed() is then above the capacity.
template <class Task>
class WorkQueue {
 public:
  static_assert(std::is_trivially_copyable_v<Task>);

  template <class Queue>
  WorkQueue(Queue& queue, uint32_t capacity)
      : state_(queue.template allocate<WorkQueueState>(1)),
        tasks_(queue.template allocate<Task>(capacity)),
        ready_(queue.template allocate<uint32_t>(capacity)),
        capacity_(capacity) {
    queue.zero(state_.data(), 1);
    queue.zero(ready_.data(), capacity);
  }

  WorkQueueRef<Task> ref() const { return {state_.data(), tasks_.data(), ready_.data(), capacity_}; }
  uint32_t capacity() const { return capacity_; }
  // How many tasks the last run wanted to place: more than the capacity if some were dropped. Valid until the next run.
  const uint32_t* pushed() const { return &state_.data()->reserved; }

 private:
  Buffer<WorkQueueState> state_;
  Buffer<Task> tasks_;
  Buffer<uint32_t> ready_;
  uint32_t capacity_;
};

}  // namespace rustg::device
