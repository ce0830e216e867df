#include <poll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "runtime/wasi/clock.h"
#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {
namespace {

constexpr uint32_t kMaxSubscriptions = 1u << 16;

uint64_t now(clockid_t clock) {
  timespec time;
  ::clock_gettime(clock, &time);
  return nanoseconds(time);
}

// One subscription, and what is known of it.
struct Waiting {
  Subscription subscription;
  bool ready = false;
  Event event{};
  clockid_t clock = CLOCK_MONOTONIC;
  uint64_t deadline = 0;  // of a clock
  int poll_index = -1;    // of a file descriptor that is to be waited for

  void finish(Errno error = Errno::success) {
    ready = true;
    event.error = error;
  }
};

void begin_clock(Waiting& waiting) {
  constexpr uint16_t kAbsolute = 1;
  const Subscription& subscription = waiting.subscription;
  if (subscription.id > uint32_t(Clock::monotonic))
    return waiting.finish(linux_clock(subscription.id) ? Errno::notsup : Errno::inval);
  waiting.clock = *linux_clock(subscription.id);
  const uint64_t start = subscription.flags & kAbsolute ? 0 : now(waiting.clock);
  if (__builtin_add_overflow(start, subscription.timeout, &waiting.deadline)) waiting.deadline = UINT64_MAX;
}

void begin_descriptor(const Context& context, Waiting& waiting, std::vector<pollfd>& polls) {
  const bool reads = waiting.subscription.type == EventType::fd_read;
  Errno error;
  const Descriptor* descriptor = context.find(waiting.subscription.id, rights::kPollFdReadwrite, error);
  if (!descriptor) return waiting.finish(error);
  if (descriptor->handle->fd < 0) return waiting.finish();  // a virtual stream
  waiting.poll_index = int(polls.size());
  polls.push_back({descriptor->handle->fd, short(reads ? POLLIN : POLLOUT), 0});
}

void finish_descriptor(Waiting& waiting, const pollfd& poll) {
  constexpr uint16_t kHangup = 1;
  if (poll.revents == 0) return;
  waiting.finish(poll.revents & POLLNVAL ? Errno::badf : Errno::success);
  int bytes = 0;
  if (waiting.subscription.type == EventType::fd_read && ::ioctl(poll.fd, FIONREAD, &bytes) == 0)
    waiting.event.bytes = uint64_t(std::max(bytes, 0));
  if (poll.revents & (POLLHUP | POLLERR)) waiting.event.flags = kHangup;
}

}  // namespace

Errno poll_oneoff(Context& context, Poll poll, U32 events) {
  if (poll.count == 0) return Errno::inval;
  if (poll.count > kMaxSubscriptions) return Errno::nomem;
  std::vector<Waiting> all(poll.count);
  std::vector<pollfd> polls;
  for (uint32_t i = 0; i < poll.count; ++i) {
    Waiting& waiting = all[i];
    std::memcpy(&waiting.subscription, poll.subscriptions + sizeof(Subscription) * i, sizeof(Subscription));
    waiting.event.userdata = waiting.subscription.userdata;
    waiting.event.type = waiting.subscription.type;
    switch (waiting.subscription.type) {
      case EventType::clock: begin_clock(waiting); break;
      case EventType::fd_read:
      case EventType::fd_write: begin_descriptor(context, waiting, polls); break;
      default: return Errno::inval;
    }
  }

  uint32_t count = 0;
  while (count == 0) {
    uint64_t wait = UINT64_MAX;
    for (const Waiting& waiting : all) {
      if (waiting.ready) wait = 0;
      if (waiting.ready || waiting.subscription.type != EventType::clock) continue;
      const uint64_t time = now(waiting.clock);
      wait = std::min(wait, waiting.deadline > time ? waiting.deadline - time : 0);
    }
    const timespec timeout{time_t(wait / kSecond), long(wait % kSecond)};
    if (::ppoll(polls.data(), polls.size(), wait == UINT64_MAX ? nullptr : &timeout, nullptr) < 0) {
      if (errno == EINTR) continue;
      return last_error();
    }
    for (Waiting& waiting : all) {
      if (!waiting.ready && waiting.poll_index >= 0) finish_descriptor(waiting, polls[size_t(waiting.poll_index)]);
      if (!waiting.ready && waiting.subscription.type == EventType::clock && now(waiting.clock) >= waiting.deadline)
        waiting.finish();
      if (!waiting.ready) continue;
      std::memcpy(poll.events + sizeof(Event) * count, &waiting.event, sizeof(Event));
      ++count;
    }
  }
  events = count;
  return Errno::success;
}

}  // namespace rustg::runtime::wasi
