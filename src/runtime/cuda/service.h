// The host while a kernel runs: threads that serve mailboxes, one that drains the ring, and a heartbeat. Knows nothing of the driver,
// so that tests can put host threads where the lanes are.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "runtime/cuda/mailbox.h"
#include "runtime/cuda/ring.h"
#include "runtime/host.h"

namespace rustg::runtime::cuda {

struct ServiceMemory {  // all pinned; the host's addresses
  Control* control;
  uint64_t* tail;
  uint8_t* ring;
  uint64_t ring_bytes;
  Mailboxes mail;
  uint32_t lanes;
};

struct ServiceHandlers {
  std::span<const HostFunctionPtr> host_functions;
  std::function<std::shared_ptr<void>(uint32_t instance)> make_context;
  // On the draining thread alone.
  std::function<void(uint32_t instance, uint32_t kind, std::span<const uint8_t> bytes)> on_record;
};

class Service {
 public:
  Service(const ServiceMemory& memory, ServiceHandlers handlers);
  ~Service() { stop(); }

  void start();
  // The same without threads, for runs of one lane: to be called again and again while it runs.
  void step();
  // To be called again and again while lanes run, at least every second.
  void heartbeat();
  // Every wait of a lane ends, its instance with `trap`.
  void abort(uint32_t trap);
  // All lanes have ended: hand over what is left in the ring, end the threads.
  void stop();
  uint64_t host_calls() const { return host_calls_.load(std::memory_order_relaxed); }
  // Bytes of the ring handed over so far.
  uint64_t drained() const { return reader_.position(); }

 private:
  struct Holder {  // whose context a lane's mailbox serves
    uint32_t instance = 0;
    std::shared_ptr<void> context;
  };
  void serve_loop(uint32_t thread, uint32_t threads);
  void drain_loop();
  void serve(uint32_t lane, Mailbox& box);

  ServiceMemory memory_;
  ServiceHandlers handlers_;
  RingReader reader_;
  MailboxHost mailboxes_;
  std::vector<Holder> holders_;  // by lane; a lane's calls are served one after another
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_ = false;
  std::atomic<uint64_t> host_calls_ = 0;
};

}  // namespace rustg::runtime::cuda
