// Tasks that are run as state machines, so that a device may step together those that are in the same state. docs/device.md tells how.
//
// A pass gives a Machine, plain data with
//   using Task, Context      Context: what a task keeps from step to step; plain words
//   kStates                  states are below this number, of 255 at most
//   kScratch                 bytes of memory for each task that is under way, a multiple of 16; 0: none
//   begin(task, push, scratch, context)          false: it is done already
//   state(context)                               the state that it is in
//   step(state, context, push, scratch)          false: it is done
//   run(task, push)                              all of it, where nothing is to be won by stepping
#pragma once
#include <cstdint>
#include <type_traits>

#include "device/memory.h"
#include "device/work_queue.h"

namespace rustg::device {

// `capacity`: tasks in one whole run, as for WorkQueue. Memory for as many at once as the device steps.
template <class Machine>
class Machines {
 public:
  using Task = typename Machine::Task;
  using Context = typename Machine::Context;
  static_assert(std::is_trivially_copyable_v<Context> && sizeof(Context) % sizeof(uint32_t) == 0);
  static_assert(Machine::kStates <= 255 && Machine::kScratch % 16 == 0);

  template <class Queue>
  Machines(Queue& queue, uint32_t capacity)
      : tasks_(queue, capacity),
        at_once_(queue.template machines_at_once<Machine>(capacity)),
        scratch_(queue.template allocate<uint8_t>(size_t(at_once_) * Machine::kScratch)) {}

  WorkQueue<Task>& tasks() { return tasks_; }
  uint32_t capacity() const { return tasks_.capacity(); }
  uint32_t at_once() const { return at_once_; }
  uint8_t* scratch() const { return scratch_.data(); }

 private:
  WorkQueue<Task> tasks_;
  uint32_t at_once_;
  Buffer<uint8_t> scratch_;
};

}  // namespace rustg::device
