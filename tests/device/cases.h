// The cases of cases.def: templates over the queue, defined in *.pass.h and instantiated for each device as any pass is.
#pragma once
#include "device/cpu/queue.h"
#include "device/cuda/queue.h"

namespace rustg::device {

#define CASE(name)       \
  template <class Queue> \
  void name(Queue& queue);
#include "device/cases.def"
#undef CASE

}  // namespace rustg::device
