// Host calls from lanes: one mailbox a resident lane, in pinned memory. A lane writes its call, posts a sequence number in its
// request word, rings its warp's doorbell, and polls its reply word; host threads poll the doorbells, serve every posted call of
// a warp in one go, and reply. The words of a warp lie together, so that 32 lanes' calls cost the bus as much as one.
//
//   box l: Mailbox (128 bytes), then `payload` bytes: buffers that the call reads and writes
//   requests[l], replies[l]: sequence numbers, equal when the lane is not waiting; doorbells[w]: any change means "look"
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

#include "runtime/cuda/atomics.h"

namespace rustg::runtime::cuda {

constexpr uint32_t kHostSlots = 9;  // path_open has the most parameters
constexpr uint32_t kWarp = 32;

struct alignas(128) Mailbox {
  uint32_t function;  // number of the host function in the program
  uint32_t instance;
  uint64_t
      printed;  // ring position after this instance's last record: served when everything before it has been drained
  uint64_t args[kHostSlots];
  uint32_t payload;  // bytes of the payload in use
  // The answer.
  uint32_t trap;
  uint32_t exit_code;
  uint32_t unused;
  uint64_t result;
};
static_assert(sizeof(Mailbox) == 128);

struct Mailboxes {
  uint8_t* boxes;
  uint64_t stride;  // bytes from one box to the next
  uint32_t payload;
  uint32_t* doorbells;
  uint32_t* requests;
  uint32_t* replies;
  const Control* control;

  RUSTG_HD Mailbox& box(uint32_t lane) const { return *reinterpret_cast<Mailbox*>(boxes + lane * stride); }
  RUSTG_HD uint8_t* buffer(uint32_t lane) const { return boxes + lane * stride + sizeof(Mailbox); }
};

// Post the call that `box(lane)` holds and wait for the answer in it. False: the wait had to end.
RUSTG_HD inline bool mailbox_call(const Mailboxes& mail, uint32_t lane, uint32_t& sequence) {
  sequence++;
  store_release(&mail.requests[lane], sequence);
  // Two lanes of a warp can overwrite each other's ring; whichever is seen, the host looks at all 32. The value has to differ
  // from what stood there before: the lane's number makes two lanes' values differ, the sequence one lane's.
  store_release(&mail.doorbells[lane / kWarp], sequence << 5 | (lane % kWarp));
  Patience patience{mail.control};
  while (load_acquire(&mail.replies[lane]) != sequence) {
    if (patience.tired()) return false;
  }
  return true;
}

#if !defined(__CUDA_ARCH__)

// The host's end; any number of threads call `poll`.
class MailboxHost {
 public:
  MailboxHost(Mailboxes mail, uint32_t lanes)
      : mail_(mail),
        warps_((lanes + kWarp - 1) / kWarp),
        lanes_(lanes),
        seen_(new std::atomic<uint32_t>[warps_]()),
        busy_(new std::atomic<bool>[warps_]()) {}

  // Serve every posted call found in one round over the warps, beginning at `from`: serve(lane, box). Returns how many. With
  // `everything` the doorbells are not trusted (a ring lost to another lane's); call so now and then.
  template <class Serve>
  uint32_t poll(uint32_t from, bool everything, Serve&& serve) {
    uint32_t served = 0;
    for (uint32_t i = 0; i < warps_; i++) {
      uint32_t warp = from + i < warps_ ? from + i : from + i - warps_;
      uint32_t bell = load_acquire(&mail_.doorbells[warp]);
      if (!everything && bell == seen_[warp].load(std::memory_order_relaxed)) continue;
      if (busy_[warp].exchange(true, std::memory_order_acquire)) continue;  // another thread is at it
      seen_[warp].store(load_acquire(&mail_.doorbells[warp]), std::memory_order_relaxed);
      uint32_t first = warp * kWarp, end = first + kWarp < lanes_ ? first + kWarp : lanes_;
      for (uint32_t lane = first; lane < end; lane++) {
        uint32_t request = load_acquire(&mail_.requests[lane]);
        if (request == mail_.replies[lane]) continue;
        serve(lane, mail_.box(lane));
        store_release(&mail_.replies[lane], request);
        served++;
      }
      busy_[warp].store(false, std::memory_order_release);
    }
    return served;
  }
  uint32_t warps() const { return warps_; }

 private:
  Mailboxes mail_;
  uint32_t warps_, lanes_;
  std::unique_ptr<std::atomic<uint32_t>[]> seen_;
  std::unique_ptr<std::atomic<bool>[]> busy_;
};

#endif

}  // namespace rustg::runtime::cuda
