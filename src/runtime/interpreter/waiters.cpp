#include "runtime/interpreter/waiters.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace rustg::runtime::waiters {

namespace {

struct Waiter {
  const uint8_t* at;
  std::condition_variable wake;
  bool woken = false;
};
// Addresses share a bucket's lock; the list is in the order of arrival.
struct Bucket {
  std::mutex mutex;
  std::list<Waiter*> waiters;
};
Bucket& bucket_of(const uint8_t* at) {
  static std::array<Bucket, 64> buckets;
  return buckets[reinterpret_cast<uintptr_t>(at) / 8 * 0x9e3779b97f4a7c15u >> 58];
}

}  // namespace

uint32_t wait(const uint8_t* at, uint64_t expected, int64_t timeout_ns, uint32_t width) {
  Bucket& bucket = bucket_of(at);
  std::unique_lock lock(bucket.mutex);
  const uint64_t value = width == 8 ? __atomic_load_n(reinterpret_cast<const uint64_t*>(at), __ATOMIC_SEQ_CST)
                                    : __atomic_load_n(reinterpret_cast<const uint32_t*>(at), __ATOMIC_SEQ_CST);
  if (value != (width == 8 ? expected : static_cast<uint32_t>(expected))) return 1;
  Waiter self{at, {}, false};
  bucket.waiters.push_back(&self);
  const auto woken = [&] { return self.woken; };
  // A wait of more than a century is one without end; the clock's arithmetic would overflow.
  constexpr int64_t kForever = int64_t{100} * 365 * 24 * 3600 * 1'000'000'000;
  if (timeout_ns < 0 || timeout_ns > kForever)
    self.wake.wait(lock, woken);
  else
    self.wake.wait_for(lock, std::chrono::nanoseconds(timeout_ns), woken);
  if (!self.woken) bucket.waiters.remove(&self);
  return self.woken ? 0 : 2;
}

uint32_t notify(const uint8_t* at, uint32_t count) {
  Bucket& bucket = bucket_of(at);
  const std::lock_guard lock(bucket.mutex);
  uint32_t woken = 0;
  for (auto it = bucket.waiters.begin(); it != bucket.waiters.end() && woken < count;) {
    Waiter* const waiter = *it;
    if (waiter->at != at) {
      ++it;
      continue;
    }
    it = bucket.waiters.erase(it);
    waiter->woken = true;
    waiter->wake.notify_one();
    ++woken;
  }
  return woken;
}

}  // namespace rustg::runtime::waiters
