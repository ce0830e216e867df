// The vocabulary that passes, both queues and both devices share. docs/device.md is the page to read first.
#pragma once
#include <cstdint>
#include <stdexcept>

#include "base/hd.h"

namespace rustg::device {

// What a device's own runtime refused: out of memory, a launch that failed. Thrown by queues; the driver reports it.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How many items there are. `value` is in device memory, and null if there are exactly `bound`. A bound is enough to size a
// launch, so the host need not wait for the value; the work done goes with the value. A value above the bound counts as the
// bound: what did not fit is for the pass to notice (it wrote the value) and to report.
struct Count {
  const uint32_t* value = nullptr;
  uint32_t bound = 0;

  RUSTG_HD Count(uint32_t exactly) : bound(exactly) {}
  RUSTG_HD Count(const uint32_t* value, uint32_t bound) : value(value), bound(bound) {}
  // On the device (and on the CPU, anywhere).
  RUSTG_HD uint32_t get() const { return value == nullptr || *value > bound ? bound : *value; }
};

// A contiguous run of items that one core or one GPU lane goes through on its own.
struct Chunk {
  uint32_t begin, end;
};

// Two more arrays for a sort to work in, each with room for the bound of its length; none: it takes memory.
template <class Key>
struct SortRoom {
  Key* keys = nullptr;
  uint32_t* values = nullptr;
};

// Operators for scans and reductions. Any associative functor of two T will do; it need not commute.
struct Sum {
  template <class T>
  RUSTG_HD T operator()(const T& a, const T& b) const {
    return a + b;
  }
};
struct Max {
  template <class T>
  RUSTG_HD T operator()(const T& a, const T& b) const {
    return a < b ? b : a;
  }
};
struct Min {
  template <class T>
  RUSTG_HD T operator()(const T& a, const T& b) const {
    return b < a ? b : a;
  }
};

}  // namespace rustg::device
