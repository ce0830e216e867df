// The instance itself: arguments, environment, ending, randomness and giving way.
#include <sched.h>
#include <sys/random.h>

#include <cerrno>

#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {

Errno args_get(Context& context, StringsOut out) {
  context.args().write(out.list, out.bytes, out.address);
  return Errno::success;
}

Errno args_sizes_get(Context& context, U32 count, U32 length) {
  count = context.args().total_count();
  length = context.args().total_length();
  return Errno::success;
}

Errno environ_get(Context& context, StringsOut out) {
  context.environment().write(out.list, out.bytes, out.address);
  return Errno::success;
}

Errno environ_sizes_get(Context& context, U32 count, U32 length) {
  count = context.environment().total_count();
  length = context.environment().total_length();
  return Errno::success;
}

Ending proc_exit(Context&, uint32_t code) { return {Errno::success, code}; }

// A signal is for this instance, never for the process that many share. Its default action is taken: those that end a process end the
// instance with 128 + the signal's number on Linux, as a shell reports it.
Ending proc_raise(Context&, uint32_t signal) {
  constexpr int8_t kIgnored = 0, kStops = -1;
  // By WASI's number: none hup int quit ill trap abrt bus fpe kill usr1 segv usr2 pipe alrm term chld cont stop tstp ttin ttou urg xcpu
  // xfsz vtalrm prof winch poll pwr sys.
  constexpr int8_t kLinux[] = {kIgnored, 1,  2,  3,  4,  5,        6,        7,      8,      9,      10,
                               11,       12, 13, 14, 15, kIgnored, kIgnored, kStops, kStops, kStops, kStops,
                               kIgnored, 24, 25, 26, 27, kIgnored, 29,       30,     31};
  if (signal >= std::size(kLinux)) return {Errno::inval, {}};
  if (kLinux[signal] == kIgnored) return {Errno::success, {}};
  if (kLinux[signal] == kStops) return {Errno::notsup, {}};
  return {Errno::success, 128u + uint32_t(kLinux[signal])};
}

Errno random_get(Context&, Bytes bytes) {
  for (uint32_t done = 0; done < bytes.size;) {
    ssize_t got = ::getrandom(bytes.data + done, bytes.size - done, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return last_error();
    }
    done += uint32_t(got);
  }
  return Errno::success;
}

Errno sched_yield(Context&) {
  ::sched_yield();
  return Errno::success;
}

}  // namespace rustg::runtime::wasi
