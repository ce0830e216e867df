#include "device/cpu/queue.h"

#include <sched.h>
#include <sys/mman.h>
#include <tbb/info.h>

#include <cstdlib>

namespace rustg::device::cpu {

namespace {

class HostMemory : public Memory {
 public:
  ~HostMemory() override { release_kept(); }

 private:
  static constexpr size_t kHugePage = 2u << 20;

  void* system_allocate(size_t bytes) override {
    // Large arrays in huge pages: first touches are most of what a cold pass costs otherwise.
    bool large = bytes >= 2 * kHugePage;
    void* data =
        std::aligned_alloc(large ? kHugePage : 256, large ? (bytes + kHugePage - 1) / kHugePage * kHugePage : bytes);
    if (data != nullptr && large) madvise(data, bytes, MADV_HUGEPAGE);
    return data;
  }
  void system_release(void* data, size_t) override { std::free(data); }
};

// As many as oneTBB takes, which would load several libraries to tell: half a millisecond.
int processors() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : tbb::info::default_concurrency();
}

int threads_wanted(int threads) {
  if (threads > 0) return threads;
  if (const char* text = std::getenv("RUSTG_THREADS"); text != nullptr && std::atoi(text) > 0) return std::atoi(text);
  return processors();
}

}  // namespace

Queue::Queue(int threads)
    : threads_(threads_wanted(threads)),
      more_threads_(
          threads_ <= processors()
              ? nullptr
              : std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, threads_)),
      arena_(threads_),
      memory_(std::make_shared<HostMemory>()) {}

}  // namespace rustg::device::cpu
