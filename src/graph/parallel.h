// What building tables is made of: loops over all cores, and a search in what is sorted.
#pragma once
#include <tbb/parallel_for.h>

#include <cstddef>
#include <cstdint>

namespace rustg::graph {

// f(i) for all i < count. Ranges of about this many things are a task's.
constexpr size_t kGrain = 1 << 14;
template <class F>
void for_each(size_t count, F f) {
  tbb::parallel_for(tbb::blocked_range<size_t>(0, count, kGrain), [&](const tbb::blocked_range<size_t>& range) {
    for (size_t i = range.begin(); i != range.end(); ++i) f(i);
  });
}

// The first of `count` numbers for which `before` does not hold.
template <class Before>
uint32_t partition_point(uint32_t count, Before before) {
  uint32_t low = 0;
  while (low < count) {
    const uint32_t middle = low + (count - low) / 2;
    if (before(middle))
      low = middle + 1;
    else
      count = middle;
  }
  return low;
}

}  // namespace rustg::graph
