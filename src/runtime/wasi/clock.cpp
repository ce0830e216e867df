#include "runtime/wasi/clock.h"

#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {

Errno clock_res_get(Context&, uint32_t clock, U64 resolution) {
  auto id = linux_clock(clock);
  if (!id) return Errno::inval;
  timespec time;
  if (::clock_getres(*id, &time) != 0) return last_error();
  resolution = nanoseconds(time);
  return Errno::success;
}

Errno clock_time_get(Context&, uint32_t clock, uint64_t, U64 now) {
  auto id = linux_clock(clock);
  if (!id) return Errno::inval;
  timespec time;
  if (::clock_gettime(*id, &time) != 0) return last_error();
  now = nanoseconds(time);
  return Errno::success;
}

}  // namespace rustg::runtime::wasi
