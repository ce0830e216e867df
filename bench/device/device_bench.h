// The operations of the device layer, timed: declared for every queue, defined in operations.pass.h.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace rustg::bench {

struct Measurement {
  std::string operation;
  double items;    // a run goes over
  double bytes;    // that a run has to move, at least
  double seconds;  // the best run
};

// items: of the large inputs.
template <class Queue>
std::vector<Measurement> measure(Queue& queue, uint32_t items);

}  // namespace rustg::bench
