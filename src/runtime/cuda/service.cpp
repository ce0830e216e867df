#include "runtime/cuda/service.h"

#include <algorithm>
#include <chrono>

namespace rustg::runtime::cuda {
namespace {

constexpr uint32_t kMaxServers = 16;

// Spin while there is work, then give the core away for longer and longer.
class Idle {
 public:
  void worked() { rounds_ = 0; }
  void rest() {
    rounds_++;
    if (rounds_ < 256) return;
    if (rounds_ < 4096) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(std::min<uint32_t>(rounds_ / 256, 200)));
    }
  }
  bool every(uint32_t n) const { return rounds_ % n == 0; }

 private:
  uint32_t rounds_ = 0;
};

}  // namespace

Service::Service(const ServiceMemory& memory, ServiceHandlers handlers)
    : memory_(memory),
      handlers_(std::move(handlers)),
      reader_(memory.ring, memory.ring_bytes, memory.tail),
      mailboxes_(memory.mail, memory.lanes),
      holders_(memory.lanes) {}

void Service::start() {
  stopping_ = false;
  uint32_t cores = std::max(2u, std::thread::hardware_concurrency());
  uint32_t servers = std::min({kMaxServers, cores - 1, mailboxes_.warps()});
  threads_.emplace_back([this] { drain_loop(); });
  for (uint32_t i = 0; i < servers; i++) threads_.emplace_back([this, i, servers] { serve_loop(i, servers); });
}

void Service::step() {
  reader_.drain(handlers_.on_record);
  host_calls_ += mailboxes_.poll(0, true, [this](uint32_t lane, Mailbox& box) {
    reader_.drain(handlers_.on_record);  // what it waits for is drained on this very thread
    serve(lane, box);
  });
}

void Service::heartbeat() { store_release(&memory_.control->heartbeat, memory_.control->heartbeat + 1); }

void Service::abort(uint32_t trap) { store_release(&memory_.control->abort, trap); }

void Service::stop() {
  stopping_ = true;
  for (std::thread& t : threads_) t.join();
  threads_.clear();
}

void Service::drain_loop() {
  Idle idle;
  for (;;) {
    // Read before the last look at the ring: what was committed before `stop` is seen by that look.
    bool last = stopping_.load(std::memory_order_acquire);
    if (reader_.drain(handlers_.on_record) != 0) {
      idle.worked();
    } else if (last) {
      return;
    } else {
      idle.rest();
    }
  }
}

void Service::serve_loop(uint32_t thread, uint32_t threads) {
  Idle idle;
  uint32_t from = static_cast<uint32_t>(uint64_t{mailboxes_.warps()} * thread / threads);
  while (!stopping_.load(std::memory_order_acquire)) {
    uint32_t served =
        mailboxes_.poll(from, idle.every(1024), [this](uint32_t lane, Mailbox& box) { serve(lane, box); });
    if (served != 0) {
      host_calls_.fetch_add(served, std::memory_order_relaxed);
      idle.worked();
    }
    idle.rest();
  }
}

void Service::serve(uint32_t lane, Mailbox& box) {
  // What the instance printed before this call has to be seen before it.
  while (reader_.position() < box.printed && load_acquire(&memory_.control->abort) == 0) std::this_thread::yield();
  Holder& holder = holders_[lane];
  if (holder.context == nullptr || holder.instance != box.instance) {
    holder.instance = box.instance;
    holder.context = handlers_.make_context(box.instance);
  }
  uint64_t args[kHostSlots];
  std::copy(std::begin(box.args), std::end(box.args), args);
  GuestMemory payload{memory_.mail.buffer(lane), box.payload};
  HostResult result = handlers_.host_functions[box.function](holder.context.get(), payload, args);
  box.trap = static_cast<uint32_t>(result.trap);
  box.exit_code = result.exit_code;
  box.result = args[0];
}

}  // namespace rustg::runtime::cuda
