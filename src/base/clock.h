// Seconds by a clock that never goes back, to take the difference of two.
#pragma once
#include <chrono>

namespace rustg::base {

inline double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace rustg::base
