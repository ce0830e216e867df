// WASI's clocks on Linux.
#pragma once
#include <cstdint>
#include <ctime>
#include <optional>

namespace rustg::runtime::wasi {

enum class Clock : uint32_t { realtime, monotonic, process_cputime, thread_cputime };

// None for a number that is no clock.
constexpr std::optional<clockid_t> linux_clock(uint32_t clock) {
  switch (Clock(clock)) {
    case Clock::realtime: return CLOCK_REALTIME;
    case Clock::monotonic: return CLOCK_MONOTONIC;
    case Clock::process_cputime: return CLOCK_PROCESS_CPUTIME_ID;
    case Clock::thread_cputime: return CLOCK_THREAD_CPUTIME_ID;
  }
  return std::nullopt;
}

constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t nanoseconds(const timespec& time) {
  return uint64_t(time.tv_sec) * kSecond + uint64_t(time.tv_nsec);
}

}  // namespace rustg::runtime::wasi
